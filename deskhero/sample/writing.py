"""From a step of a story to the mail as it arrives: RFC 5322, with the headers a real one has on its way in."""

import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path
from zoneinfo import ZoneInfo

from deskhero.sample.clients import CLIENTS, Client, Earlier, Sheet
from deskhero.sample.markup import pictures_of, to_plain
from deskhero.sample.pdf import paper, papers
from deskhero.sample.stories import Company, Step, fill_days, moment_of

_FILES = Path(__file__).parent / "files"
_REPLY = {"sv": "Sv: ", "nl": "Re: ", "de": "AW: ", "en": "Re: "}


@dataclass
class Thread:
    """What was said so far, as the customer's mail program knows it."""

    message_ids: list[str]
    latest: Earlier | None = None


def file_content(name: str) -> bytes:
    """Return a file that a mail carries: a paper made now, or a picture."""
    return paper(name) if name in papers() else (_FILES / name).read_bytes()


def message_id_of(company: Company, step: Step) -> str:
    """Return the Message-ID of a customer's mail; the same step on the same day always has the same."""
    seed = f"{company.key} {step.story.name} {step.number} {step.moment:%Y-%m-%d}"
    return f"<{hashlib.sha256(seed.encode()).hexdigest()[:28]}@{_domain(step.story.sender[1])}>"


def write_mail(company: Company, step: Step, to: tuple[str, str], thread: Thread) -> bytes:
    """Return the customer's mail of this step; the thread then knows it."""
    story = step.story
    moment = step.moment.astimezone(ZoneInfo(story.zone))
    mail = EmailMessage(policy=SMTP)
    client = CLIENTS[step.details.get("client", story.client)]
    subject = str(step.details.get("subject") or _subject(step, thread))
    _trace(mail, company, story.sender[1], to[1], moment)
    mail["From"] = _address(*story.sender)
    mail["To"] = _address(*to)
    if story.cc and not step.details.get("headers"):
        mail["Cc"] = [_address(*parseaddr(person)) for person in story.cc]
    mail["Subject"] = subject
    mail["Date"] = format_datetime(moment)
    mail["Message-ID"] = message_id_of(company, step)
    if thread.message_ids:
        mail["In-Reply-To"] = thread.message_ids[-1]
        mail["References"] = " ".join(thread.message_ids)
    if client.name:
        mail["X-Mailer"] = client.name
    for name, value in step.details.get("headers", {}).items():
        mail[name] = value
    _fill(mail, client, step, _earlier(company, step, thread))
    thread.message_ids.append(str(mail["Message-ID"]))
    body = mail.get_body(("plain",))
    text = to_plain(step.text) if body is None else str(body.get_content())
    thread.latest = Earlier(story.sender, formataddr(to), moment, subject, text.strip())
    return mail.as_bytes()


def _subject(step: Step, thread: Thread) -> str:
    return _REPLY[step.story.language] + step.story.subject if thread.message_ids else step.story.subject


def _earlier(company: Company, step: Step, thread: Thread) -> Earlier | None:
    if step.details.get("plain") or step.details.get("headers"):
        return None
    if (passed_on := step.details.get("forwarded")) is None:
        return thread.latest if thread.message_ids else None
    days = int(step.details["at"].split()[0])
    zone = ZoneInfo(company.zone)
    day = datetime.fromtimestamp(step.moment.timestamp() + days * 86_400, zone)
    return Earlier(
        parseaddr(passed_on["from"]),
        passed_on["to"],
        moment_of(passed_on["at"], day),
        passed_on["subject"],
        fill_days(passed_on["text"].strip(), step.story.language, day),
    )


