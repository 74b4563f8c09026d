"""Failed deliveries as mail servers put them into words, family by family."""

# ruff: noqa: E501 - what programs write is kept as they break it

from tests.mail.sorts import COPY, DEAD, OURS, SENT, Sample, bounce, letter, parts

DAEMON = "MAILER-DAEMON@mx.customer.example"
NULL = "Return-Path: <>"

POSTFIX = f"""This is the mail system at host mx.customer.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{DEAD}>: host mail.customer.example[192.0.2.7] said: 550 5.1.1
    <{DEAD}>: Recipient address rejected: User unknown (in reply to
    RCPT TO command)
"""
EXIM = f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {DEAD}
    host mail.customer.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{DEAD}>:
    550 5.7.1 relaying denied

------ This is a copy of the message, including all the headers. ------

{COPY}"""
SENDMAIL = f"""The original message was received at Tue, 4 Mar 2025 09:00:00 +0100
from mail.acme.example [192.0.2.1]

   ----- The following addresses had permanent fatal errors -----
<{DEAD}>
    (reason: 553 5.3.0 no such user)

   ----- Transcript of session follows -----
... while talking to mail.customer.example.:
>>> DATA
<<< 553 5.3.0 no such user
   ----- Original message follows -----

{COPY}"""
SENDMAIL_OLD = f"""   ----- Transcript of session follows -----
550 customer.example (smtp)... Host unknown

   ----- Unsent message follows -----
Received: by mx.customer.example; Tue, 4 Mar 2025 09:00:00 +0100
{COPY}"""
QMAIL = f"""Hi. This is the qmail-send program at mx.customer.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{DEAD}>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 unknown user
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <{OURS}>
{COPY}"""
QMAIL_LATE = f"""Hi. This is the qmail-send program at mx.customer.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{DEAD}>:
Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)
I'm not going to try again; this message has been in the queue too long.

--- Below this line is a copy of the message.

{COPY}"""
GMAIL_OLD = f"""Delivery to the following recipient failed permanently:

     {DEAD}

Technical details of permanent failure:
The error that the other server returned was: 550 550 5.1.1 no such person here (state 14).

----- Original message -----

{COPY}"""
GMAIL_NEW = f"""** Address not found **

Your message wasn't delivered to {DEAD} because the address couldn't be found, or is unable to receive mail.

The response was:
550 5.1.1 The email account that you tried to reach does not exist.
"""
EXCHANGE_2003 = f"""Your message did not reach some or all of the intended recipients.

      Subject:	Your door
      Sent:	04.03.2025 09:00

The following recipient(s) could not be reached:

      {DEAD} on 04.03.2025 09:01
            The e-mail account does not exist at the organization this message was sent to.
            <mx.customer.example #5.1.1 smtp;550 5.1.1 unknown>
"""
EXCHANGE_55 = f"""Your message

  To:      Carol
  Subject: Your door
  Sent:    Tue, 4 Mar 2025 09:00:00 +0100

did not reach the following recipient(s):

{DEAD} on Tue, 4 Mar 2025 09:00:05 +0100
    The recipient name is not recognized
"""
EXCHANGE_2010 = f"""Delivery has failed to these recipients or groups:

Carol<mailto:{DEAD}>
The recipient's mailbox is full and can't accept messages now. Please try again later.

Diagnostic information for administrators:

Generating server: mx.customer.example

{DEAD}
#550 5.2.2 STOREDRV.Deliver; mailbox full ##

Original message headers:

Received: from mail.acme.example (192.0.2.1) by mx.customer.example
Message-ID: {SENT}
"""
ONLINE = f"""Your message to {DEAD} couldn't be delivered.

carol wasn't found at customer.example.

help  Office 365  carol
Action Required  Recipient

Original Message Details
Created Date: 3/4/2025 9:00:00 AM
Sender Address: {OURS}
Recipient Address: {DEAD}
Subject: Your door

Error Details
Error: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
"""
YAHOO = f"""Sorry, we were unable to deliver your message to the following address.

<{DEAD}>:
554: 5.7.9: Message not accepted for policy reasons.

--- Below this line is a copy of the message.

{COPY}"""
YAHOO_OLD = f"""Message from customer.example.
Unable to deliver message to the following address(es).

<{DEAD}>:
This user doesn't have a customer.example account ({DEAD}) [0]

--- Original message follows.

{COPY}"""
DOMINO = f"""Your message

  Subject: Your door

was not delivered to:

  {DEAD}

because:

  User carol ({DEAD}) not listed in Domino Directory
"""
NOTES = f"""------- Failure Reasons  --------

User not listed in public Name & Address Book
{DEAD}

