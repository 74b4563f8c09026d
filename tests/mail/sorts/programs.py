"""What programs send by themselves: absence, acknowledgements, notices, answers to invitations."""

# ruff: noqa: E501 - tables of samples read best unbroken

from tests.mail.sorts import OURS, SENT, Sample, letter, parts

GONE = "I am on vacation until Monday."
GOT_IT = "Thank you for your message. We have received your request and will get back to you."


def gone(name: str, *headers: str, body: str = GONE, subject: str = "Re: Your door", sender: str = "") -> Sample:
    """Return a sample of somebody who is away."""
    more = {"sender": sender} if sender else {}
    return Sample(name, letter(f"Subject: {subject}", *headers, body=body, **more), "out_of_office", automatic=True)


def answer(name: str, *headers: str, body: str = GOT_IT, subject: str = "We got your mail", sender: str = "") -> Sample:
    """Return a sample of an automatic answer."""
    more = {"sender": sender} if sender else {}
    return Sample(name, letter(f"Subject: {subject}", *headers, body=body, **more), "auto_reply", automatic=True)


def notice(
    name: str, *headers: str, sender: str = "Backup <backup@customer.example>", automatic: bool = True
) -> Sample:
    """Return a sample of a notice that nobody asked for."""
    return Sample(
        name,
        letter("Subject: Backup done", *headers, body="It took an hour.", sender=sender),
        "notice",
        automatic=automatic,
    )


def invitation(state: str, *headers: str, words: str = "", comment: str = "") -> bytes:
    """Return an answer to a calendar invitation."""
    event = f"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1\nSUMMARY:Door\nDTSTART:20250304T090000Z\nATTENDEE;PARTSTAT={state}:mailto:carol@customer.example\n{comment}END:VEVENT\nEND:VCALENDAR"
    sections = [
        ("Content-Type: text/plain; charset=utf-8", words),
        ("Content-Type: text/calendar; method=REPLY; charset=utf-8", event),
    ]
    return parts(*headers, kind="multipart/alternative", sections=sections)


