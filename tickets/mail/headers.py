"""The block of headers: found, unfolded and decoded, so that one broken line costs only itself."""

import re
from dataclasses import dataclass, field

from tickets.mail import limits
from tickets.mail.charsets import decode
from tickets.mail.limits import Notes
from tickets.mail.words import decode_words

_BLANK = re.compile(rb"\r?\n[\r]*\n|\r\r\n\r\r\n|\r\r(?!\n)")
_LINE_END = re.compile(rb"\r{0,3}\n|\r")
_LINE_FEED = re.compile(rb"\r{0,3}\n")
_LEADING = re.compile(rb"[\r\n \t\x00]*")
_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|message-id|in-reply-to|references|reply-to|sender|return-path|received|"
    rb"delivered-to|mime-version|content-[a-z-]{1,40}|x-[a-z0-9-]{1,80}|dkim-signature|arc-[a-z-]{1,40}|"
    rb"authentication-results|received-spf|list-[a-z-]{1,40}|auto-submitted|precedence|importance|user-agent|"
    rb"thread-[a-z]{1,20})[ \t]*:",
    re.IGNORECASE,
)
_OF_MIME = {b"mime-version", b"content-type", b"content-transfer-encoding", b"content-disposition", b"content-language"}
_FOLDED_WORDS = re.compile(r"[ \t]{2,}|\t")


@dataclass(slots=True)
class Headers:
    """The headers of one part: in order, with the text before encoded words are decoded."""

    items: list[tuple[str, str, str]] = field(default_factory=list)  # name, lower-case name, unfolded value
    hint: str | None = None  # charset of the body, for 8-bit headers

    def raw(self, name: str) -> str:
        """Return the first value that is not empty, still encoded."""
        for _, lower, value in self.items:
            if lower == name and value:
                return value
        return ""

    def raw_all(self, name: str) -> list[str]:
        """Return every value of that name, still encoded."""
        return [value for _, lower, value in self.items if lower == name]

    def text(self, name: str) -> str:
        """Return the first value that is not empty, readable."""
        return readable(self.raw(name), self.hint)

    def decoded(self) -> list[tuple[str, str]]:
        """Return all headers, readable, in order."""
        return [(name, readable(value, self.hint)) for name, _, value in self.items]


def readable(value: str, hint: str | None = None) -> str:
    """Return a header value with encoded words decoded and white space made single where lines were folded."""
    text = decode_words(value, hint) if "=?" in value else value
    return _FOLDED_WORDS.sub(" ", text.replace("\r", " ").replace("\n", " ")).strip()


def read_headers(raw: bytes, start: int, end: int, notes: Notes, *, root: bool = False) -> tuple[Headers, int]:
    """Return the headers that begin at `start` and where the body begins."""
    if root:
        start = _skip_leading(raw, start, end)
    head_end, body = _find_end(raw, start, end)
    if root and body < end:
        head_end, body = _rejoin(raw, start, head_end, body, end)
    if head_end - start > limits.HEADER_BYTES:
        notes.add("the headers are too long; the last ones were left out")
        head_end = start + limits.HEADER_BYTES
    fields, unread = _fields(raw, start, head_end)
    if unread is not None:
        body = unread
    if len(fields) > limits.HEADERS:
        notes.add("there are too many headers; the last ones were left out")
        fields = fields[: limits.HEADERS]
    return _decoded(fields, notes), body


def _skip_leading(raw: bytes, start: int, end: int) -> int:
    """Return where the first header begins, after blank lines, a byte order mark and mbox `From ` lines."""
    if raw.startswith(b"\xef\xbb\xbf", start):
        start += 3
    while start < end:
        leading = _LEADING.match(raw, start, end)
        start = leading.end() if leading else start
        if raw.startswith((b"From ", b">From "), start) and not _HEADER.match(raw, start, min(start + 7, end)):
            found = _LINE_END.search(raw, start, end)
            start = found.end() if found else end
        else:
            break
    return start


