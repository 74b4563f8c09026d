"""Write mail as a customer's mail program does: plain or with HTML, with files, with the original quoted."""

from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, getaddresses
from html import escape

from django.utils import timezone

from mailbox.simulator.clock import now
from mailbox.simulator.mail import reading
from mailbox.simulator.mail.transport import new_message_id
from mailbox.simulator.models import Account, Message

GMAIL_QUOTE = "margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"


@dataclass
class File:
    """A file to attach."""

    name: str
    content_type: str
    content: bytes


@dataclass
class Letter:
    """What a person wrote and to whom."""

    to: list[tuple[str, str]]
    subject: str
    text: str
    cc: list[tuple[str, str]] = field(default_factory=list)
    as_html: bool = False
    files: list[File] = field(default_factory=list)
    answers: Message | None = None
    quote_like: str = "gmail"  # gmail, outlook or none


def read_addresses(text: str) -> list[tuple[str, str]]:
    """Names and addresses out of a To field; what is no address is left out."""
    return [(name, at) for name, at in getaddresses([text.replace(";", ",")]) if "@" in at.strip("@")]


def paragraphs(text: str) -> str:
    """Plain text as simple HTML."""
    lines = [escape(line) or "<br>" for line in text.splitlines()]
    return "".join(f"<div>{line}</div>" for line in lines)


def compose(author: Account, letter: Letter) -> bytes:
    """The letter as RFC 5322."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = formataddr((author.name, author.address))
    message["To"] = [_address(pair) for pair in letter.to]
    if letter.cc:
        message["Cc"] = [_address(pair) for pair in letter.cc]
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(timezone.localtime(now()))
    message["Message-ID"] = new_message_id(author)
    if letter.answers and letter.answers.internet_message_id:
        message["In-Reply-To"] = letter.answers.internet_message_id
        message["References"] = f"{letter.answers.references} {letter.answers.internet_message_id}".strip()
    message["MIME-Version"] = "1.0"
    plain_quote, html_quote = quotation(letter)
    text = "\n".join(letter.text.rstrip().splitlines())  # a browser sends its own line ends
    message.set_content(text + "\n" + plain_quote, cte="quoted-printable")
    if letter.as_html:
        body = f'<div dir="ltr">{paragraphs(text)}</div>{html_quote}'
        message.add_alternative(f"<html><body>{body}</body></html>\n", subtype="html", cte="quoted-printable")
    for file in letter.files:
        main, _, sub = file.content_type.partition("/")
        if main in ("message", "multipart") or not sub:
            main, sub = "application", "octet-stream"
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return message.as_bytes()


def _address(pair: tuple[str, str]) -> Address:
    local, _, domain = pair[1].rpartition("@")
    return Address(pair[0], local, domain)


def quotation(letter: Letter) -> tuple[str, str]:
    """The original below the answer, as text and as HTML, the way Gmail or Outlook do it."""
    original = letter.answers
    if original is None or letter.quote_like == "none":
        return "", ""
    mail = reading.parse(original.raw)
    text = reading.text_of(mail).strip()
    html = reading.body_of(mail, "html") or paragraphs(text)
    when = timezone.localtime(original.received_at)
    who = formataddr((original.sender_name, original.sender_address))
    if letter.quote_like == "outlook":
        to = "; ".join(formataddr((name, at)) for name, at in original.recipients.get("to", []))
        head = [("From", who), ("Sent", f"{when:%A, %d %B %Y %H:%M}"), ("To", to), ("Subject", original.subject)]
        plain = "\n________________________________\n" + "".join(f"{name}: {value}\n" for name, value in head)
        rich = "".join(f"<b>{name}:</b> {escape(value)}<br>" for name, value in head)
        return f"{plain}\n{text}\n", f'<hr><div id="divRplyFwdMsg" dir="ltr">{rich}</div><div>{html}</div>'
    line = f"On {when:%a, %d %b %Y at %H:%M}, {who} wrote:"
    plain = f"\n{line}\n\n" + "".join(f"> {row}".rstrip() + "\n" for row in text.splitlines())
    rich = (
        f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(line)}<br></div>'
        f'<blockquote class="gmail_quote" style="{GMAIL_QUOTE}">{html}</blockquote></div>'
    )
    return plain, rich
