"""Make MIME out of what Graph clients write: JSON messages, replies, attachments; and read their base64."""

import base64
import binascii
import re
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formataddr, getaddresses
from typing import Any

from mailbox.simulator.mail import headers, reading
from mailbox.simulator.mail.transport import new_message_id
from mailbox.simulator.microsoft.errors import refuse
from mailbox.simulator.models import Account, Message

RECIPIENTS = {"toRecipients": "To", "ccRecipients": "Cc", "bccRecipients": "Bcc", "replyTo": "Reply-To"}


def mime_of(body: bytes) -> bytes:
    """The MIME of a text/plain body, which is base64 of the standard alphabet."""
    try:
        return base64.b64decode(re.sub(rb"\s+", b"", body), validate=True)
    except binascii.Error:
        refuse(400, "ErrorMimeContentInvalidBase64String", "The MIME content is not a valid base64 string.")


def with_sender(account: Account, raw: bytes) -> bytes:
    """A mail that has From and Message-ID, added when missing."""
    if not headers.value(raw, "From"):
        raw = headers.replaced(raw, "From", formataddr((account.name, account.address)))
    if not headers.value(raw, "Message-ID"):
        raw = headers.replaced(raw, "Message-ID", new_message_id(account))
    return raw


def from_json(account: Account, body: dict[str, Any]) -> bytes:
    """The MIME of a JSON message; header names that do not start with x- are refused."""
    message = EmailMessage(policy=policy.SMTP)
    sender = body.get("from", {}).get("emailAddress", {})
    address = sender.get("address") or account.address
    message["From"] = formataddr((sender.get("name") or account.name, address))
    message["Message-ID"] = new_message_id(account)
    message.set_content("")
    apply_json(message, body)
    for item in body.get("attachments", []):
        attach(message, item)
    return message.as_bytes()


def apply_json(message: EmailMessage, body: dict[str, Any]) -> None:
    """Put the fields of a JSON message into a MIME message."""
    for field, name in RECIPIENTS.items():
        if field in body:
            del message[name]
            if body[field]:
                message[name] = [_address(entry) for entry in body[field]]
    if "subject" in body:
        del message["Subject"]
        message["Subject"] = " ".join(str(body["subject"]).split())
    for item in body.get("internetMessageHeaders", []):
        if not str(item.get("name", "")).lower().startswith("x-"):
            sentence = f"The internet message header name '{item.get('name')}' should start with 'x-' or 'X-'."
            refuse(400, "InvalidInternetMessageHeader", sentence)
        message[item["name"]] = str(item.get("value", ""))
    if "body" in body:
        kind = "html" if str(body["body"].get("contentType", "text")).lower() == "html" else "plain"
        part = message.get_body(("html", "plain")) or message
        part.set_content(str(body["body"].get("content", "")), subtype=kind)


def _address(entry: dict[str, Any]) -> Address:
    found = entry.get("emailAddress", {})
    pairs = getaddresses([str(found.get("address", ""))])
    if not pairs or "@" not in pairs[0][1]:
        refuse(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
    return Address(str(found.get("name") or ""), addr_spec=pairs[0][1])


def attach(message: EmailMessage, item: dict[str, Any]) -> None:
    """Add a file given as a JSON attachment."""
    try:
        content = base64.b64decode(str(item.get("contentBytes", "")), validate=True)
    except binascii.Error:
        refuse(400, "ErrorInvalidRequest", "contentBytes is not base64.")
    attach_bytes(message, item, content)


def attach_bytes(message: EmailMessage, item: dict[str, Any], content: bytes) -> None:
    """Add a file with the name and type an attachment item gives."""
    main, _, sub = str(item.get("contentType") or "application/octet-stream").partition("/")
    inline = bool(item.get("isInline"))
    content_id = item.get("contentId")
    message.add_attachment(
        content,
        maintype=main,
        subtype=sub or "octet-stream",
        disposition="inline" if inline else "attachment",
        filename=str(item.get("name") or "attachment"),
        cid=f"<{content_id}>" if content_id else None,
    )


def reply_to(account: Account, message: Message, everybody: bool, comment: str) -> bytes:
    """The MIME of a reply with threading headers and the original quoted."""
    reply = EmailMessage(policy=policy.SMTP)
    reply["From"] = formataddr((account.name, account.address))
    reply["To"] = formataddr((message.sender_name, message.sender_address))
    if everybody:
        others = [pair for kind in ("to", "cc") for pair in message.recipients.get(kind, [])]
        reply["Cc"] = ", ".join(formataddr((name, at)) for name, at in others if at.lower() != account.address)
    reply["Subject"] = message.subject if message.subject.lower().startswith("re:") else f"Re: {message.subject}"
    reply["Message-ID"] = new_message_id(account)
    if message.internet_message_id:
        reply["In-Reply-To"] = message.internet_message_id
        reply["References"] = f"{message.references} {message.internet_message_id}".strip()
    quoted = reading.text_of(reading.parse(message.raw)).splitlines()
    reply.set_content("\r\n".join([comment, "", *(f"> {line}" for line in quoted)]))
    return reply.as_bytes()