def _fill(mail: EmailMessage, client: Client, step: Step, earlier: Earlier | None) -> None:
    story = step.story
    logo = story.logo if client.html and not step.details.get("plain") else ""
    pictures = [*pictures_of(step.text), *([logo] if logo else [])]
    sheet = Sheet(
        text=step.text,
        signature="" if step.details.get("plain") else story.signature,
        logo=logo,
        earlier=earlier,
        language=story.language,
        source=lambda name: f"cid:{_content_id(story.sender[1], name)}",
    )
    encoding = "8bit" if client.html is None else "quoted-printable"
    mail.set_content(client.plain(sheet) + "\n", charset=_charset(client, client.plain(sheet)), cte=encoding)
    if client.html is None:
        mail.set_param("format", "flowed")
    elif not step.details.get("plain"):
        written = client.html(sheet)
        mail.add_alternative(written, subtype="html", charset=_charset(client, written), cte="quoted-printable")
        _add_pictures(mail, pictures, story.sender[1])
    _add_files(mail, step.details.get("files", ()))


def _add_pictures(mail: EmailMessage, names: Sequence[str], sender: str) -> None:
    parts = mail.get_payload()
    assert isinstance(parts, list)  # noqa: S101 - multipart/alternative since the HTML was added
    for name in names:
        maintype, subtype = _type(name)
        where = {"cid": f"<{_content_id(sender, name)}>", "filename": name, "disposition": "inline"}
        parts[-1].add_related(file_content(name), maintype, subtype, **where)  # type: ignore[union-attr]


def _add_files(mail: EmailMessage, names: Sequence[str]) -> None:
    for name in names:
        maintype, subtype = _type(name)
        mail.add_attachment(file_content(name), maintype, subtype, filename=name)


def _charset(client: Client, text: str) -> str:
    """An office program writes Latin letters in one byte, and falls back when a sign does not fit."""
    try:
        text.encode(client.charset)
    except UnicodeEncodeError:
        return "utf-8"
    return client.charset


def _type(name: str) -> tuple[str, str]:
    maintype, _, subtype = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
    return maintype, subtype


def _content_id(sender: str, name: str) -> str:
    return f"{hashlib.sha256(name.encode()).hexdigest()[:12]}@{_domain(sender)}"


def _domain(address: str) -> str:
    return address.partition("@")[2]


def _address(name: str, address: str) -> MailAddress:
    return MailAddress(display_name=name, addr_spec=address)


def _trace(mail: EmailMessage, company: Company, sender: str, to: str, moment: datetime) -> None:
    mark = hashlib.sha256(f"{company.key}{sender}{moment}".encode()).hexdigest()[:12]
    mail["Return-Path"] = f"<{sender}>"
    mail["Received"] = (
        f"from out.{_domain(sender)} (out.{_domain(sender)} [192.0.2.{int(mark[:2], 16) % 254 + 1}]) "
        f"by mx.{_domain(to)} with ESMTPS id {mark}; {format_datetime(moment)}"
    )


def write_bounce(step: Step, mailbox: tuple[str, str], sent: bytes, moment: datetime) -> bytes:
    """Return what a mail server writes when our answer could not be delivered (RFC 3464)."""
    from email import message_from_bytes, policy

    original = message_from_bytes(sent, policy=policy.default)
    to, domain, why = step.story.sender[1], _domain(step.story.sender[1]), str(step.details["why"])
    boundary = "=_report_" + hashlib.sha256(sent).hexdigest()[:16]
    code = next(word for word in why.split() if word.count(".") == 2)
    heads = "".join(f"{name}: {original[name]}\r\n" for name in ("From", "To", "Subject", "Date", "Message-ID"))
    lines = [
        f"Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@{domain}>",
        f"To: {mailbox[1]}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(moment)}",
        f"Message-ID: <{hashlib.sha256(sent).hexdigest()[:20]}@mx.{domain}>",
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
        f"--{boundary}\r\nContent-Type: text/plain; charset=us-ascii\r\n",
        f"This is the mail system at host mx.{domain}.\r\n",
        f"Your message could not be delivered to {to}. The server there said:\r\n\r\n    {why}\r\n",
        f"--{boundary}\r\nContent-Type: message/delivery-status\r\n",
        f"Reporting-MTA: dns; mx.{domain}\r\nArrival-Date: {format_datetime(moment)}\r\n",
        f"Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: {code}\r\nDiagnostic-Code: smtp; {why}\r\n",
        f"--{boundary}\r\nContent-Type: text/rfc822-headers\r\n",
        heads,
        f"--{boundary}--\r\n",
    ]
    return "\r\n".join(lines).encode("ascii", "replace")