SAMPLES: list[Sample] = [
    gone("exchange", "X-MS-Has-Attach:", "X-Auto-Response-Suppress: All", "X-MS-Exchange-Inbox-Rules-Loop: carol@customer.example", "Auto-Submitted: auto-generated", subject="Automatic reply: Your door"),
    gone("exchange-without-words-we-know-in-the-subject", "X-Auto-Response-Suppress: All", "X-MS-Exchange-Inbox-Rules-Loop: carol@customer.example"),
    gone("gmail", "Precedence: bulk", "X-Autoreply: yes", "Auto-Submitted: auto-replied"),
    gone("gmail-when-it-was-young", "Precedence: bulk", "X-Autoreply: yes", subject="vacation: Your door", body="Back soon."),
    gone("zimbra", "Auto-Submitted: auto-replied (zimbra; vacation)", "Precedence: bulk", "X-Mailer: Zimbra 9", body="Hello."),
    gone("sieve", 'Auto-Submitted: auto-replied; owner-email="carol@customer.example"', "X-Sieve: Pigeonhole"),
    gone("aol", "Auto-Submitted: auto-replied", subject="Re: Your door (Automatic Response)", body="I am away until Monday and unable to read your message."),
    gone("notes", subject="AUTO: Carol Customer is out of the office (returning 03/10/2025)", body="I am out of the office until 03/10/2025.\n\nNote: This is an automated response to your message \"Your door\"."),
    gone("unix-vacation", "Precedence: junk", "X-Mailer: vacation 1.2.7"),
    gone("unix-vacation-2", "Delivered-To: Autoresponder", "Precedence: bulk"),
    gone("gmx", "X-Autoreply: yes", subject="Abwesenheitsnotiz", body="Ich bin im Urlaub."),
    gone("kopano", "X-Kopano-Vacation: yes"),
    gone("null-return-path", "Return-Path: <>", subject="Re: Your door"),
    gone("comment-names-a-vacation", "Auto-Submitted: auto-replied (vacation)", body="I will read it later."),
    gone("subject-first-words", subject="I'm on vacation until 1 August", body="Ask Dave."),
    gone("hyphens", subject="out-of-office for now", body="Ask Dave."),
    gone("short-forms", subject="OOO: Your door", body="Ask Dave."),
    gone("list-prefix", subject="[EXTERNAL] Automatic reply: Your door", body="I am out of the office until Monday."),
    gone("parental-leave", "X-Auto-Response-Suppress: All", subject="Automatic reply: Your door", body="I am on parental leave until next year. Please write to my colleague."),
    gone("two-languages", subject="Automatische Antwort: Your door", body="(English below)\n\nIch bin bis zum 10. März außer Haus.\n\nI am out of the office until 10 March."),
    answer("auto-replied", "Auto-Submitted: auto-replied"),
    answer("auto-replied-rejected", "Auto-Submitted: auto-replied (rejected); owner-email=x"),
    answer("auto-notified", "Auto-Submitted: auto-notified"),
    answer("precedence", "Precedence: auto_reply"),
    answer("x-precedence", "X-Precedence: auto-reply"),
    answer("x-autorespond", "X-Autorespond: we got it"),
    answer("x-autoresponder", "X-Autoresponder: true"),
    answer("mailbox-rule", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent"),
    answer("nothing-but-the-subject", subject="Automatic reply: Your door", body="Thank you."),
    answer("auto-response", subject="Auto Response: Your door", body="Thank you."),
    answer("eingangsbestaetigung", subject="Eingangsbestätigung: Ihre Anfrage", body="Vielen Dank."),
    answer("apple-rule", subject="Risposta Non al computer: porta", body="Grazie."),
    answer("weak-subject-of-an-answer", f"In-Reply-To: {SENT}", subject="Auto: Your door", body="Thank you."),
    answer("body-says-so", f"In-Reply-To: {SENT}", subject="Re: Your door", body="This is an automated response. We will write soon."),
    answer("body-says-so-in-german", f"In-Reply-To: {SENT}", subject="Re: Ihre Tür", body="Diese Nachricht wurde automatisch erstellt. Bitte antworten Sie nicht auf diese E-Mail."),
    answer("body-says-so-in-french", f"In-Reply-To: {SENT}", subject="Re: Votre porte", body="Ceci est une réponse automatique. Merci de ne pas répondre."),
    answer("body-says-so-in-polish", f"In-Reply-To: {SENT}", subject="Re: Drzwi", body="Ta wiadomość została wygenerowana automatycznie. Prosimy nie odpowiadać."),
    answer("ticket-system", f"In-Reply-To: {SENT}", subject="[#48213] Your door", body="Hello,\n\nwe have received your request (48213). Our team will get back to you."),
    answer("ticket-system-in-german", f"References: {SENT}", subject="Re: Ihre Tür [Ticket#2025030410000012]", body="Guten Tag,\n\nIhre Anfrage ist bei uns eingegangen. Sie trägt die Nummer 2025030410000012."),
    answer("ticket-system-in-dutch", f"References: {SENT}", subject="Re: Uw deur (Melding 30412)", body="Beste klant,\n\nWe hebben uw bericht ontvangen."),
    answer("ticket-system-in-russian", f"References: {SENT}", subject="Re: Дверь [#30412]", body="Ваше обращение принято. Номер 30412."),
    notice("auto-generated", "Auto-Submitted: auto-generated"),
    notice("auto-generated-answer-of-a-ticket-system", "Auto-Submitted: auto-generated", f"In-Reply-To: {SENT}", "X-Auto-Response-Suppress: All"),
    notice("suppresses-all", "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply, All"),
    notice("x-loop-yes", "X-Loop: yes"),
    notice("cron", "X-Cron-Env: <SHELL=/bin/sh>", sender="root@host.customer.example"),
    notice("no-reply", sender="noreply@shop.example", automatic=False),
    notice("no-reply-with-a-tag", sender="no-reply+12@shop.example", automatic=False),
    notice("do-not-reply", sender="do_not_reply@shop.example", automatic=False),
    notice("german-no-reply", sender="nicht-antworten@shop.example", automatic=False),
    notice("french-no-reply", sender="ne-pas-repondre@boutique.example", automatic=False),
    notice("notifications", sender="notifications@forge.example", automatic=False),
    notice("web-server", sender="www-data@host.customer.example", automatic=False),
    notice("list-robot", sender="announce-request@lists.customer.example", automatic=False),
    Sample("invitation-accepted", invitation("ACCEPTED", "Subject: Accepted: Door"), "receipt", reason="accepts"),
    Sample("invitation-declined-by-a-calendar", invitation("DECLINED", "Subject: Declined: Door", "Sender: Calendar <calendar-notification@provider.example>", "Auto-Submitted: auto-generated", words="carol has declined this invitation."), "receipt", reason="declines"),
    Sample("invitation-answered-with-words", invitation("TENTATIVE", "Subject: Tentative: Door", words="Could we meet at ten instead?"), "human", may=True),
    Sample("invitation-answered-with-a-comment", invitation("DECLINED", "Subject: Declined: Door", words="", comment="COMMENT:Please come on Tuesday.\n"), "human", may=True),
    Sample("invitation-itself", invitation("NEEDS-ACTION", "Subject: Door").replace(b"METHOD:REPLY", b"METHOD:REQUEST").replace(b"method=REPLY", b"method=REQUEST"), "human", may=True),
    Sample("reply-to-is-ours", letter("Subject: Your door", f"Reply-To: {OURS}"), "human"),
]  # fmt: skip
