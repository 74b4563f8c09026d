"""An answer as a draft at Microsoft: whole where it is small, file by file where it is large."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from mailbox.models import OutboundEmail
from mailbox.providers.base import ProviderError
from mailbox.providers.graph_client import GraphClient

WHOLE_UP_TO = 2 * 1024 * 1024  # above, Graph has been seen to drop a mail and answer 200
FILE_UP_TO = 2_900_000  # one request with a file, which base64 makes a third larger, stays under 4 MB
CHUNK = 12 * 320 * 1024  # chunks are multiples of 320 KiB below 4 MB


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    content_type: str
    content: bytes


def create(client: GraphClient, email: OutboundEmail) -> str:
    """Lay the mail down as a draft and return its id; a large one without its files yet."""
    raw = email.raw()
    mime = raw if len(raw) <= WHOLE_UP_TO else without_files(raw)
    return str(client.post("/me/messages", ok={201}, data=base64.b64encode(mime))["id"])


def complete(client: GraphClient, email: OutboundEmail) -> None:
    """Add the files of a large mail that the draft has not got yet."""
    if email.size <= WHOLE_UP_TO:
        return
    place = f"/me/messages/{quote(email.draft_id, safe='')}/attachments"
    there = len(client.get(f"{place}?$select=id,name,size").get("value", []))
    for number, file in enumerate(files_of(email.raw())):
        if number >= there:
            _attach(client, place, file)


def without_files(raw: bytes) -> bytes:
    """Return the mail with its own headers and its text, and nothing attached."""
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    kept: list[bytes] = []
    keeping = True
    for line in head:
        if not line.startswith((b" ", b"\t")):
            keeping = not line.lower().startswith((b"content-", b"mime-version:"))
        if keeping:
            kept.append(line)
    text = message_from_bytes(raw, policy=SMTP).get_payload(0)
    if not isinstance(text, EmailMessage):
        raise ProviderError("too_large")
    if "MIME-Version" not in text:
        kept.append(b"MIME-Version: 1.0")
    return b"\r\n".join(kept) + b"\r\n" + text.as_bytes(policy=SMTP)


def files_of(raw: bytes) -> Iterator[_File]:
    """Yield the files of a mail we composed, in their order."""
    for part in list(message_from_bytes(raw, policy=SMTP).iter_parts())[1:]:
        content = part.get_payload(decode=True)
        yield _File(part.get_filename() or "file", part.get_content_type(), bytes(content or b""))


def _attach(client: GraphClient, place: str, file: _File) -> None:
    if len(file.content) <= FILE_UP_TO:
        body = {
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": file.name,
            "contentType": file.content_type,
            "contentBytes": base64.b64encode(file.content).decode("ascii"),
        }
        client.post(place, ok={201}, json=body)
        return
    item = {
        "AttachmentItem": {
            "attachmentType": "file",
            "name": file.name,
            "contentType": file.content_type,
            "size": len(file.content),
        }
    }
    url = str(client.post(f"{place}/createUploadSession", ok={200, 201}, json=item)["uploadUrl"])
    if not url.startswith("https://"):
        raise ProviderError("foreign_link")
    for start in range(0, len(file.content), CHUNK):
        client.put_chunk(url, file.content[start : start + CHUNK], start=start, total=len(file.content))