def _find_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    if raw.startswith(b"\r\n", start):
        return start, start + 2
    if raw.startswith(b"\n", start):
        return start, start + 1
    found = _BLANK.search(raw, start, end)
    return (found.start(), found.end()) if found else (end, end)


def _rejoin(raw: bytes, start: int, head_end: int, body: int, end: int) -> tuple[int, int]:
    """Undo a blank line that some program put among the headers."""
    for _ in range(3):
        leading = _LEADING.match(raw, body, min(body + 1000, end))
        following = leading.end() if leading else body
        if not _KNOWN.match(raw, following, min(following + 100, end)):
            break
        next_end, next_body = _find_end(raw, following, end)
        names = _names(raw, following, next_end)
        here = _names(raw, start, head_end)
        late = not here & {b"from", b"subject"} and names & {b"from", b"to", b"subject"}
        if not late and not (b"content-type" not in here and names <= _OF_MIME):
            break
        head_end, body = next_end, next_body
    return head_end, body


def _names(raw: bytes, start: int, end: int) -> set[bytes]:
    """Return the names of the headers between two offsets, in lower case; a line that is none counts as one, too."""
    lines = raw[start : min(end, start + limits.HEADER_BYTES)].splitlines()[: limits.HEADERS]
    return {line.partition(b":")[0].strip().lower() for line in lines if line.strip() and line[:1] not in b" \t"}


def _fields(raw: bytes, start: int, end: int) -> tuple[list[list[bytes]], int | None]:
    """Return [name, value pieces...] of each header, and where a body begins that no blank line announces."""
    fields: list[list[bytes]] = []
    position = start
    broken = 0
    pattern = _LINE_FEED if raw.find(b"\n", start, end + 3) >= 0 else _LINE_END  # a lone CR among them hides no header
    while position < end:
        found = pattern.search(raw, position, end)
        line_end, following = (found.start(), found.end()) if found else (end, end)
        line = raw[position:line_end]
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1].append(line)
        elif header := _HEADER.fullmatch(line):
            fields.append([header[1], header[2]])
        elif fields and _is_cut_address(fields[-1], line):
            fields[-1].append(line)
        elif line.strip():
            broken += 1
            if broken > 20 or not _headers_follow(raw, following, end):
                return fields, position
        position = following
    return fields, None


def _is_cut_address(field: list[bytes], line: bytes) -> bool:
    """Tell whether a line without a blank before it goes on with an address that the line above left open."""
    value = b"".join(field[1:])[-2000:]
    return b">" in line[:300] and value.rfind(b"<") > value.rfind(b">")


def _headers_follow(raw: bytes, position: int, end: int) -> bool:
    """Tell whether one of the next lines is surely a header: then the line before was only damaged."""
    for _ in range(6):
        if position >= end:
            return False
        if _KNOWN.match(raw, position, min(position + 100, end)):
            return True
        found = _LINE_END.search(raw, position, end)
        position = found.end() if found else end
    return False


def _decoded(fields: list[list[bytes]], notes: Notes) -> Headers:
    headers = Headers()
    later: list[tuple[str, str, bytes]] = []
    for pieces in fields:
        name = pieces[0].decode("ascii", "replace")
        value = b"".join(pieces[1:]) if len(pieces) > 2 else pieces[1]
        if len(value) > limits.HEADER_VALUE:
            notes.add("a header is too long; its end was left out")
            value = value[: limits.HEADER_VALUE]
        later.append((name, name.lower(), value.strip().replace(b"\x00", b"")))
    headers.hint = _charset_hint(later)
    headers.items = [(name, lower, _text(value, headers.hint)) for name, lower, value in later]
    return headers


def _text(value: bytes, hint: str | None) -> str:
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii")
    return decode(value, None if hint else "utf-8", hint)


def _charset_hint(fields: list[tuple[str, str, bytes]]) -> str | None:
    for _, lower, value in fields:
        if lower == "content-type":
            found = re.search(rb"charset\s{0,5}=\s{0,5}\"?([\w.:-]{1,60})", value[:2000], re.IGNORECASE)
            return found[1].decode("ascii") if found else None
    return None
