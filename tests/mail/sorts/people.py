"""People who write about absence, delivery and automatic answers in their own words: traps for every rule."""

# ruff: noqa: E501 - tables of samples read best unbroken

from tests.mail.sorts import COPY, DEAD, OURS, SENT, Sample, group, letter, parts

REPLY = f"In-Reply-To: {SENT}"


def person(
    name: str, *headers: str, body: str = "Hello, the door does not close.", may: bool = True, sender: str = ""
) -> Sample:
    """Return a sample of a person's mail."""
    more = {"sender": sender} if sender else {}
    return Sample(name, letter(*headers, body=body, **more), "human", may=may)


BOUNCE_TEXT = f"""I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<{OURS}>: host mail.acme.example said: 550 5.1.1 user unknown
"""

SAMPLES: list[Sample] = [
    person("plain", "Subject: The door"),
    person("asks-about-opening-hours", "Subject: When is your office closed for the holiday?"),
    person("out-of-office-hours", "Subject: Out of office hours number?"),
    person("out-of-office-hours-told", "Subject: Out of office hours the door stays locked"),
    person("answers-an-absence", "Subject: Re: Out of office cover", body="Who covers for Bob?"),
    person("answers-an-automatic-reply", "Subject: RE: Automatic reply: Your door", REPLY, body="Thanks, I can wait until you are back.\n\n> I am out of the office until Monday."),
    person("answers-an-absence-in-german", "Subject: AW: Automatische Antwort: Ihre Tür", REPLY, body="Danke, dann melde ich mich nächste Woche wieder."),
    person("the-product-has-automatic-replies", "Subject: Automatic reply does not work", body="The automatic reply of your app is never sent. Can you look?"),
    person("asks-how-to-set-absence", "Subject: How do I set an out of office message?", body="I am on vacation next week and want to set it."),
    person("holiday-in-the-order", "Subject: Delivery date", REPLY, body="We are on holiday until the 20th. Could you deliver after that?"),
    person("absence-of-a-child", "Subject: Absence of my daughter on Friday", body="Anna is ill and will not come to school."),
    person("absence-in-german", "Subject: Krankmeldung Montag", body="Ich bin am Montag abwesend, bitte den Termin verschieben."),
    person("holiday-booking", "Subject: Vacation rental in August", body="We would like to book the house. We are on vacation from 3 August."),
    person("urlaub-in-the-question", "Subject: Urlaubsantrag", body="Ich möchte im Urlaub meine Post umleiten. Wie geht das?"),
    person("signature-tells-of-leave", "Subject: Re: Your door", REPLY, body="It is mended, thank you!\n\n-- \nCarol\nI am on leave from 1 to 14 August."),
    person("leaves-the-case-to-another", "Subject: Re: Your door", REPLY, body="I am out of the office until Monday, but my colleague Dave has the key. When can you come?"),
    person("away-and-says-what-to-do", "Subject: Re: Your door", REPLY, body="I'm away on Tuesday. Please come on Wednesday at nine and ring at number 12."),
    person("failure-notice-of-a-machine", "Subject: Failure notice on my washing machine", body="It shows failure notice E12."),
    person("delivery-failure-of-a-parcel", "Subject: Delivery failure", body="My parcel did not come. The courier says that delivery failed because nobody was at home."),
    person("undelivered-parcel", "Subject: Undelivered order 4711", body="The order was not delivered. Tracking says returned to sender."),
    person("returned-to-sender", "Subject: Returned to sender", body="My parcel was returned to the sender. Why? The address is correct."),
    person("german-parcel", "Subject: Zustellung fehlgeschlagen", body="Das Paket konnte nicht zugestellt werden, obwohl ich zu Hause war."),
    person("tells-of-a-bounce", "Subject: Undeliverable mail", body="Every mail that I send to your sales address is undeliverable. I get a message from a mail server each time. What is wrong?"),
    person("tells-of-a-bounce-with-the-address", "Subject: My mails bounce", body=f"Hello, my mail to {OURS} could not be delivered yesterday. Did you get it?"),
    person("forwards-a-bounce", "Subject: Fwd: Undelivered Mail Returned to Sender", body=f"I get this when I write to you. Please help.\n\n---------- Forwarded message ---------\nFrom: Mail Delivery System <MAILER-DAEMON@mx.customer.example>\nSubject: Undelivered Mail Returned to Sender\n\n{BOUNCE_TEXT}"),
    person("forwards-a-bounce-in-german", "Subject: WG: Unzustellbar: Meine Anfrage", body=f"Können Sie mir sagen, was da los ist?\n\nVon: postmaster@customer.example\nBetreff: Unzustellbar: Meine Anfrage\n\n{BOUNCE_TEXT}"),
    person("pastes-a-bounce", "Subject: Mail problem", body=f"This came back today:\n\n{BOUNCE_TEXT}\nCan you check your server?"),
    person("answers-a-bounce-notice", "Subject: Re: Undelivered Mail Returned to Sender", REPLY, body=f"My address is dave@customer.example now. You wrote that {DEAD} was undeliverable."),
    person("new-address-of-a-colleague", "Subject: Re: Your door", REPLY, body=f"Your mail could not be delivered to Carol, she left us.\n\n{DEAD} is closed; please write to dave@customer.example."),
    person("speaks-of-550", "Subject: Invoice 550", body="Invoice 550 and invoice 5.1.1 are wrong, the amount is 550 00."),
    person("speaks-of-a-delay", "Subject: Delivery delayed", body="You wrote that the delivery is delayed. How long will it take?"),
    person("read-in-the-subject", "Subject: Read: please call me", body="Please call me about the door. Was my mail read?"),
    person("read-as-the-first-word", "Subject: Reading lamp", body="The lamp that was delivered is broken."),
    person("accepted-in-the-subject", "Subject: Accepted: your offer", body="We accept your offer. Please send the contract."),
    person("ticket-number-in-an-answer", "Subject: Re: [#48213] Your door", REPLY, body="Thanks. We have received the parts and will fit them tomorrow. Can you send the invoice to me?"),
    person("thanks-only", "Subject: Re: Your door", REPLY, body="Thank you for your message."),
    person("mentions-a-machine-answer", "Subject: Re: Your door", REPLY, body="I only got an automated message that told me nothing. Is anybody reading this?"),
    person("notice-as-a-word", "Subject: Notice of termination", body="I give notice for the end of the month."),
    person("norbert", "Subject: The door", sender="Norbert Plyer <norbert.plyer@customer.example>"),
    person("noreen", "Subject: The door", sender="Noreen Reply <noreen.reply@customer.example>"),
    person("root-as-a-name", "Subject: The door", sender="Jane Root <jane.root@customer.example>"),
    person("alert-as-a-name", "Subject: The door", sender="Albert Alerts <albert.alerts@customer.example>"),
    person("exchange-rule-passes-mail-on", "Subject: The door", "X-MS-Exchange-Inbox-Rules-Loop: carol@customer.example"),
    person("zimbra-user", "Subject: The door", "X-Mailer: Zimbra 9.0"),
    person("automatic-update", "Subject: Automatic update of the door controller", body="It failed. Please help."),
    person("auto-as-a-word", "Subject: Auto: Schlüssel verloren", body="Ich habe den Schlüssel für das Auto verloren."),
    person("asks-for-no-answers", "Subject: The door", "X-Auto-Response-Suppress: OOF", may=False),
    person("no-return-path", "Subject: The door", "Return-Path: <>", may=False),
    person("a-postmaster-in-person", "Subject: Your server's SPF record", body="Hello,\n\nyour SPF record is broken and our users ask for your mail. Could you mend it?\n\nDave", may=False, sender="Dave <postmaster@customer.example>"),
    Sample("a-parcel-company", letter("Subject: Delivery failed: we will try again tomorrow", "List-Unsubscribe: <mailto:x@parcels.example>", body="Your parcel could not be delivered because nobody was at home. The delivery attempt failed. We will try again.", sender="Parcels <info@parcels.example>"), "list"),
    Sample("a-parcel-company's-robot", letter("Subject: Zustellung fehlgeschlagen", body="Ihre Sendung konnte nicht zugestellt werden. Empfänger nicht angetroffen.", sender="Paketdienst <noreply@paket.example>"), "notice"),
    Sample("bounce-attached-by-a-person", parts("Subject: Fwd: Undeliverable: my request", kind="multipart/mixed", sections=[("Content-Type: text/plain", "See the attachment. What can I do?"), ("Content-Type: message/rfc822", COPY)]), "human", may=True),
    Sample("bounce-forwarded-with-its-parts", parts("Subject: Fwd: Delivery Status Notification (Failure)", kind="multipart/mixed", sections=[("Content-Type: text/plain", "I get this since Monday. Can you help?"), ("Content-Type: message/delivery-status; name=details.txt", group(recipient=OURS)), ("Content-Type: message/rfc822", COPY)]), "human", may=True),
]  # fmt: skip
