"""One part of a mail: its headers, where its body lies, and what it says of itself, truly or not."""

import re
from dataclasses import dataclass, field

from tickets.mail.headers import Headers
from tickets.mail.parameters import media_type, parse_parameters
from tickets.mail.transfer import undo_transfer_encoding

GUESSED_BOUNDARY = re.compile(
    rb"(?:^|(?<=\n)|(?<=\r))--([^\r\n]{0,200}?)[ \t]*\r*\n(?:Content-|content-|CONTENT-|MIME-|X-)"
)
_TOKEN = re.compile(r"[\w.+-]{1,60}", re.ASCII)


@dataclass(slots=True)
class Part:
    """One part: its headers, and where its body lies in `raw`."""

    raw: bytes
    headers: Headers
    start: int
    end: int
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    name: str = ""
    children: list["Part"] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        """Tell whether it was taken apart."""
        return bool(self.children)

    def content(self) -> bytes:
        """Return the decoded bytes of the body."""
        return undo_transfer_encoding(self.raw[self.start : self.end], self.headers.raw("content-transfer-encoding"))


def describe(part: Part, default: str) -> None:
    """Fill in type, parameters, disposition and name of a part from its headers."""
    headers = part.headers
    value = headers.raw("content-type")
    if value:
        main, part.parameters = parse_parameters(value, headers.hint)
        part.content_type = media_type(main, _lenient_type(main, default))
        if "/" not in main and "name" in part.parameters and part.content_type == "text/plain":
            part.content_type = "application/octet-stream"  # `unknown; name=x` is a file
    else:
        part.content_type = default
    disposition = headers.raw("content-disposition")
    name = ""
    if disposition:
        part.disposition, parameters = parse_parameters(disposition, headers.hint)
        if part.disposition.startswith(("filename", "name")):  # `filename=x` without the word before it
            _, parameters = parse_parameters(f"attachment; {disposition}", headers.hint)
            part.disposition = "attachment"
        elif not _TOKEN.fullmatch(part.disposition):
            part.disposition = ""
        name = parameters.get("filename") or parameters.get("name") or ""
    part.name = name or part.parameters.get("name") or part.parameters.get("filename") or ""


def is_multipart_unsaid(part: Part, *, root: bool) -> bool:
    """Tell whether a part is a multipart whose header says something else, or was lost."""
    boundary = part.parameters.get("boundary", "").strip()
    start = part.raw[part.start : part.start + 2000]
    if boundary and not part.content_type.startswith("message/"):
        said = b"--" + boundary.encode("utf-8", "replace")
        if start.startswith(said) or b"\n" + said in start:
            part.content_type = "multipart/mixed"
            return True
    if not root or part.headers.raw("content-type") or b"\n--" not in b"\n" + start:
        return False
    found = GUESSED_BOUNDARY.search(part.raw, part.start, min(part.end, part.start + 1000))
    if not found or not found[1] or part.raw.find(b"--" + found[1] + b"--", found.end(), part.end) < 0:
        return False
    part.content_type = "multipart/mixed"
    return True


def _lenient_type(main: str, default: str) -> str:
    if main in ("text", "text/", "plain", "plaintext"):
        return "text/plain"
    if main in ("html", "text:html"):
        return "text/html"
    if main.startswith("text/"):
        return "text/plain"
    if main.startswith("multipart"):
        return "multipart/mixed"
    if not main:
        return default
    return "text/plain" if default == "text/plain" and "/" not in main else "application/octet-stream"


def as_single(part: Part) -> None:
    """Treat a multipart in which no part can be found as the text it carries."""
    body = part.raw[part.start : min(part.end, part.start + 3000)].lower()
    part.content_type = "text/html" if b"<html" in body or b"<body" in body or b"<div" in body else "text/plain"
    part.parameters = {key: value for key, value in part.parameters.items() if key != "boundary"}
