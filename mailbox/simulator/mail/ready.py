"""Mails that are ready to send, so that a newcomer sees how the desk takes the odd ones."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from mailbox.simulator.clock import now
from mailbox.simulator.mail.transport import new_message_id
from mailbox.simulator.models import Account

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f030005fe02fea735"
    "81840000000049454e44ae426082"
)
KINDS = {
    "question": ("A plain question", "mail"),
    "newsletter": ("A newsletter, with trackers", "image"),
    "away": ("Out of office", "state-snoozed"),
    "files": ("Ten attachments, 20 MB", "clip"),
    "bounce": ("A mail that came back", "block"),
    "broken": ("A broken one", "alert"),
}


def ready_mail(kind: str, author: Account, company: Account) -> bytes:
    """One of the ready mails, from this customer to this company."""
    if kind in ("broken", "bounce"):
        return {"broken": _broken, "bounce": _bounce}[kind](author, company)
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = formataddr((author.name, author.address))
    message["To"] = company.address
    message["Date"] = format_datetime(now())
    message["Message-ID"] = new_message_id(author)
    {"question": _question, "newsletter": _newsletter, "away": _away, "files": _files}[kind](message)
    return message.as_bytes()


def _question(message: EmailMessage) -> None:
    message["Subject"] = "Opening hours between Christmas and New Year"
    message.set_content("Hello,\n\nare you open on the 28th? I would like to come by with my order.\n\nThank you!\n")


def _newsletter(message: EmailMessage) -> None:
    message["Subject"] = "This week: three things worth knowing"
    message["List-Id"] = "<weekly.news.example>"
    message["List-Unsubscribe"] = "<https://news.example/unsubscribe?who=4711>"
    message["Precedence"] = "bulk"
    message.set_content("Three things worth knowing. Read them at https://news.example/\n")
    message.add_alternative(
        '<html><head><style>body{font-family:serif}</style><script>alert("no")</script></head><body>'
        '<h1 style="color:#245">Three things worth knowing</h1><p>First, second and third.</p>'
        '<p><a href="https://news.example/read?id=4711">Read on</a></p>'
        '<img src="https://tracker.news.example/open.gif?id=4711" width="1" height="1" alt="">'
        '<img src="https://news.example/banner.png" width="600" alt="A banner"></body></html>\n',
        subtype="html",
    )


def _away(message: EmailMessage) -> None:
    message["Subject"] = "Automatic reply: Your question"
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content("I am away until Monday and will answer then.\n")


def _files(message: EmailMessage) -> None:
    message["Subject"] = "The pictures you asked for"
    message.set_content("Ten files, as agreed on the telephone.\n")
    for number in range(1, 11):
        noise = (number.to_bytes(2, "big") + bytes(range(256)) * 4) * 2048
        message.add_attachment(PIXEL + noise, maintype="image", subtype="png", filename=f"picture {number}.png")


def _bounce(author: Account, company: Account) -> bytes:
    """A delivery report as mail servers write them."""
    date, identifier = format_datetime(now()), new_message_id(author)
    head = (
        f"From: Mail Delivery System <mailer-daemon@post.example>\r\nTo: {company.address}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nDate: {date}\r\nMessage-ID: {identifier}\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; "
        'report-type=delivery-status; boundary="report"\r\n\r\n'
    )
    told = f"The mail could not be delivered to {author.address}: the mailbox does not exist.\r\n"
    status = (
        "Reporting-MTA: dns; mx.post.example\r\n\r\n"
        f"Final-Recipient: rfc822; {author.address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
    )
    original = f"From: {company.address}\r\nTo: {author.address}\r\nSubject: Our answer\r\n"
    parts = [
        ("text/plain; charset=utf-8", told),
        ("message/delivery-status", status),
        ("text/rfc822-headers", original),
    ]
    body = "".join(f"--report\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in parts)
    return (head + body + "--report--\r\n").encode()


def _broken(author: Account, company: Account) -> bytes:
    """A mail with a charset nobody has, a boundary that never comes and bytes that are no text."""
    head = (
        f"From: {author.address}\r\nTo: {company.address}\r\nSubject: =?x-none?Q?Br=F6ken?= =?utf-8?B?!!!?=\r\n"
        f"Message-ID: {new_message_id(author)}\r\nDate: yesterday, about noon\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="never"\r\n\r\n'
        "--never\r\nContent-Type: text/plain; charset=x-none\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + b"VGhpcyB0ZXh0IGVuZHMgaW4gdGhlIG1pZGRsZQ=\xff\xfe\x00 not base64\r\n--neverland\r\n"
