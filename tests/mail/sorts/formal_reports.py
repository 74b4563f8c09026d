"""Reports with fields (RFC 3464, 8098, 5965): failures, delays, arrivals, receipts, complaints."""

# ruff: noqa: E501 - tables of samples read best unbroken

from tests.mail.sorts import COPY, DEAD, OURS, SENT, Sample, bounce, group, letter, parts, report

DAEMON = "Subject: Delivery Status Notification (Failure)"


def late(name: str, raw: bytes, **more: object) -> Sample:
    """Return a sample of a delivery that is still tried."""
    return Sample(name, raw, "delay", automatic=True, recipients=(DEAD,), permanent=False, **more)  # type: ignore[arg-type]


def arrived(name: str, raw: bytes, **more: object) -> Sample:
    """Return a sample of good news."""
    return Sample(name, raw, "receipt", automatic=True, permanent=False, **more)  # type: ignore[arg-type]


def seen(
    *headers: str,
    disposition: str = "manual-action/MDN-sent-manually; displayed",
    words: str = "Your mail was displayed.",
) -> bytes:
    """Return a notification that a mail was shown."""
    fields = f"Reporting-UA: mail.customer.example\nFinal-Recipient: rfc822;{DEAD}\nOriginal-Message-ID: {SENT}\nDisposition: {disposition}\n"
    sections = [("Content-Type: text/plain", words), ("Content-Type: message/disposition-notification", fields)]
    return parts(*headers, kind="multipart/report; report-type=disposition-notification", sections=sections)


def complaint(*headers: str, feedback: str = "abuse", sender: str = "feedback@provider.example") -> bytes:
    """Return a complaint through a feedback loop."""
    fields = f"Feedback-Type: {feedback}\nUser-Agent: Loop/1.0\nVersion: 1\nOriginal-Mail-From: <{OURS}>\n"
    sections = [
        ("Content-Type: text/plain", "This is a report."),
        ("Content-Type: message/feedback-report", fields),
        ("Content-Type: message/rfc822", COPY),
    ]
    return parts(*headers, kind="multipart/report; report-type=feedback-report", sections=sections, sender=sender)


AMAZON = "MAILER-DAEMON@eu-west-1.mailer.example"
TWO = group(recipient=DEAD) + "\nFinal-Recipient: rfc822; dave@customer.example\nAction: failed\nStatus: 5.2.2\n"
MIXED = (
    group("delivered", "2.0.0", recipient="dave@customer.example")
    + f"\nFinal-Recipient: rfc822; {DEAD}\nAction: failed\nStatus: 5.1.1\n"
)