------- Returned Message --------

{COPY}"""
GMX = f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of
its recipients. This is a permanent error. The following address
failed:

"{DEAD}":
SMTP error from remote server after RCPT command:
host: mail.customer.example
5.1.1 <{DEAD}>... User Unknown

--- The header of the original message is following. ---

{COPY}"""
EINS_UND_EINS = f"""Diese Nachricht wurde automatisch von einer Mail-Software erzeugt.

Ihre Nachricht konnte nicht zugestellt werden. Dies ist ein dauerhafter Fehler.

Die folgende Adresse ist betroffen:

{DEAD}

Aus folgendem Grund:
550 5.1.1 Empfänger unbekannt

--- Kopfzeilen der Original-Nachricht folgen. ---

{COPY}"""
TELEKOM = f"""|------------------------- Failed addresses follow: ---------------------|
 <{DEAD}>
   552 5.2.2 <{DEAD}> Quota exceeded (mailbox for user is full)

|------------------------- Message header follows: ----------------------|
{COPY}"""
TELEKOM_LOG = f"""|------------------------- Message log follows: -------------------------|
 no valid recipients were found for this message
|------------------------- Failed addresses follow: ---------------------|
 {DEAD} ... unknown user
|------------------------- Message text follows: ------------------------|
{COPY}"""
MAIL_RU = f"""Это письмо создано автоматически сервером почты, отвечать на него не нужно.

К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:

  {DEAD}
    host mail.customer.example [192.0.2.7]: 550 5.1.1 user not found

Рекомендуем Вам проверить корректность указания адресов получателей.
"""
YANDEX = f"""Это письмо отправлено почтовым сервером.

К сожалению, мы вынуждены сообщить Вам о том, что Ваше письмо не может
быть отправлено одному или нескольким адресатам. Технические подробности ниже.

<{DEAD}>: host mail.customer.example[192.0.2.7] said: 550 5.7.1 Policy rejection
"""
COREMAIL = f"""抱歉，您的邮件被退回来了。
       主　题 Your door
       收件人 {DEAD}

      退信原因：
             英文说明:SMTP error, RCPT TO: Host customer.example(192.0.2.7) said 550 User not found
"""
EZWEB = f"""次のあて先へのメッセージはエラーのため送信できませんでした。

送信先メールアドレスが見つかりませんでした。

<{DEAD}>
"""
KDDI = f"""送信先のメールボックスが一杯のため、送信できませんでした。

Your mail sent on: Tue, 4 Mar 2025 09:00:00 +0900
     Could not be delivered to: <{DEAD}>
     As their mailbox is full.
"""
ZOHO = f"""This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.

{DEAD} Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 unknown user
"""
WORKMAIL = f"""An error occurred while trying to deliver the mail to the following recipients:
{DEAD}

Technical report:

Reporting-MTA: dns; smtp-out.mailer.example

Action: failed
Final-Recipient: rfc822; {DEAD}
Diagnostic-Code: smtp; 550 5.1.1 user unknown
Status: 5.1.1
"""
OPENSMTPD = f"""    Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this email.

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

{DEAD}: 550 5.1.1 no such user
dave@customer.example: 550 5.2.2 mailbox full

    Below is a copy of the original message:

{COPY}"""
MIMECAST = f"""This is a delivery failure notification message indicating that
an email you addressed to email address :
-- {DEAD}

could not be delivered. The problem appears to be :
-- Recipient email server rejected the message

Additional information follows :
-- 5.4.1 Recipient address rejected: Access denied
"""
MDAEMON = f"""The attached message had PERMANENT fatal delivery errors!

After one or more unsuccessful delivery attempts the attached message has
been removed from the mail queue on this server.

YOUR MESSAGE WAS NOT DELIVERED!

The following addresses did NOT receive a copy of your message:

> {DEAD}

--- Session Transcript ---
 RCPT To:<{DEAD}>
 550 5.1.1 no such mailbox
"""
SMTP32 = f"""Invalid final delivery userid: {DEAD}


Original message follows.

{COPY}"""
INTERSCAN = f"""****** Message from InterScan Messaging Security Suite ******

Sent <<< RCPT TO:<{DEAD}>
Received >>> 550 5.1.1 unknown user

Unable to deliver message to <{DEAD}>.

************************     End of message     **********************
"""
GROUPWISE = f"""The message that you sent was undeliverable to the following:
	{DEAD} (user not found)

Possibly truncated original message follows:

{COPY}"""
VTEXT = f"""Error: Invalid user address

Error message below:
550 - Requested action not taken: no such user here

Message details:
  Subject: Your door
  MAIL FROM: {OURS}
  RCPT TO: {DEAD}
"""
ZIMBRA = POSTFIX.replace("This is the mail system", "This is the mail system of the collaboration suite")
SIEVE = f"Your message to <{DEAD}> was automatically rejected:\nThe mailbox is closed.\n"


