"""A mail as a tree of parts: offsets into the original, nothing copied, everything bounded."""

from dataclasses import dataclass

from tickets.mail import limits
from tickets.mail.headers import read_headers
from tickets.mail.limits import Notes
from tickets.mail.parts import GUESSED_BOUNDARY, Part, as_single, describe, is_multipart_unsaid

_Section = tuple[int, int, bool]  # where it begins and ends, and whether a last delimiter ends it


def read_structure(raw: bytes, notes: Notes) -> Part:
    """Return the tree of a whole mail."""
    return _Reader(raw, notes).part(0, len(raw), depth=0, default="text/plain", root=True)


class _Reader:
    """Walks one mail; counts parts and depth against the limits."""

    def __init__(self, raw: bytes, notes: Notes) -> None:
        self.raw = raw
        self.notes = notes
        self.count = 0

    def part(
        self, start: int, end: int, *, depth: int, default: str, root: bool = False, beside: "_Beside | None" = None
    ) -> Part:
        """Read the part that lies between two offsets; `beside` are the sections that follow it in its multipart."""
        self.count += 1
        headers, body = read_headers(self.raw, start, end, self.notes, root=root)
        part = Part(self.raw, headers, min(body, end), end)
        describe(part, default)
        if part.content_type.startswith("multipart/") or is_multipart_unsaid(part, root=root):
            self._take_apart(part, depth, beside)
        return part

    def _take_apart(self, part: Part, depth: int, beside: "_Beside | None") -> None:
        if depth >= limits.DEPTH:
            self.notes.add(f"parts are nested more than {limits.DEPTH} deep")
            part.content_type = "application/octet-stream"
            return
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        boundary = part.parameters.get("boundary", "").rstrip()
        if beside and boundary and boundary == beside.boundary and not self.raw[part.start : part.end].strip():
            sections = beside.take()  # the same boundary inside: its parts lie beside it
        else:
            sections = self._sections(part)
        queue = _Beside(boundary, sections)
        while queue.sections:
            if self.count >= limits.PARTS:
                self.notes.add(f"more than {limits.PARTS} parts; the rest was left out")
                break
            start, end, _ = queue.sections.pop(0)
            part.children.append(self.part(start, end, depth=depth + 1, default=default, beside=queue))
        if not part.children:
            as_single(part)

    def _sections(self, part: Part) -> list[_Section]:
        boundary = part.parameters.get("boundary", "")
        sections: list[_Section] = []
        if boundary.strip():
            sections = self._cut(part, b"--" + boundary.rstrip().encode("utf-8", "replace"))
        if not sections:
            found = GUESSED_BOUNDARY.search(self.raw, part.start, part.end)
            if found:
                sections = self._cut(part, b"--" + found[1])
        if not sections and part.headers.raw("content-transfer-encoding").lower().startswith(("base64", "quoted")):
            decoded = part.content()
            if decoded != self.raw[part.start : part.end] and b"--" in decoded[:2000]:
                inner = _Reader(decoded, self.notes)
                inner.count = self.count
                part.raw, part.start, part.end = decoded, 0, len(decoded)
                part.headers.items = [one for one in part.headers.items if one[1] != "content-transfer-encoding"]
                part.children = [
                    inner.part(start, end, depth=5, default="text/plain")
                    for start, end, _ in inner._sections(part)[:50]
                ]
                self.count = inner.count
        return sections

    def _cut(self, part: Part, delimiter: bytes) -> list[_Section]:
        """Return where the sections between delimiter lines lie; a missing last delimiter is no loss."""
        raw, position, end = self.raw, part.start, part.end
        sections: list[_Section] = []
        opened = -1
        while len(sections) <= limits.PARTS:
            found = raw.find(delimiter, position, end)
            if found < 0:
                break
            position = found + len(delimiter)
            if found > part.start and raw[found - 1] not in b"\r\n":
                continue
            line_end, following = _line_end(raw, position, end)
            rest = raw[position:line_end].strip() if line_end - position < 300 else b"?"
            if rest not in (b"", b"--"):
                continue
            if opened >= 0:
                sections.append((opened, _before_line_end(raw, opened, found), rest == b"--"))
            opened = following if rest == b"" else -1
            position = following
        if opened >= 0 and opened < end:
            sections.append((opened, end, True))
        return sections


@dataclass(slots=True)
class _Beside:
    """The sections of a multipart that are still to be read."""

    boundary: str
    sections: list[_Section]

    def take(self) -> list[_Section]:
        """Return the sections up to the next one that a last delimiter ends, and leave the others."""
        count = next((n for n, section in enumerate(self.sections, 1) if section[2]), len(self.sections))
        taken, self.sections = self.sections[:count], self.sections[count:]
        return taken


def _line_end(raw: bytes, position: int, end: int) -> tuple[int, int]:
    newline = raw.find(b"\n", position, end)
    if newline < 0 or newline - position > 400:
        carriage = raw.find(b"\r", position, end if newline < 0 else newline)
        if carriage >= 0:
            return carriage, carriage + 1
    return (newline, newline + 1) if newline >= 0 else (end, end)


def _before_line_end(raw: bytes, start: int, position: int) -> int:
    """Return where a section ends: the line break before a delimiter belongs to the delimiter."""
    if position > start and raw[position - 1] == 10:
        position -= 1
    if position > start and raw[position - 1] == 13:
        position -= 1
    return position