SAMPLES: list[Sample] = [
    bounce("postfix", report("Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied", fields=group("failed", "5.1.1", f"Original-Recipient: rfc822;{DEAD}", "Diagnostic-Code: smtp; 550 5.1.1 unknown user"))),
    bounce("headers-only", report(DAEMON, fields=group(), copy_type="text/rfc822-headers")),
    bounce("a-delivery-service", report(DAEMON, sender=AMAZON, fields=f"Reporting-MTA: dsn; a1.smtp-out.mailer.example\n\nAction: failed\nFinal-Recipient: rfc822; {DEAD}\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\nStatus: 5.1.1\n")),
    bounce("hosted-mail", report("Subject: Delivery Status Notification (Failure)", f"References: {SENT}", sender="postmaster@outlook.provider.example", fields=group("failed", "5.2.2", "Diagnostic-Code: smtp;550 5.2.2 mailbox full"), copy=""), "5.2.2"),
    bounce("alias-that-leads-on", report(DAEMON, fields=group("failed", "5.1.1", f"Original-Recipient: rfc822; {DEAD}", recipient="old-carol@elsewhere.example"))),
    bounce("address-without-a-domain", report(DAEMON, fields=group("failed", "5.2.0", f"Original-Recipient: rfc822;{DEAD}", recipient="@gate.customer.example:carol@store")), "5.2.0"),
    bounce("two-recipients", report(DAEMON, fields=TWO), recipients=(DEAD, "dave@customer.example")),
    bounce("one-arrived-one-failed", report(DAEMON, fields=MIXED)),
    bounce("gave-up-after-days", report(DAEMON, fields=group("failed", "4.4.7")), "4.4.7", permanent=False),
    bounce("comment-in-the-status", report(DAEMON, fields=group("Failed (permanent)", "5.0.0 (permanent failure)")), "5.0.0"),
    bounce("status-is-an-smtp-code", report(DAEMON, fields=group("failed", "550", "Diagnostic-Code: 5.2.1 The account is disabled.")), "5.2.1"),
    bounce("status-missing", report(DAEMON, fields=f"Original-Recipient: <{DEAD}>\nAction: failed\nDiagnostic-Code: smtp; 550 Unknown user\n"), "5.0.0"),
    bounce("action-missing", report(DAEMON, fields=f"Final-Recipient: rfc822; {DEAD}\nStatus: 5.4.4\n"), "5.4.4"),
    bounce("action-misspelt", report(DAEMON, fields=group("failure", "5.5.3")), "5.5.3"),
    bounce("fields-in-disorder", report(DAEMON, fields=f"Diagnostic-Code: SMTP; 550 5.1.1 unknown\nStatus: 5.1.1\nFinal-Recipient: rfc822; {DEAD}\nAction: failed\n")),
    bounce("fields-as-text", report(DAEMON, fields=group(), fields_type="text/delivery-status")),
    bounce("international-fields", report(DAEMON, fields=group("failed", "5.1.1").replace("rfc822", "utf-8"), fields_type="message/global-delivery-status", copy_type="message/global")),
    bounce("fields-name-nobody", report(DAEMON, words=f"A message could not be delivered to:\n{DEAD}\n", fields="Reporting-MTA: dns; filter.customer.example\n"), ""),
    bounce("no-fields-at-all", report("Subject: Undelivered Mail Returned to Sender", words=f"<{DEAD}>: unknown user\n", fields="\n"), ""),
    bounce("outer-type-mixed", parts("Subject: Delivery Status", kind="Multipart/Mixed", sender="MAILER-DAEMON@gate.customer.example", sections=[("Content-Type: text/plain", f"--- The following addresses had delivery problems ---\n\n<{DEAD}> (unknown user)"), ("Content-Type: message/delivery-status", group()), ("Content-Type: message/rfc822", COPY)])),
    bounce("inside-another-mail", parts(DAEMON, kind="multipart/mixed; report-type=delivery-status", sender="MAILER-DAEMON@filter.customer.example", sections=[("Content-Type: message/rfc822", report(DAEMON, fields=group()).decode().replace("xyz", "inner"))])),
    bounce("own-subject-on-top", report("Subject: Your door", sender="<>", fields=group("failed", "5.0.0", "Diagnostic-Code: smtp; 554 refused")), "5.0.0"),
    late("postfix-delay", report("Subject: Delayed Mail (still being retried)", fields=group("delayed", "4.4.1", "Will-Retry-Until: Sat, 8 Mar 2025 09:00:00 +0100"), words="This is a warning message only."), about=SENT),
    late("exchange-delay", report("Subject: Delivery delayed: Your door", f"In-Reply-To: {SENT}", fields=group("delayed", "4.4.7"), copy=""), about=SENT),
    late("status-alone-says-later", report(DAEMON, fields=f"Final-Recipient: rfc822; {DEAD}\nStatus: 4.2.2\n")),
    late("gmail-delay-in-words", letter("Subject: Delivery Status Notification (Delay)", "Return-Path: <>", body=f"This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING MESSAGE ONLY.\n\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following recipient has been delayed:\n\n     {DEAD}\n\nMessage will be retried for 2 more day(s)\n", sender="Mail Delivery Subsystem <mailer-daemon@provider.example>")),
    late("exim-delay-in-words", letter("Subject: Warning: message 1abc-000 delayed 24 hours", "Return-Path: <>", body=f"This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\nThe address to which the message has not yet been delivered is:\n\n  {DEAD}\n\nNo action is required on your part. Delivery attempts will continue for some time.\n", sender="Mail Delivery System <Mailer-Daemon@mx.customer.example>")),
    late("full-mailbox-that-is-tried-again", letter("Subject: Mail Delivery Warning", body=f'This is an advisory-only email.\n\nDelivery of email to this address\n\n"{DEAD}"\n\nhas been postponed due to a full mailbox.\n\nWe will continue to try to deliver your message over the next few days.\n', sender="Postmaster <postmaster@customer.example>", )),
    late("german-delay-in-words", letter("Subject: Zustellung verzögert", "Return-Path: <>", body=f"Die Zustellung an folgende Empfänger ist verzögert und wird weiterhin versucht:\n\n{DEAD}\n", sender="Mail Delivery System <mailer-daemon@provider.example>")),
    arrived("delivered", report("Subject: Delivery Status Notification (Success)", fields=group("delivered", "2.0.0")), recipients=(DEAD,), about=SENT),
    arrived("relayed", report("Subject: Relayed: Your door", fields=group("relayed", "2.0.0")), recipients=(DEAD,)),
    arrived("expanded", report("Subject: Expanded: Your door", fields=group("expanded", "2.0.0")), recipients=(DEAD,)),
    arrived("status-alone-says-well", report("Subject: Successful Mail Delivery Report", fields=f"Final-Recipient: rfc822; {DEAD}\nStatus: 2.1.5\n")),
    arrived("delivered-in-words", letter("Subject: Delivered: Your door", body=f"Your message was successfully delivered to the following recipients:\n\n{DEAD}\n", sender="postmaster@customer.example")),
    arrived("read-in-outlook", seen("Subject: Read: Your door"), about=SENT, reason="reached"),
    arrived("read-in-thunderbird", seen("Subject: Return Receipt (displayed) - Your door", words="This is a Return Receipt for the mail that you sent."), about=SENT),
    arrived("read-in-german-outlook", seen("Subject: Gelesen: Ihre Tür", "Auto-Submitted: auto-replied"), about=SENT),
    arrived("deleted-unread", seen("Subject: Not read: Your door", disposition="automatic-action/MDN-sent-automatically; deleted", words="Your message was deleted without being read."), about=SENT),
    arrived("read-in-words", letter("Subject: Gelesen: Ihre Tür", f"In-Reply-To: {SENT}", body="Ihre Nachricht\n\n   An: Carol\n   Betreff: Ihre Tür\n\nwurde am Dienstag, 4. März 2025 09:00:00 gelesen.\n"), about=SENT),
    arrived("read-in-words-in-french", letter("Subject: Lu: Votre porte", f"In-Reply-To: {SENT}", body="Votre message\n\nÀ : Carol\nObjet : Votre porte\n\na été lu le mardi 4 mars 2025.\n"), about=SENT),
    Sample("complaint", complaint("Subject: complaint about message from 192.0.2.1"), "abuse", automatic=True, about=SENT),
    Sample("opt-out", complaint("Subject: FW: Your door", feedback="opt-out"), "abuse", automatic=True, about=SENT),
    Sample("forged-mail-report", complaint("Subject: DMARC report", feedback="auth-failure", sender="dmarc-noreply@provider.example"), "abuse", automatic=True),
    Sample("complaint-without-type", parts("Subject: complaint", kind="multipart/mixed", sender="fbl@provider.example", sections=[("Content-Type: text/plain", "Complaint."), ("Content-Type: message/feedback-report", "Feedback-Type: abuse\n")]), "abuse", automatic=True),
    Sample("complaint-as-hotmail-had-it", parts("Subject: complaint about message from 192.0.2.1", kind="multipart/mixed", sender="staff@provider.example", sections=[("Content-Type: message/rfc822", "X-HmXmrOriginalRecipient: carol@provider.example\n" + COPY)]), "abuse", automatic=True, about=SENT),
    Sample("x-arf", parts("Subject: abuse report", "X-XARF: PLAIN", kind="multipart/mixed", sender="report@provider.example", sections=[("Content-Type: text/plain", "Report"), ("Content-Type: text/plain; name=report.txt", "Report-Type: spam\n")]), "abuse", automatic=True),
]  # fmt: skip