def told(subject: str, *headers: str, body: str, sender: str = f"Mail Delivery System <{DAEMON}>") -> bytes:
    """Return what a server wrote, with an empty return path."""
    return letter(f"Subject: {subject}", NULL, *headers, body=body, sender=sender)


def attached(subject: str, body: str, sender: str, *headers: str) -> bytes:
    """Return what a server wrote, with the returned mail as an attachment."""
    sections = [("Content-Type: text/plain; charset=utf-8", body), ("Content-Type: message/rfc822", COPY)]
    return parts(f"Subject: {subject}", *headers, kind="multipart/mixed", sections=sections, sender=sender)


SAMPLES: list[Sample] = [
    bounce("postfix", attached("Undelivered Mail Returned to Sender", POSTFIX, f"{DAEMON} (Mail Delivery System)")),
    bounce("zimbra", attached("Undelivered Mail Returned to Sender", ZIMBRA, f"{DAEMON} (Mail Delivery System)", "X-Mailer: Zimbra 9.0")),
    bounce("exim", told("Mail delivery failed: returning message to sender", f"X-Failed-Recipients: {DEAD}", "Auto-Submitted: auto-replied", body=EXIM), "5.7.1"),
    bounce("exim-without-its-header", told("Mail delivery failed: returning message to sender", body=EXIM), "5.7.1"),
    bounce("sendmail", told("Returned mail: see transcript for details", body=SENDMAIL), "5.3.0"),
    bounce("sendmail-5", told("Returned mail: Host unknown", body=SENDMAIL_OLD), "5.0.0"),
    bounce("qmail", told("failure notice", body=QMAIL, sender=DAEMON)),
    bounce("qmail-gave-up", told("failure notice", body=QMAIL_LATE, sender=DAEMON), "4.4.1", permanent=False),
    bounce("qmail-passed-a-list", letter("Subject: failure notice", "List-Id: <sales.acme.example>", "Precedence: bulk", body=QMAIL, sender=DAEMON)),
    bounce("gmail-before-2016", told("Delivery Status Notification (Failure)", f"X-Failed-Recipients: {DEAD}", body=GMAIL_OLD, sender="Mail Delivery Subsystem <mailer-daemon@provider.example>")),
    bounce("gmail-in-words", told("Delivery Status Notification (Failure)", f"In-Reply-To: {SENT}", body=GMAIL_NEW, sender="Mail Delivery Subsystem <mailer-daemon@provider.example>")),
    bounce("exchange-2003", told("Undeliverable: Your door", f"In-Reply-To: {SENT}", body=EXCHANGE_2003, sender="System Administrator <postmaster@customer.example>")),
    bounce("exchange-5.5", told("Undeliverable: Your door", f"References: {SENT}", body=EXCHANGE_55, sender="System Administrator <postmaster@customer.example>"), ""),
    bounce("exchange-2010", letter("Subject: Undeliverable: Your door", body=EXCHANGE_2010, sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customer.example>"), "5.2.2"),
    bounce("exchange-online", letter("Subject: Undeliverable: Your door", "X-MS-Exchange-Message-Is-Ndr:", "Auto-Submitted: auto-replied", f"In-Reply-To: {SENT}", body=ONLINE, sender="postmaster@customer.example"), "5.1.10"),
    bounce("exchange-online-hosted", letter("Subject: Undeliverable: Your door", f"In-Reply-To: {SENT}", body=ONLINE, sender="Microsoft Outlook <postmaster@customer.onmicrosoft.example>"), "5.1.10"),
    bounce("yahoo", letter("Subject: Failure Notice", body=YAHOO, sender="MAILER-DAEMON@provider.example"), "5.7.9"),
    bounce("yahoo-before-2012", letter("Subject: Delivery failure", "X-Loop: MAILER-DAEMON@provider.example", body=YAHOO_OLD, sender="MAILER-DAEMON@provider.example"), ""),
    bounce("domino", letter("Subject: DELIVERY FAILURE: User carol not listed in Domino Directory", f"References: {SENT}", body=DOMINO, sender="Postmaster@customer.example"), ""),
    bounce("notes", told("Undeliverable message", body=NOTES, sender="postmaster@customer.example"), ""),
    bounce("gmx", letter("Return-Path:", "Subject: Mail delivery failed: returning message to sender", body=GMX, sender="MAILER-DAEMON@provider.example")),
    bounce("german-host", letter("Subject: Ihre E-Mail konnte nicht zugestellt werden", body=EINS_UND_EINS, sender='"Mail Delivery System" <mailer-daemon@kundenserver.example>')),
    bounce("t-online", letter(f"X-Failed-Recipients: {DEAD}", "Subject: Mail delivery failed: returning message to sender", body=TELEKOM, sender="Mail Delivery System <Mailer-Daemon@provider.example>"), "5.2.2"),
    bounce("smail", told("mail failed, returning to sender", body=TELEKOM_LOG, sender=f"<{DAEMON}>"), ""),
    bounce("mail.ru", told("Ваше сообщение не доставлено. Mail failure.", f"References: {SENT}", body=MAIL_RU, sender="mailer-daemon@corp.provider.example")),
    bounce("yandex", told("Недоставленное сообщение", f"References: {SENT}", body=YANDEX, sender="mailer-daemon@provider.example"), "5.7.1"),
    bounce("coremail", letter("Subject: 系统退信", f"X-CM-Original-Message-ID: {SENT}", body=COREMAIL, sender="Postmaster@provider.example"), "5.0.0"),
    bounce("au", letter("Return-Path: <MAILER-DAEMON>", "Subject: Mail System Error - Returned Mail", f"References: {SENT}", body=EZWEB, sender="Postmaster@provider.example"), ""),
    bounce("kddi", attached("メールエラー通知", KDDI, "no-reply@provider.example"), ""),
    bounce("zoho", letter("Subject: Undelivered Mail Returned to Sender", f"In-Reply-To: {SENT}", body=ZOHO, sender="mailer-daemon@mail.provider.example")),
    bounce("workmail", attached("Undelivered Mail Returned to Sender", WORKMAIL, "mailer.example", "X-Mailer: WorkMail")),
    bounce("opensmtpd", told("Delivery status notification: error", body=OPENSMTPD, sender=f"Mailer Daemon <{DAEMON}>"), recipients=(DEAD, "dave@customer.example")),
    bounce("mimecast", letter("Subject: [Postmaster] Email Delivery Failure", f"References: {SENT}", body=MIMECAST, sender='"Mail Delivery System" <mailer-daemon@customer.example>'), "5.4.1"),
    bounce("mdaemon", attached("Permanent Delivery Failure", MDAEMON, "MDaemon@mail.customer.example", "Precedence: bulk")),
    bounce("mdaemon-warning", attached(f"Warning: {DEAD} - User unknown!", f"{DEAD} - no such user here.\n\nThere is no user by that name at this server.\n", "MDaemon@mail.customer.example"), ""),
    bounce("imail", letter("Subject: Undeliverable Mail", "X-Mailer: <SMTP32 v8.15>", body=SMTP32, sender='"Postmaster" <postmaster@customer.example>'), ""),
    bounce("virus-wall", attached("Mail could not be delivered", INTERSCAN, "imss@customer.example")),
    bounce("groupwise", letter("Subject: Message status - undeliverable", body=GROUPWISE, sender="<Mailer-Daemon@customer.example>"), ""),
    bounce("telephone-gateway", letter("Subject: Re: Your door", f"In-Reply-To: {SENT}", body=VTEXT, sender="post_master@gateway.example"), "5.0.0"),
    bounce("no-subject-we-know", attached("E", EXCHANGE_55, "System Administrator <postmaster@customer.example>", NULL), ""),
    bounce("nothing-but-an-address", attached("", f"customer.example.\n\n<{DEAD}>:\n", "MAILER-DAEMON@customer.example"), ""),
    bounce("only-the-copy-names-anybody", attached("Mail could not be delivered", "The mail could not be delivered.\n", DAEMON), ""),
    bounce("names-only-the-sender", letter("Subject: Mail Delivery Problem", f"In-Reply-To: {SENT}", body="Your mail to the following recipients could not be delivered because they do not accept mail from news@lists.acme.example:\n\tcarol77\n", sender=f"Mail Delivery Subsystem <{DAEMON}>"), "", recipients=()),
    bounce("sieve-rejects", parts("Subject: Automatically rejected mail", "Auto-Submitted: auto-replied (rejected)", NULL, kind="multipart/report; report-type=disposition-notification",
           sections=[("Content-Type: text/plain", SIEVE),
                     ("Content-Type: message/disposition-notification", f"Final-Recipient: rfc822; {DEAD}\nOriginal-Message-ID: {SENT}\nDisposition: automatic-action/MDN-sent-automatically; deleted\n")], sender="Mail Delivery Subsystem <admin@customer.example>"), ""),
]  # fmt: skip
