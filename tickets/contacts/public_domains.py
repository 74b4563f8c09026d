"""Domains where anybody gets an address: two people who write from one have nothing to do with each other.

A short list of our own: the providers that make up nearly all private mail in the countries we know. A library would
bring thousands of throw-away domains, which change weekly and hurt nobody here: a domain becomes a company's only when
a person says so, and this list stops the mistakes people really make. Add one where a customer asks.
"""

_DOMAINS = """
    126.com 163.com 1und1.de abv.bg aim.com alice.it aol.com aon.at arcor.de att.net azet.sk bbox.fr bigpond.com
    bk.ru bluewin.ch blueyonder.co.uk bol.com.br bredband.net btinternet.com casema.nl centrum.cz chello.at
    chello.nl citromail.hu club-internet.fr comcast.net comhem.se daum.net docomo.ne.jp eircom.net elisanet.fi
    email.com email.cz ezweb.ne.jp fastmail.com fastmail.fm foxmail.com free.fr freemail.hu freenet.de gazeta.pl
    gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hetnet.nl hey.com hispeed.ch home.nl
    hotmail.be hotmail.co.uk hotmail.com hotmail.com.br hotmail.de hotmail.dk hotmail.es hotmail.fr hotmail.it
    hotmail.nl hotmail.no hotmail.se i.ua icloud.com inbox.ru interia.pl kolumbus.fi kpnmail.nl kpnplanet.nl
    laposte.net libero.it list.ru live.be live.co.uk live.com live.de live.dk live.fr live.it live.nl live.no
    live.se luukku.com mac.com magenta.de mail.com mail.dk mail.ru mailbox.org me.com msn.com naver.com neuf.fr
    ntlworld.com numericable.fr o2.pl onet.pl online.de online.no optusnet.com.au orange.fr outlook.at outlook.be
    outlook.co.uk outlook.com outlook.de outlook.dk outlook.es outlook.fr outlook.it outlook.nl outlook.se
    passport.com planet.nl pm.me posteo.de posteo.net proton.me protonmail.ch protonmail.com proximus.be qq.com
    quicknet.nl rambler.ru rediffmail.com rocketmail.com rogers.com sapo.pt scarlet.be seznam.cz sfr.fr shaw.ca
    sina.com sky.com skynet.be sohu.com spray.se sunrise.ch suomi24.fi sympatico.ca t-online.de talktalk.net
    tele2.se telefonica.net telenet.be telia.com terra.com.br tin.it tiscali.it tuta.com tuta.io tutamail.com
    tutanota.com ukr.net uol.com.br upcmail.nl usa.com verizon.net virgilio.it virginmedia.com vodafone.de voo.be
    wanadoo.fr web.de wp.pl xs4all.nl xtra.co.nz ya.ru yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com
    yahoo.com.au yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yahoo.se yandex.com yandex.ru yeah.net ymail.com
    ziggo.nl zoho.com zohomail.com zohomail.eu
"""
PUBLIC_DOMAINS = frozenset(_DOMAINS.split())


def is_public(domain: str) -> bool:
    """Return whether anybody gets an address at this domain."""
    return domain in PUBLIC_DOMAINS
