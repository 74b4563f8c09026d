"""Messages in the shapes of the Gmail API."""

import base64
from email.message import Message as Part
from typing import Any

from mailbox.simulator.mail import headers
from mailbox.simulator.mail.reading import content_of, is_attachment, parse
from mailbox.simulator.models import Message

INLINE_BODY_BELOW = 1_000_000


def web64(content: bytes) -> str:
    """Bytes as Gmail writes them."""
    return base64.urlsafe_b64encode(content).decode()


def from_web64(text: str) -> bytes:
    """What a client sent as base64url, with or without padding; raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def pointer(message: Message) -> dict[str, str]:
    """A message in a list: its ids only."""
    return {"id": message.key, "threadId": message.thread_key}


def minimal(message: Message) -> dict[str, Any]:
    """A message without its content."""
    newest = (
        message.account.changes.filter(message_number=message.pk).order_by("-pk").values_list("pk", flat=True).first()
    )
    return {
        **pointer(message),
        "labelIds": message.label_list,
        "snippet": message.snippet,
        "sizeEstimate": message.size,
        "historyId": str(newest or 1),
        "internalDate": str(int(message.received_at.timestamp() * 1000)),
    }


def header_list(raw: bytes, only: set[str] | None = None) -> list[dict[str, str]]:
    """The headers as name and value, folded lines joined."""
    found = []
    for field in headers.fields(headers.split(raw)[0]):
        name, colon, text = field.partition(b":")
        label = name.decode("utf-8", "replace").strip()
        if colon and (only is None or label.lower() in only):
            found.append({"name": label, "value": " ".join(text.decode("utf-8", "replace").split())})
    return found


def metadata(message: Message, only: set[str] | None) -> dict[str, Any]:
    """A message with its headers."""
    raw = message.raw
    payload = {"mimeType": parse(headers.split(raw)[0]).get_content_type(), "headers": header_list(raw, only)}
    return {**minimal(message), "payload": payload}


def raw(message: Message) -> dict[str, Any]:
    """A message as it came."""
    return {**minimal(message), "raw": web64(message.raw)}


def full(message: Message) -> dict[str, Any]:
    """A message as a tree of parts; files are named, not included."""
    return {**minimal(message), "payload": _part(message, parse(message.raw), "")}


def attachment_id(message: Message, part_id: str) -> str:
    """The id under which attachments.get finds a part."""
    return "ANGjdJ" + web64(f"{message.pk}/{part_id}".encode()).rstrip("=")


def find_part(message: Message, identifier: str) -> Part | None:
    """The part an attachment id names, when it is of this message."""
    try:
        number, _, part_id = from_web64(identifier.removeprefix("ANGjdJ")).decode().partition("/")
    except ValueError:
        return None
    if number != str(message.pk):
        return None
    part: Any = parse(message.raw)
    for step in part_id.split(".") if part_id else []:
        children = part.get_payload() if part.is_multipart() else []
        if not step.isdigit() or int(step) >= len(children):
            return None
        part = children[int(step)]
    return part


def _part(message: Message, part: Part, part_id: str) -> dict[str, Any]:
    names = [{"name": name, "value": " ".join(str(value).split())} for name, value in part.items()]
    shape: dict[str, Any] = {
        "partId": part_id,
        "mimeType": part.get_content_type(),
        "filename": str(part.get_filename() or ""),
        "headers": names,
    }
    if part.is_multipart() and part.get_content_type() != "message/rfc822":
        prefix = f"{part_id}." if part_id else ""
        shape["body"] = {"size": 0}
        children: Any = part.get_payload()
        shape["parts"] = [_part(message, child, f"{prefix}{number}") for number, child in enumerate(children)]
        return shape
    content = content_of(part)
    shape["body"] = {"size": len(content)}
    if is_attachment(part) or len(content) > INLINE_BODY_BELOW:
        shape["body"]["attachmentId"] = attachment_id(message, part_id)
    else:
        shape["body"]["data"] = web64(content)
    return shape
