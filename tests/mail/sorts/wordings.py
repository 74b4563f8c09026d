"""The same sorts once more in the wording of many hands: written after the rules, to see what they miss."""

# ruff: noqa: E501 - tables of samples read best unbroken

from tests.mail.sorts import DEAD, SENT, Sample, letter

REPLY = f"In-Reply-To: {SENT}"
AUTOMATIC = ("auto_reply", "out_of_office", "delay")

AWAY = [  # no header tells it
    "Thanks for your email. I'm currently out of office and back on 14 July. For anything urgent please call the main line on 0123 456.",
    "Hi,\n\nThank you for your message. I am on annual leave until Tuesday 3rd June and will not have access to my emails. If your enquiry is urgent please contact reception@customer.example.",
    "I am away from my desk this week and will respond upon my return.",
    "Vielen Dank für Ihre Nachricht. Ich bin ab dem 12.05. wieder im Büro erreichbar. In dringenden Fällen wenden Sie sich bitte an Frau Weber.",
    "Guten Tag,\nich befinde mich bis einschließlich 22. August im Urlaub und habe keinen Zugriff auf meine E-Mails. Ihre Nachricht wird nicht weitergeleitet.",
    "Sehr geehrte Damen und Herren,\nich bin derzeit nicht im Hause. Bitte wenden Sie sich in dringenden Angelegenheiten an meine Vertretung.",
    "Bonjour,\nJe suis actuellement en congés et serai de retour le 2 septembre. Pour toute urgence, veuillez contacter l'accueil au 01 02 03 04 05.",
    "Absente du 3 au 10 mars, je prendrai connaissance de votre message à mon retour.",
    "Buenos días, me encuentro de vacaciones hasta el 20 de agosto. Para temas urgentes pueden escribir a info@customer.example.",
    "Estaré ausente de la oficina hasta el próximo lunes. Contestaré su correo a mi vuelta.",
    "Buongiorno, sono assente dall'ufficio fino al 25 agosto. Per urgenze potete contattare la collega Anna al numero 0123.",
    "Olá, estou de férias até dia 30 de agosto. Em caso de urgência, por favor contacte o colega João.",
    "Goedendag,\n\nVan 1 t/m 15 augustus ben ik met vakantie. Voor dringende vragen kunt u mailen naar info@customer.example.",
    "Dzień dobry, w dniach 1-14 sierpnia przebywam na urlopie. W sprawach pilnych proszę o kontakt z sekretariatem.",
    "Здравствуйте! С 1 по 14 августа я нахожусь в отпуске. По срочным вопросам пишите на info@customer.example.",
    "Доброго дня! До 15 серпня перебуваю у відпустці. З невідкладних питань телефонуйте колезі.",
    "Hej!\nJag har semester och är tillbaka den 12 augusti. Vid akuta ärenden ring växeln.",
    "Hej\nJeg har ferie til og med den 10. august. Ved hastesager kontakt venligst kollegaen Lars.",
    "Hei, jeg er på ferie og er tilbake mandag 12. august. Haster det, ta kontakt med sentralbordet.",
    "Hei,\nolen vuosilomalla 12.8. asti. Kiireellisissä asioissa voit ottaa yhteyttä vaihteeseen.",
    "Dobrý den, do 15. 8. čerpám dovolenou. V naléhavých případech se obraťte na kolegu Nováka.",
    "Merhaba, 15 Ağustos'a kadar yıllık izindeyim. Acil konular için lütfen ofisimizi arayınız.",
    "Xin chào, tôi đang trong kỳ nghỉ phép đến ngày 15/8. Trường hợp khẩn cấp vui lòng liên hệ anh Nam.",
    "お世話になっております。8月15日まで夏季休暇をいただいております。お急ぎの方は代表番号までお電話ください。",
    "您好，我目前正在休假，将于8月15日返回办公室。如有紧急事宜，请联系我的同事。",
    "Hej,\njag är tjänstledig till 1 september. Kontakta växeln vid brådskande ärenden.",
    "Ciao, sarò in ferie dal 5 al 20 agosto. Per emergenze chiamare il numero 0123.",
    "Cześć, jestem na urlopie do końca tygodnia. W pilnych sprawach dzwoń do Ani.",
    "Hello! I'm out on vacation right now with no access to email. For immediate assistance reach out to support@customer.example.",
    "Ich bin vom 1. bis 14. Juli außer Haus. E-Mails werden in dieser Zeit nicht gelesen und nicht weitergeleitet.",
    "Estou fora do escritório até sexta-feira. Em assuntos urgentes, ligue para o 912 345 678.",
    "Hola,\nestaré fuera de la oficina del 1 al 15 de agosto. En caso de urgencia llame al 900 123 123.",
    "Bonjour, je suis absent jusqu'au 15 mai inclus. Votre message ne sera pas lu. En cas d'urgence, écrivez à contact@customer.example.",
    "Thank you for getting in touch. I'm enjoying some time off and will be back at my desk on 2 June. Should your matter be urgent, kindly e-mail my colleague Eve.",
    "Guten Tag, ich bin zurzeit nicht am Platz und ab Montag wieder für Sie da. Eilige Anliegen richten Sie bitte an buero@customer.example.",
    "Bonjour, actuellement en vacances, je vous répondrai à mon retour le 20 août.",
    "Gracias por su mensaje. Estoy de vacaciones y no podré contestar hasta mi regreso el día 15.",
    "Grazie per il messaggio. Sono in ferie fino al 22 agosto e non leggerò la posta. Al mio rientro le risponderò.",
    "Dank voor je bericht. Ik ben op vakantie en lees geen mail. Na mijn terugkomst op 3 juni antwoord ik.",
    "Obrigado pelo contacto. Encontro-me de férias, regressando a 1 de setembro. Assuntos urgentes: contactar geral@customer.example.",
    "Dziękuję za wiadomość. Do 20 sierpnia jestem na urlopie. Odpowiem po powrocie.",
    "Спасибо за письмо. Сейчас я в отпуске, отвечу после возвращения 15 августа.",
    "Дякую за лист. Я у відпустці, відповім після повернення.",
    "Tack för ditt mejl. Jag är på semester och svarar när jag är tillbaka den 5 augusti.",
    "Tak for din mail. Jeg holder ferie og svarer, når jeg er tilbage den 5. august.",
    "Takk for e-posten. Jeg har ferie og svarer når jeg er tilbake.",
    "Kiitos viestistäsi. Olen lomalla ja vastaan palattuani 5.8.",
    "Děkuji za zprávu. Jsem na dovolené, odpovím po návratu.",
    "Mesajınız için teşekkürler. Tatildeyim, döndüğümde yanıtlayacağım.",
    "Cảm ơn bạn. Tôi đang nghỉ phép và sẽ trả lời khi trở lại.",
    "メールありがとうございます。現在休暇中のため、戻り次第ご返信いたします。",
    "感谢您的来信。我正在休假，回来后会尽快回复。",
    "메일 감사합니다. 현재 휴가 중이며 복귀 후 답변드리겠습니다.",
]
DECLARED = [  # a header tells that it is automatic, the words why
    "I will be back on Monday and will read your mail then. I'm off sick.",
    "Ich bin im Mutterschutz. Bitte schreiben Sie an das Team.",
    "Je suis en déplacement jusqu'à vendredi.",
    "Estoy de baja médica hasta nuevo aviso.",
    "Sono in trasferta fino a venerdì.",
    "Jestem na zwolnieniu lekarskim.",
    "Я на больничном до понедельника.",
    "Jag är föräldraledig.",
    "Ik ben met zwangerschapsverlof.",
    "Encontro-me ausente do escritório.",
    "Jeg er på barsel.",
    "Olen vanhempainvapaalla.",
    "Jsem na služební cestě.",
    "Şu anda ofiste değilim.",
    "ただいま出張中です。",
    "我正在出差。",
    "출장 중입니다.",
    "Tôi đang đi công tác.",
    "Dear sender, I am presently on a business trip and will be able to answer only from 5 May. Kind regards, Carol",
]
PEOPLE = [  # answers to us in which words of absence or of machines occur
    "I was on vacation last week, so I only saw your mail today. The door is fixed now, thanks.",
    "Hello, we are closed for holidays from 1 to 14 August. Please deliver the door on the 16th. The caretaker will be there at eight.",
    "Ich bin ab Montag im Urlaub. Bitte schicken Sie den Techniker noch diese Woche, am besten Donnerstag um zehn.",
    "Je serai absent mardi, merci de passer mercredi matin. Le code de l'immeuble est 12A4.",
    "Das ist eine automatische Tür, die nicht mehr schließt. Bitte kommen Sie.",
    "This is an automated door. It was generated a lot of noise.",
    "Ik ben niet aanwezig op vrijdag. Kan de monteur op donderdag komen?",
    "Please do not reply to my old address any more, use this one.",
    "Diese Nachricht wurde an meinen Vermieter weitergeleitet. Er meldet sich bei Ihnen.",
    "Hola, la puerta automática no cierra. Este es un problema automático de cada invierno.",
    "My out of office reply still says I am away. I am back since Monday and can take the appointment on Friday.",
    "Solo he recibido una respuesta automática y nadie me ayuda. Espero su llamada.",
    "J'ai reçu une réponse automatique de votre part mais personne ne m'a rappelé.",
    "Ich habe bisher nur eine automatische Antwort bekommen. Bitte melden Sie sich.",
    "Ho ricevuto solo un messaggio automatico. Attendo una risposta.",
    "Otrzymałem tylko automatyczną wiadomość, proszę o kontakt.",
    "Мне пришло только автоматическое письмо, жду ответа.",
    "I'll be on leave next week so let's do it before Friday. Nine o'clock suits me.",
    "The technician was out of the office when I called, nobody called back. This is urgent, please call me on 0123.",
    "I'm travelling on business until Thursday. Leave the parcel with my neighbour at number 7, please.",
    "Sorry for the late answer, I was on sick leave. Yes, please go on.",
    "My wife is on maternity leave and at home all day, the technician can come any time.",
    "Bin bis 15 Uhr nicht erreichbar, danach gern telefonisch.",
    "Nous serons en vacances du 2 au 15 août, la porte doit être réparée avant. Merci de confirmer la date.",
    "Mi marido está de viaje, por eso le escribo yo. La puerta sigue rota.",
    "Jsem na dovolené od pátku, přijďte prosím ve čtvrtek.",
    "Отпуск у меня с пятницы, приезжайте в четверг.",
    "来週から休暇ですので、今週中に修理をお願いします。",
    "我下周休假，请这周来修。",
    "Your automatic reply says that nobody reads this box. Whom should I write to instead. Thanks.",
    "Thanks for contacting me. Your request from Monday was received here only today, sorry. The answer is yes.",
    "I forwarded your request to our accounting. The case has been opened with them, number 99123. They will pay by Friday.",
    "I will be on vacation until 20 May, therefore the door must be ready before. Let me know the price.",
    "Ich bin im Urlaub und lese gerade nur kurz Mails: Ja, bitte bestellen.",
    "Je suis en vacances mais joignable par téléphone. Vous pouvez commander la pièce.",
    "Sono in ferie, ma va bene: procedete pure con l'ordine.",
    "Estoy de vacaciones, pero mi vecina tiene la llave. Pueden venir el martes.",
    "Jestem na urlopie, ale klucz jest u sąsiada. Proszę przyjechać we wtorek.",
    "I'm out of the office tomorrow so call me on my mobile if it's urgent.",
    "Your colleague is on holiday, she wrote. Who looks after my case now, it is urgent. Please reply.",
    "I got your out of office. When you return please send the invoice. No hurry.",
]
OTHERS: list[tuple[str, list[str], str]] = [
    (
        "auto_reply",
        ["Subject: Thank you", "Auto-Submitted: auto-replied"],
        "Thanks, we got your mail and will answer within two days.",
    ),
    (
        "human",
        ["Subject: Re: [#48213] Your door", REPLY],
        "We have received the replacement door yesterday and it has the wrong colour. It should be white.",
    ),
    (
        "human",
        ["Subject: Re: [#48213] Your door", REPLY],
        "Thank you for contacting the manufacturer. They wrote to me that the part is out of stock. I would like my money back.",
    ),
    (
        "human",
        ["Subject: Mail delivery failed", "X-Mailer: Apple Mail (2.3654)"],
        "The mail that I sent to your invoice department was returned. The error was 550 5.1.1 user unknown. Please tell me the right address.",
    ),
    (
        "human",
        ["Subject: Undeliverable: quote 2214", "User-Agent: Mozilla Thunderbird"],
        "Hello support,\n\nyour colleague's mailbox seems to be full. My mail could not be delivered to:\n\nbob@acme.example\n\nPlease forward it.",
    ),
    (
        "human",
        ["Subject: Delivery failed", "X-Mailer: iPhone Mail (20A362)"],
        "Delivery: the courier came but nobody signed. Please send again.",
    ),
    (
        "human",
        ["Subject: Не доставлено", "X-Mailer: Mail.Ru Mailer 1.0"],
        "Здравствуйте, посылка не доставлена, трек-номер RB123. Где она находится",
    ),
    (
        "human",
        ["Subject: Non remis", "User-Agent: Roundcube"],
        "Bonjour, le colis n'a pas été remis. Merci de faire le nécessaire.",
    ),
    (
        "human",
        ["Subject: Read your terms", "X-Foo: 1"],
        "Read your terms again and I think I am right: the warranty was read to me on the phone.",
    ),
    (
        "human",
        ["Subject: Re: [#48213] Your door", REPLY],
        "The ticket 48213 was created by my husband. Please answer to me instead.",
    ),
    (
        "human",
        ["Subject: Error 550 5.1.1 on the door"],
        "Could not open the door today. Error 550 on the display, then 5.1.1. Photo attached.",
    ),
    (
        "human",
        ["Subject: New address"],
        "Hello,\nplease note our new delivery address: Main Street 5. Mail to carol@customer.example is no longer read.",
    ),
    (
        "human",
        ["Subject: Undeliverable", "X-Mailer: Microsoft Outlook 16.0"],
        "Hi team\n\nbob@acme.example\nsales@acme.example\n\nBoth addresses do not work for us. Please tell me which one does.",
    ),
    (
        "human",
        ["Subject: Re: Your door", REPLY, "From: Dave Systems <dave@customer.example>"],
        "The system administrator says our mail server rejects your mail, he will fix it.",
    ),
    (
        "human",
        ["Subject: Delivery problem"],
        "Delivery has failed twice now. Please send the door again to carol@customer.example's office, Main Street 5.",
    ),
    (
        "human",
        ["Subject: Bounce castle", "From: Eve <bounce.castle@customer.example>"],
        "Bounce house for the party: is it available on Saturday",
    ),
    ("human", ["Subject: Read receipts"], "Read receipt was requested by your mail, is that allowed under GDPR"),
    ("human", ["Subject: unsubscribe"], "Please remove me from the mailing list."),
    (
        "human",
        ["Subject: Abwesenheitsnotiz wird nicht verschickt"],
        "Hallo, meine Abwesenheitsnotiz wird nicht verschickt. Ich habe sie gestern eingerichtet.",
    ),
    ("human", ["Subject: Problème de message d'absence"], "Bonjour, mon message d'absence ne fonctionne pas."),
    (
        "human",
        ["Subject: Cleaning while out of office on Friday"],
        "We need the office cleaned while the team is out of office on Friday.",
    ),
    (
        "human",
        ["Subject: Account while on vacation until May"],
        "Can my colleague use my account while I'm on vacation until May",
    ),
    ("out_of_office", ["Subject: Out of office: Your door", "X-Autoreply: yes"], "I no longer work here."),
    (
        "auto_reply",
        ["Subject: Re: Your door", "Auto-Submitted: auto-replied"],
        "Bob no longer works for Customer Ltd. Please write to info@customer.example.",
    ),
    (
        "auto_reply",
        ["Subject: Re: Your door", "X-Auto-Response-Suppress: All", "X-MS-Exchange-Inbox-Rules-Loop: a@b.example"],
        "This mailbox is not monitored.",
    ),
    ("auto_reply", ["Subject: Re: Your door", "Precedence: auto_reply"], "Danke für Ihre Nachricht!"),
    (
        "auto_reply",
        ["Subject: Re: Your door [Demande 88123]", REPLY],
        "Merci, votre demande n° 88123 a bien été enregistrée. Nous reviendrons vers vous.",
    ),
    (
        "auto_reply",
        ["Subject: Your request #99231", REPLY],
        "We have received your request. A member of staff will reply. Your reference is #99231.",
    ),
    ("auto_reply", ["Subject: Re: Your door", REPLY], "Please do not reply to this email. Your message reached us."),
    (
        "bounce",
        ["Subject: Message rejected", "Return-Path: <>", "From: Mail Gateway <mailer-daemon@gw.customer.example>"],
        "Unfortunately, your message to the following recipient was rejected by our server:\n\ncarol@customer.example\n\nReason: 550 5.7.1 Blocked by policy",
    ),
    (
        "bounce",
        [
            "Subject: Fehler bei Ihrer Nachricht",
            "Return-Path: <>",
            "From: Mail Delivery System <MAILER-DAEMON@mx.customer.example>",
        ],
        "carol@customer.example: Der Empfänger ist unbekannt. 550 5.1.1",
    ),
    (
        "bounce",
        [
            "Subject: Delivery Status Notification",
            "Return-Path: <>",
            "From: Mail Delivery Service <postmaster@mx.customer.example>",
        ],
        "Hello, this is the mail server on mx.customer.example.\n\nI am sending you this message to inform you on the delivery status of a\nmessage you previously sent.\n\nDelivery to <carol@customer.example> failed: host unreachable, retry timeout exceeded",
    ),
    (
        "bounce",
        [
            "Subject: Delivery Status Notification (Failure)",
            "Return-Path: <>",
            "X-Failed-Recipients: carol@customer.example",
            "From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        ],
        "Message blocked\n\nYour message to carol@customer.example has been blocked. See technical details below for more information.\n\nThe response was:\n550 5.7.1 not authorized",
    ),
    (
        "bounce",
        ["Subject: Échec de distribution", "Return-Path: <>", "From: MAILER-DAEMON@smtp.fai.example"],
        "Votre message n'a pas pu être distribué à l'adresse suivante :\n\ncarol@customer.example\n\nL'adresse n'existe pas (550 5.1.1).",
    ),
    (
        "delay",
        [
            "Subject: Delivery Status Notification (Delay)",
            "Return-Path: <>",
            "From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        ],
        "There was a temporary problem delivering your message to carol@customer.example. We will retry for 46 more hours. You'll be notified if the delivery fails permanently.",
    ),
    (
        "delay",
        [
            "Subject: Delayed Mail (still being retried)",
            "Return-Path: <>",
            "From: Mail Delivery System <MAILER-DAEMON@mx.customer.example>",
        ],
        "Your message could not be delivered for 4 hours. It will be retried until it is 5 days old, then it will be returned to you.\n\n<carol@customer.example>: connect timed out",
    ),
    (
        "notice",
        ["Subject: Shipped", "Auto-Submitted: auto-generated", "From: Shop <shop@shop.example>"],
        "Your order 12 has been shipped.",
    ),
    (
        "notice",
        ["Subject: [forge] Issue 12", "From: Forge <notifications@forge.example>"],
        "A new comment on your issue.",
    ),
    (
        "list",
        [
            "Subject: Spring offers",
            "List-Unsubscribe: <mailto:a@b.example>",
            "Precedence: bulk",
            "From: Shop <news@shop.example>",
        ],
        "Our spring offers!",
    ),
    ("out_of_office", ["Subject: Abwesend bis 12.8.", "X-Autoreply: yes"], "Kind regards"),
    ("out_of_office", ["Subject: Automatic reply: Out of office - Your door"], "Kind regards"),
    (
        "out_of_office",
        ["Subject: AUTO: Carol Customer ist außer Haus (Rückkehr am 12.08.2025)", "Auto-Submitted: auto-replied"],
        "Ich kehre zurück am 12.08.2025.\n\nIch werde Ihre Nachricht nach meiner Rückkehr beantworten.",
    ),
    (
        "auto_reply",
        ["Subject: Re: Your door", "Auto-Submitted: auto-replied"],
        "Your mail was forwarded to the sales team.",
    ),
    ("auto_reply", ["Subject: Re: Your door", "X-Autoreply: yes"], "Hi, this address is retired."),
    (
        "human",
        ["Subject: Re: [#48213] Your door", REPLY],
        "The warranty claim was registered under number 88123 by the shop. They told me to write to you.",
    ),
    (
        "human",
        ["Subject: Your mails do not reach me"],
        "Our IT says: your domain is on a blocklist, 550 5.7.1. So your answers do not reach me. Please call.",
    ),
    ("human", ["Subject: Delivery status"], "Delivery Status please for order 4711."),
    ("human", ["Subject: Error sending form"], "Mail system error in your app: the button does nothing."),
    (
        "human",
        ["Subject: Error message"],
        "The following message appears when I open the door panel: recipient unknown.",
    ),
    (
        "human",
        ["Subject: Returned mail"],
        "Returned mail from the post office: your letter to Main Street 5 came back. New address: Main Street 7.",
    ),
    (
        "bounce",
        [
            "Subject: Delivery Status Notification (Failure)",
            "Return-Path: <>",
            "From: Mail Delivery System <MAILER-DAEMON@ironport.customer.example>",
        ],
        "The following message to <carol@customer.example> was undeliverable.\nThe reason for the problem:\n5.1.0 - Unknown address error 550-'5.1.1 unknown'",
    ),
    (
        "bounce",
        ["Subject: Undeliverable mail", "Return-Path: <>", "From: postmaster@customer.example"],
        "Your email to carol@customer.example was rejected due to having a domain present in the Barracuda Intent Block list. 550",
    ),
    (
        "bounce",
        ["Subject: Mancata consegna", "Return-Path: <>", "From: Mail Delivery System <mailer-daemon@pec.example>"],
        "Il messaggio non è stato recapitato ai seguenti destinatari:\n\n<carol@customer.example>: 552 5.2.2 casella piena",
    ),
]


def other(number: int, kind: str, headers: list[str], text: str) -> Sample:
    """Return a sample with headers of its own."""
    may = kind == "human"
    automatic = kind in AUTOMATIC or any(
        one in headers for one in ("Auto-Submitted: auto-generated", "Precedence: bulk")
    )
    recipients = (DEAD,) if kind in ("bounce", "delay") else None
    return Sample(f"other-{number}", letter(*headers, body=text), kind, may, automatic, recipients)


SAMPLES: list[Sample] = [
    *(
        Sample(f"away-{n}", letter("Subject: Re: Your door", REPLY, body=text), "out_of_office", automatic=True)
        for n, text in enumerate(AWAY)
    ),
    *(
        Sample(
            f"declared-{n}",
            letter("Subject: Re: Your door", "Auto-Submitted: auto-replied", body=text),
            "out_of_office",
            automatic=True,
        )
        for n, text in enumerate(DECLARED)
    ),
    *(
        Sample(f"person-{n}", letter("Subject: Re: Your door", REPLY, body=text), "human", may=True)
        for n, text in enumerate(PEOPLE)
    ),
    *(other(n, *one) for n, one in enumerate(OTHERS)),
]
