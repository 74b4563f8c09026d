"""Words of mail servers about delivery, in the languages in which they write."""

# ruff: noqa: E501 - tables of words read best unbroken

import re

from tickets.mail.phrases import Phrases, alternatives

SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*|\*{1,5}\s*|re:\s*(?=un)|(?:mail|message) system error\s*[-:]\s*)?\W{0,3}(?:"
    + "|".join(
        alternatives(r"""
undeliver(?:able|ed)\b | un-?delivered mail | undeliverable mail | nondeliverable | non[- ]?deliver(?:y|able) | not deliver(?:ed|able)\b
(?:e-?mail |mail |message )?delivery (?:has )?(?:failed|failure|error|problem|unsuccessful|impossible|rejected)
(?:e-?mail |mail |message )?delivery status(?: notification)?(?:\s*\((?:fail|err)|\s*:\s*(?:fail|err)|\s*$)
(?:e-?mail |mail |message )?delivery (?:of your message|notification: delivery has failed|warning|delayed|incomplete|subsystem)
delivery status notification\s*\(delay\) | delayed mail | delayed: | delivery delayed | delivery report
mail (?:delivery )?(?:system|subsystem|failed|failure|error|undeliverable|returned|rejected|delivery failed) | mail (?:was |has )?not delivered
fail(?:ed|ure) (?:notice|delivery|mail|e-?mail|notification|to deliver) | permanent(?: delivery)? (?:fail|error) | could not (?:be delivered|deliver)
returned (?:e-?mail|mail|message|to sender) | return(?:ed|ing)? (?:mail |message )?to sender | your (?:e-?mail|mail|message).{0,80}(?:could not be|cannot be|was not|not) deliver
message (?:undeliverable|could not be delivered|not delivered|delivery|status|rejected|delayed|blocked) | message you sent (?:blocked|was)
(?:sorry, )?your message (?:could not|cannot|was not) | there was an error sending your mail | mail could not be | unable to deliver
(?:automatically )?rejected mail | e-?mail rejected | warning: (?:could not send|message|mail|[^\s@]{1,64}@) | processing error | nameserver error report
the following (?:mail|message) | problem delivering | error (?:sending|delivering) | mail delivery | delivery failure | undelivered
unzustellbar | nicht zustellbar | nicht zugestellt | zustellung (?:fehlgeschlagen|nicht möglich|verzögert) | rückläufer | ihre (?:mail|nachricht).{0,60}nicht zugestellt | fehler bei der (?:zustellung|übermittlung) | übermittlungsfehler
onbestelbaar | niet (?:bezorgd|afgeleverd|bestelbaar) | bezorging (?:mislukt|vertraagd) | aflevering mislukt
non (?:remis|distribu|délivr) | échec (?:de|d')\s?(?:la )?(?:remise|distribution|livraison|envoi) | remise (?:impossible|retardée) | message non (?:remis|distribu) | notification d'échec
no (?:se puede|se pudo|se ha podido) entregar | no entregad | imposible (?:de )?entregar | error (?:de|en la) entrega | entrega (?:fallida|retrasada) | notificación de estado de entrega
mancat[oa] (?:recapito|consegna) | impossibile (?:recapitare|consegnare) | non (?:recapitabile|recapitato|consegnat) | recapito (?:non riuscito|ritardato)
não (?:entregue|foi possível entregar|é possível entregar) | falha na entrega | não entregável | entrega (?:atrasada|falhou)
niedostarcz | nie (?:można|udało się) dostarczyć | zwrot poczty | niedoręcz
не доставлен | недоставлен | не удается доставить | не удалось доставить | недоставк | ваше (?:сообщение|письмо) не (?:доставлен|может)
не вдалося доставити | не доставлено | недоставлен
kan (?:inte|ej) levereras | olevere?ra?rbart | oleverera | det går inte att leverera | gick inte att leverera | misslyckad leverans
kan ikke leveres | kunne ikke lever | ikke lever(?:et|t) | uleverbar | levering mislykkedes
ei (?:voi(?:tu|da)? toimittaa|toimitettavissa|toimitettu) | toimitus (?:epäonnistui|viivästyi) | toimittamaton | perille toimittamaton
nedoručiteln | nelze doručit | nedoručen | nedoručiteľn | kézbesíthetetlen | nem kézbesíthető | sikertelen kézbesítés | nelivrabil | imposibil de livrat | nepiegādājam | neįteiktin | neisporučiv | ni mogoče dostaviti | kohaletoimetamatu | δεν είναι δυνατή η παράδοση | αδύνατη η παράδοση | не може да се достави
teslim edil(?:emedi|emez|emiyor) | iletilemedi | gönderilemedi | không (?:gửi|thể gửi|gửi đi|chuyển) được | không thể (?:gửi|chuyển) | thư không gửi được
配信不能 | 配達不能 | 送信できませんでした | メールエラー | 未配信 | 返信不能 | 送信エラー | メッセージを配信できません | メッセージを配送できません
无法投递 | 无法传递 | 未送达 | (?:系统|系統|邮件)?退信 | 投递失败 | 無法傳遞 | 無法投遞 | 未傳遞 | 發送失敗 | 배달되지 않 | 배달할 수 없 | 전송 ?실패 | 반송 | 메일 전송 실패 | לא ניתן למס | تعذر (?:ال)?تسليم | utilisateur non recens
""")
    )
    + ")",
    re.IGNORECASE,
)
BODY = Phrases(r"""
this is the mail (?:system|delivery agent|server) at | this is the qmail-send program | this is the mailer-daemon | this message was created automatically by (?:the )?(?:mail|e-?mail|smail)
deliver(?:y|ed)? to the following recipients?(?:\(s\)|s)?.{0,30}(?:has |have )?(?:failed|been delayed) | delivery (?:has )?(?:failed|to these recipients)
(?:could not|couldn't|cannot|can't|can not|can not be|couldn’t) be delivered | (?:wasn't|wasn’t|was not|were not|not been|not) delivered | not be delivered | did not reach the following | could not be reached | unable to deliver | could not deliver
had (?:permanent )?(?:fatal |delivery )(?:errors|problems) | permanent (?:fatal )?(?:delivery )?(?:error|failure) | returned permanent errors | failed permanently | delivery errors
i(?:'m| am) afraid i wasn't able to deliver | i was unable to deliver | we were unable to deliver | trouble delivering | error (?:occurred|has occurred) while (?:trying|attempting) to deliver | error occurred while sending
address(?:es|\(es\))? failed | failed addresses follow | mail delivery failed | returned to (?:you|sender) | (?:mail|message) has been returned | message could not be sent | your message has been (?:blocked|rejected|returned)
delivery (?:attempts? )?failed | the following addresses? (?:had|failed|did not) | failure reasons | unknown recipient | recipient(?: address)? rejected | user unknown | unknown user | unknown address | invalid (?:user|recipient|address) | no such (?:user|recipient|mailbox|account|address) | no valid recipients | address not found | no matches to nameserver
mailbox (?:is )?(?:full|unavailable|not found|does not exist|disabled|exceeded) | over ?quota | quota exceeded | (?:account|mailbox) (?:is|has been) (?:disabled|inactive|suspended) | undeliverable | non-?deliver(?:y|able) | was automatically rejected | exceeded maximum delivery attempts | intended recipient:
konnte(?:n)? (?:leider )?nicht zugestellt | nicht zugestellt werden | unzustellbar | fehler bei der (?:zustellung|übermittlung) | zustellung an (?:folgende|diese) | folgende empf(?:ä|ae)nger | postfach (?:ist )?voll
n'a (?:pas|pu) (?:pu )?(?:être|etre|été) (?:remis|distribu|deliv|transmis|délivr) | n['’]a pas pu | échec de la remise | (?:la )?remise (?:à|a) (?:ces|ce|échoué) | n'existe pas | impossible de remettre
no se (?:ha podido|pudo|puede) entregar | no se entregó | error (?:en|de) la? ?entrega | (?:la )?entrega (?:a estos|ha fallado|falló) | no ha llegado a
non è stato possibile (?:consegnare|recapitare) | impossibile recapitare | (?:il )?recapito a(?:i)? (?:questi|seguenti) | non è stato recapitato
não (?:pôde|pode|foi possível) (?:ser )?entreg | (?:falha|falhou) na? entrega | a entrega (?:para|a) est | não foi entregue
(?:kon|kan) niet worden (?:bezorgd|afgeleverd) | niet (?:bezorgd|afgeleverd) | bezorging (?:aan deze|is mislukt) | is mislukt
kunde inte (?:levereras|skickas) | kan inte levereras | leveransen till (?:de här|följande) | kunne ikke leveres | levering til (?:disse|følgende) | ikke leveret | ikke levert | toimitus (?:näille|seuraaville|epäonnistui) | ei voitu toimittaa | voitu toimittaa
nie (?:została|mogła zostać|można było|udało się) dostarcz | nie można dostarczyć | dostarczenie (?:wiadomości )?do | не может быть доставлен | не удалось доставить | не было доставлен | не доставлен | ошибка доставки | не вдалося доставити | не може бути доставлен
nelze doručit | nebylo možné doručit | nebyla doručena | doručení (?:těmto|selhalo) | nem (?:lehetett|sikerült) kézbesíteni | nu a (?:putut fi|fost) livrat | teslim edilemedi | iletilemedi | không (?:gửi|chuyển) được | không thể (?:gửi|chuyển) | kohaletoimetamine nendele | δεν ήταν δυνατή η παράδοση
送信できませんでした | 配信できませんでした | 配達できませんでした | 配信に失敗 | 届きませんでした | エラーのため | 存在しないか | 被退回 | 无法(?:送达|投递|传递|发送) | 投递失败 | 無法(?:傳遞|投遞|送達) | 전송하지 못했 | 배달하지 못했 | 배달되지 | 배달할 수 없
""")
DELAY = Phrases(r"""
delivery status notification\s{0,3}\(delay\) | (?:message|mail|delivery|e-?mail).{0,60}(?:has been |have been |is |was )?(?:delayed|postponed|deferred) | still being retried | delay(?:ed)? in delivery
(?:will|we'll|'ll) (?:be )?(?:keep|kept|continue|retry|retried)(?: to)? (?:try|trying|attempt|deliver|retry|for) | will (?:be )?retr(?:y|ied) | (?:could|can) not send (?:message )?for past | delivery incomplete | not (?:yet )?been delivered (?:yet|because) | has not yet been delivered | delivery attempts will continue
this is a warning message only | this is just a warning | advisory-only | temporary (?:problem|error|failure) delivering | you do not need to (?:resend|take any action) | no action is required
verzögert(?:e|er|ung)? | vorübergehend nicht zugestellt | wird weiterhin versucht | retardé | différée | continuera d'essayer | retrasad | se seguirá intentando | ritardat | continuerà a | atrasad | continuará (?:tentando|a tentar) | vertraagd | blijft proberen | försenad | forsinket | viivästy | opóźni(?:ona|one|enie|ony) | задерж | отложен | zpožděn | gecik | bị trì hoãn | 遅延 | 延迟 | 延遲 | 지연
""")
FINAL = Phrases(r"""
permanent (?:fatal |delivery )*(?:error|failure) | failed permanently | (?:i've|i have|have|has) given up | giving up on | not going to try again | will not (?:be )?retr | no further (?:delivery )?attempt | in the queue too long | retry time(?:out)? | (?:has|message) expired | failed after
(?:has been|was|is being|been) returned | returning (?:message|mail) to sender | returned mail
endgültig | dauerhaft(?:er)? fehler | définitiv | definitivamente | ostatecznie | окончательн
""")
COPY_BEGINS = re.compile(
    r"^[ \t|>*#=_-]{0,80}(?:"
    + "|".join(
        alternatives(r"""
below this line is a copy | (?:this is |below is |included is |following is )?a? ?copy of (?:the|your)? ?(?:original |returned )?(?:message|mail)
(?:your |the )?original (?:message|mail|e-?mail) ?(?:headers?|follows?|was|begins|attached|as received|in full)? ?[:\-=]{0,80}\s*$ | the original (?:message|mail) (?:was received from|follows) | original message headers
(?:the )?(?:first \d{1,4} lines|headers?(?: and)?.{0,20}) of (?:the|your) original | header of the (?:original|source) | message (?:header|text|log) follows | the header and top | headers? (?:of|from) (?:the|your)
un(?:sent|delivered) message | returned (?:message|mail) | a summary of the undelivered | (?:begin )?forwarded message | ---- header
ursprüngliche (?:nachrichten?|kopf) | originalnachricht | kopfzeilen der | en-?têtes (?:de message )?d['’]origine | message d['’]origine | encabezados (?:de mensajes? )?originales | mensaje original | intestazioni (?:del messaggio )?original | messaggio originale | cabeçalhos? (?:de mensagens? )?origina | mensagem original | oorspronkelijke (?:bericht|kop) | ursprungliga meddelande | oprindelige (?:meddelelse|brev) | oryginaln | исходн | начало исходного | původní | sõnumi algpäised | alkuperäi
元のメッセージ | 原始邮件 | 原始郵件
""")
    )
    + r")|^(?:received|return-path|message-id|dkim-signature|x-originating-ip): ?",
    re.IGNORECASE | re.MULTILINE,
)
READ = re.compile(
    r"\s*(?:(?:read|gelesen|lu|lue?s?|leído|letto|lida?|gelezen|läst|læst|lest|luettu|przeczytan[aoe]|прочитан[оы]?|přečteno|okundu|đã đọc|已读|已讀|開封済み|읽음|"
    r"not read|ungelesen gelöscht|deleted|delivered|zugestellt|relayed)\s*[:：]|successful mail delivery|delivery status notification\s*\((?:success|relay)\)|"
    r"return receipt|lesebestätigung|accusé de (?:lecture|réception)|confirmación de lectura|ricevuta di ritorno|confirmação de leitura|ontvangstbevestiging)",
    re.IGNORECASE,
)  # fmt: skip
WAS_READ = Phrases(r"""
was (?:read|displayed|opened|successfully delivered|deleted without being read) | has been (?:read|displayed|delivered) | successfully delivered | return receipt | delivery to the following recipients? has been
wurde (?:am .{0,60})?(?:gelesen|angezeigt|zugestellt|ungelesen gelöscht) | a été (?:lu|affiché|remis) | se (?:ha )?leyó | ha sido leído | è stato (?:letto|visualizzato|recapitato) | foi lid[ao]
is (?:gelezen|weergegeven|afgeleverd) | har (?:lästs|visats|levererats) | blev læst | ble lest | został[ao]? (?:przeczytan|dostarczon) | было прочитано | было доставлено | byla přečtena
""")
