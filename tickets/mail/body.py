"""What a mail says and what it carries: its parts sorted into text, HTML and attachments."""

import re
from dataclasses import dataclass, field

from tickets.mail import limits
from tickets.mail.calendar_text import calendar_text
from tickets.mail.charsets import decode, tidy
from tickets.mail.file_names import safe_name, type_of
from tickets.mail.limits import Notes
from tickets.mail.marks import without_marks
from tickets.mail.model import Attachment
from tickets.mail.parts import Part
from tickets.mail.sealed import is_enveloped, is_pgp_message, is_smime, signed_content, without_armour
from tickets.mail.structure import read_structure
from tickets.mail.text import html_to_marked_text, text_to_html
from tickets.mail.tnef import read_tnef
from tickets.mail.transfer import take_uuencoded, unflow

_PLACEHOLDER = re.compile(
    r"html|not support|unterstützt|prend pas en charge|no admite|view (?:it|this)|browser|viewer", re.IGNORECASE
)
_LOOKS_HTML = re.compile(r"\s{0,20}(?:<!doctype html|<html[\s>]|<body[\s>])", re.IGNORECASE)
_CID = re.compile(r"cid:([^\"'\s<>)]{1,400})", re.IGNORECASE)
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_READABLE = ("text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-markdown")


@dataclass(slots=True)
class Segment:
    """A stretch of the body in one or both of its forms."""

    text: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Content:
    """Everything in a mail, in order."""

    segments: list[Segment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    encrypted: str = ""
    from_tnef: bool = False

    def add(self, other: "Content") -> None:
        """Append what another part holds."""
        self.segments += other.segments
        self.attachments += other.attachments
        self.encrypted = self.encrypted or other.encrypted


def read_content(root: Part, notes: Notes) -> Content:
    """Return the texts and attachments of a whole mail."""
    content = _read(root, root, notes, first=True)
    if root.content_type == "multipart/encrypted" or any(is_pgp_message(s.text or "") for s in content.segments):
        content.encrypted = content.encrypted or "PGP"
    _add_calendar(content)
    return _place_inline(content)


def _read(part: Part, root: Part, notes: Notes, *, first: bool) -> Content:
    if part.is_multipart:
        if part.content_type == "multipart/alternative":
            return _alternative(part, root, notes, first=first)
        content = Content()
        for child in part.children:
            inner = _read(child, root, notes, first=first and not content.segments)
            if inner.from_tnef and content.segments:
                inner.segments = []  # says the same as the text beside it
            content.add(inner)
        return content
    if _is_text(part, root, first=first):
        return _text(part, notes)
    return _wrapped(part, notes) or Content(attachments=[_attachment(part)])


def _wrapped(part: Part, notes: Notes) -> Content | None:
    """Return what lies inside a winmail.dat or an S/MIME envelope, or None when the part is neither."""
    if part.content_type in _TNEF or part.name.lower() in ("winmail.dat", "win.dat"):
        tnef = read_tnef(part.content())
        if tnef is None:
            return None
        files = [
            Attachment(
                safe_name(f.name, f.content_type), f.content_type or "application/octet-stream", f.content, f.content_id
            )
            for f in tnef.files
        ]
        segments = [Segment(tnef.text or None, tnef.html or None)] if tnef.text or tnef.html else []
        return Content(segments, files or [_attachment(part)], from_tnef=True)
    if is_smime(part.content_type, part.name):
        envelope = _attachment(part)
        inner = signed_content(envelope.content)
        if inner is not None:
            content = _read_inner(inner, notes)
            content.attachments.append(envelope)
            return content
        return Content([], [envelope], "S/MIME" if is_enveloped(envelope.content) else "")
    return None


def _read_inner(raw: bytes, notes: Notes) -> Content:
    if notes.wrapped >= limits.WRAPPED:
        notes.add("signatures are wrapped in one another too often")
        return Content()
    notes.wrapped += 1
    inner = read_structure(raw, notes)
    return _read(inner, inner, notes, first=True)


def _add_calendar(content: Content) -> None:
    """Say in words what an invitation says, when the mail itself has no words."""
    if any((s.text or s.html or "").strip() for s in content.segments):
        return
    for attachment in content.attachments:
        if attachment.content_type in ("text/calendar", "application/ics"):
            text = calendar_text(decode(attachment.content, "utf-8"))
            if text:
                content.segments = [Segment(text)]
                return


def _is_text(part: Part, root: Part, *, first: bool) -> bool:
    if part.content_type not in _READABLE:
        return False
    if part.disposition == "attachment" or (part.name and part.disposition not in ("", "inline")):
        return False  # a disposition that nobody knows means the same (RFC 2183)
    if not part.name:
        return True
    return first and (part is root or part.disposition == "inline" or part.content_type == "text/html")


def _alternative(part: Part, root: Part, notes: Notes, *, first: bool) -> Content:
    """Return one segment with the best plain and the best HTML form; other kinds of parts are attachments."""
    contents = [_read(child, root, notes, first=first) for child in part.children]
    plain = [c for c in contents if any(s.text and s.text.strip() and s.html is None for s in c.segments)]
    rich = [c for c in contents if any(s.html and s.html.strip() for s in c.segments)]
    attachments = [a for c in contents for a in c.attachments if a.content_type != "text/x-amp-html"]
    texts = [s.text for c in plain for s in c.segments if s.text and s.html is None]
    if rich:
        texts = [s.text for c in (plain or rich)[:1] for s in c.segments if s.text]
    text = "\n".join(dict.fromkeys(texts)) if texts else None
    html = "\n".join(s.html or text_to_html(s.text or "") for s in rich[-1].segments) if rich else None
    if text is None and html is None:
        return Content([s for c in contents for s in c.segments][:1], attachments)
    return Content([Segment(text, html)], attachments)


def _text(part: Part, notes: Notes) -> Content:
    data = part.content()
    if len(data) > limits.HTML_CHARS:
        notes.add("the text is very long; its end is only in the original")
        data = data[: limits.HTML_CHARS]
    charset = part.parameters.get("charset")
    if part.content_type == "text/html":
        return Content([Segment(html=decode(data, charset or _meta_charset(data)))])
    files: list[tuple[str, bytes]] = []
    if b"begin" in data and part.content_type == "text/plain":
        data, files = take_uuencoded(data)
    text = without_marks(decode(data, charset, part.headers.hint)).replace("\r\n", "\n").replace("\r", "\n")
    if part.content_type == "text/plain" and _LOOKS_HTML.match(text):
        return Content([Segment(html=text)])
    if part.content_type in ("text/enriched", "text/richtext"):
        text = re.sub(r"<[^<>]{1,100}>", "", text.replace("<nl>", "\n")).replace("<<", "<")
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    text = without_armour(text) if "-----BEGIN PGP" in text else text
    attachments = [Attachment(safe_name(name), type_of(name), content) for name, content in files]
    return Content([Segment(text=text)], attachments)


def _meta_charset(data: bytes) -> str | None:
    found = re.search(rb"<meta[^>]{0,200}charset\s{0,3}=\s{0,3}[\"']?([\w.:-]{2,40})", data[:4000], re.IGNORECASE)
    return found[1].decode("ascii") if found else None


def _attachment(part: Part) -> Attachment:
    name = part.name or part.headers.text("content-location").rpartition("/")[2][:100]
    content_id = tidy(part.headers.raw("content-id")).strip().strip("<>").strip()
    content = part.content()
    if part.content_type == "message/rfc822" and not name:
        found = re.search(rb"^Subject:[ \t]{0,5}([^\r\n]{1,200})", content[:20_000], re.IGNORECASE | re.MULTILINE)
        from tickets.mail.words import decode_words

        subject = decode_words(decode(found[1], "utf-8")) if found else ""
        name = f"{subject[:80].strip() or 'message'}.eml"
    return Attachment(
        name=safe_name(name, part.content_type),
        content_type=part.content_type,
        content=content,
        content_id=content_id[:400],
        disposition=part.disposition,
    )


def _place_inline(content: Content) -> Content:
    """Mark the attachments that the HTML shows in their place."""
    html = "".join(s.html for s in content.segments if s.html)
    if not html or not content.attachments:
        return content
    shown = {found.lower() for found in _CID.findall(html[: limits.HTML_CHARS])}
    shown |= {name.replace("%40", "@") for name in shown}
    if shown:
        content.attachments = [
            Attachment(a.name, a.content_type, a.content, a.content_id, True, a.disposition)
            if a.content_id and a.content_id.lower() in shown
            else a
            for a in content.attachments
        ]
    return content


def whole_text(content: Content) -> tuple[str, str | None]:
    """Return the readable text with marks where it came from HTML, and the HTML."""
    texts: list[str] = []
    htmls: list[str] = []
    is_html = any(s.html is not None for s in content.segments)
    for segment in content.segments:
        text = segment.text
        if segment.html is not None and (text is None or _may_be_placeholder(text)):
            from_html = html_to_marked_text(segment.html)
            if text is None or _is_placeholder(text, from_html):
                text = from_html
        texts.append(text or "")
        if is_html:
            htmls.append(segment.html if segment.html is not None else f"<div>{text_to_html(text or '')}</div>")
    return _joined(texts), "\n".join(htmls) if is_html else None


def _joined(texts: list[str]) -> str:
    lines = "\n\n".join(t.strip("\n") for t in texts if t.strip())
    return "\n".join(line.rstrip() if line != "-- " else line for line in lines.split("\n")).strip("\n")[
        : limits.TEXT_CHARS
    ]


def _may_be_placeholder(text: str) -> bool:
    stripped = text[:2000].strip()
    return not stripped or (len(stripped) < 250 and bool(_PLACEHOLDER.search(stripped)))


def _is_placeholder(text: str, other: str) -> bool:
    stripped = text.strip()
    return bool(other.strip()) and (not stripped or len(other) > 3 * len(stripped))
