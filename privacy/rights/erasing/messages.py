"""Blacking the person out of somebody else's mail: headers, text, quotes, file names, and its original."""

from email.message import EmailMessage
from email.policy import SMTPUTF8
from typing import Any

from mailbox.addresses import one_line, whole
from mailbox.models import InboundEmail, OutboundEmail
from privacy.rights.erasing.html import black_out_html
from privacy.rights.finding.words import HEADERS, is_to_person
from privacy.rights.traces import MARK, Traces
from tickets.models import Message
from tickets.subjects import plain_subject

REDACTED = "X-Deskhero-Redacted"
NOBODY = "redacted@redacted.invalid"


def black_out_message(message: Message, traces: Traces, digests: set[bytes], *, parts: bool) -> None:
    """Take the person out of a mail and put a redacted, marked original in place of the one that names them.

    `parts`: somebody looked at the text and says that parts of the name mean the person, too. An answer to the person
    is such a text by itself. Doing it twice changes nothing.
    """
    parts = parts or is_to_person(message, traces)
    headers = dict(message.headers)
    for header in HEADERS:
        if header in headers:
            headers[header] = [_person(name, address, traces) for name, address in message.people(header)]
    headers["delivered_to"] = [one for one in headers.get("delivered_to", []) if not traces.is_person(str(one))]
    headers["subject"] = _subject(str(headers.get("subject", "")), traces, parts=parts)
    for name in ("in_reply_to", "message_id"):
        if traces.is_surely_in(str(headers.get(name, ""))):
            headers[name] = ""
    headers["references"] = [one for one in headers.get("references", []) if not traces.is_surely_in(str(one))]
    message.headers = headers
    message.new_text = traces.black_out(message.new_text, parts=parts)
    if message.whole_text is not None:
        message.whole_text = traces.black_out(message.whole_text, parts=parts)
    message.html = black_out_html(message.html, traces, parts=parts)
    message.participants = [one for one in message.participants if bytes(one) not in digests]
    message.before = None
    message.save(update_fields=["headers", "new_text", "whole_text", "html", "participants", "before"])
    for attachment in message.attachments.all():
        name = traces.black_out(attachment.name, parts=parts)
        if name != attachment.name:
            attachment.details = {**attachment.details, "name": name}
            attachment.save(update_fields=["details"])
    _replace_originals(message)


def _subject(subject: str, traces: Traces, *, parts: bool) -> str:
    """Return it without the person; one that the person began goes as a whole, whatever Re: stands before it."""
    return MARK if traces.is_quoted_in(plain_subject(subject)) else traces.black_out(subject, parts=parts)


def _person(name: str, address: str, traces: Traces) -> list[str]:
    if traces.is_person(address, name):
        return [MARK, ""]
    return [traces.black_out(name), address]


def _replace_originals(message: Message) -> None:
    raw = redacted_original(message)
    if message.inbound_id:
        replace_raw(InboundEmail.objects.select_for_update().get(pk=message.inbound_id), raw)
    if message.outbound_id:
        email = OutboundEmail.objects.select_for_update().get(pk=message.outbound_id)
        if email.state in {OutboundEmail.State.QUEUED, OutboundEmail.State.SENDING}:
            email.raw_file.delete()
            email.delete()  # an answer to somebody who is erased does not leave any more
        else:
            replace_raw(email, raw)


def replace_raw(email: InboundEmail | OutboundEmail, raw: bytes) -> None:
    """Put another original in place of the one that is there."""
    email.raw_file.delete()
    email.raw_inline = None
    email.keep_raw(raw)
    email.save(update_fields=["raw_inline", "size"])


def redacted_original(message: Message) -> bytes:
    """Return what stands for the original from now on: made of what the message still says, and marked as that."""
    mail = EmailMessage(policy=SMTPUTF8)
    headers: dict[str, Any] = message.headers
    for header, title in (("from", "From"), ("to", "To"), ("cc", "Cc"), ("reply_to", "Reply-To")):
        people = [f"{_quoted(name)} <{_plain(address) or NOBODY}>" for name, address in message.people(header)]
        if people:
            mail[title] = ", ".join(people)
    mail["Subject"] = one_line(str(headers.get("subject", "")))
    for name, title in (("message_id", "Message-ID"), ("in_reply_to", "In-Reply-To"), ("date", "X-Original-Date")):
        if value := one_line(str(headers.get(name, ""))):
            mail.add_header(title, value)
    mail[REDACTED] = "yes; a person was erased, files are kept beside"
    mail.set_content(whole(message.whole_text or message.new_text), charset="utf-8", cte="base64")
    return mail.as_bytes()


def _plain(address: str) -> str:
    return one_line(address).translate({ord(sign): None for sign in '<>" ,;'})


def _quoted(name: str) -> str:
    return '"{}"'.format(one_line(name).replace("\\", "").replace('"', ""))
