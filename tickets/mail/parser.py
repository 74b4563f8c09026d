"""One mail understood: the parts of this package put together. Never raises, whatever the bytes are."""

from tickets.mail import limits
from tickets.mail.addresses import first_address, parse_addresses
from tickets.mail.body import read_content, whole_text
from tickets.mail.dates import parse_date
from tickets.mail.headers import Headers, read_headers
from tickets.mail.identifiers import message_ids
from tickets.mail.language import language_of
from tickets.mail.limits import Notes
from tickets.mail.marks import strip_marks
from tickets.mail.model import Address, ParsedMail
from tickets.mail.quote_containers import has_quote
from tickets.mail.quotes import new_part
from tickets.mail.structure import read_structure
from tickets.mail.text import html_to_marked_text

_NOTHING = b"\r\n \t\x00"
_DELIVERED = ("delivered-to", "x-delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to")


def parse_here(raw: bytes) -> ParsedMail:
    """Return what a mail says, read in this process; trouble is named in `error`."""
    notes = Notes()
    try:
        return _parse(bytes(raw), notes)
    except (Exception, RecursionError, MemoryError) as error:  # noqa: BLE001 - hostile input ends here, whatever it does
        notes.add(f"the mail could not be fully read ({type(error).__name__})")
    return headers_only(raw, notes)


def headers_only(raw: bytes, notes: Notes) -> ParsedMail:
    """Return only who wrote, about what and when; used when nothing else can be read."""
    try:
        headers, body = read_headers(
            raw[: limits.HEADER_BYTES], 0, min(len(raw), limits.HEADER_BYTES), notes, root=True
        )
        excerpt = raw[body : body + 20_000].decode("utf-8", "replace").replace("\x00", "")
        return _mail(headers, notes, {"text": excerpt, "reply_text": excerpt})
    except (Exception, RecursionError, MemoryError):  # noqa: BLE001 - see above
        return ParsedMail(error=notes.text() or "the mail could not be read")


def _parse(raw: bytes, notes: Notes) -> ParsedMail:
    if not raw[:1000].strip(_NOTHING) and not raw.strip(_NOTHING):
        return ParsedMail(error="the mail is empty")
    if len(raw) > limits.MAIL_BYTES:
        notes.add(f"the mail is larger than {limits.MAIL_BYTES // 1024 // 1024} MB")
        return headers_only(raw[: limits.HEADER_BYTES], notes)
    root = read_structure(raw, notes)
    content = read_content(root, notes)
    marked, html = whole_text(content)
    subject = root.headers.text("subject")
    reply, quoted = new_part(marked, subject)
    if html and not quoted and has_quote(html):  # the HTML says what the plain form does not
        reply_in_html, quoted_in_html = new_part(html_to_marked_text(html), subject)
        if quoted_in_html:
            reply, quoted = reply_in_html, quoted_in_html
    return _mail(
        root.headers,
        notes,
        {
            "content_type": root.content_type,
            "report_type": root.parameters.get("report-type", "").lower(),
            "text": strip_marks(marked),
            "html": html,
            "reply_text": reply,
            "quoted_lines": quoted,
            "attachments": content.attachments,
            "encrypted": content.encrypted,
            "language": language_of(reply),
        },
    )


def _mail(headers: Headers, notes: Notes, content: dict) -> ParsedMail:
    hint = headers.hint
    in_reply_to = message_ids(headers.raw("in-reply-to"))
    own_ids = message_ids(headers.raw("message-id")) or message_ids(headers.raw("x-message-id"))
    return ParsedMail(
        from_=_author(headers),
        sender=first_address(headers.raw_all("sender"), hint),
        reply_to=_people(headers, "reply-to", notes),
        to=_people(headers, "to", notes),
        cc=_people(headers, "cc", notes),
        delivered_to=_delivered_to(headers),
        subject=headers.text("subject"),
        message_id=own_ids[0] if own_ids else "",
        in_reply_to=in_reply_to[0] if in_reply_to else "",
        references=message_ids(" ".join(headers.raw_all("references"))),
        date=parse_date(headers.text("date")),
        headers=headers.decoded(),
        error=notes.text(),
        **content,
    )


def _author(headers: Headers) -> Address | None:
    """Return who wrote: From, or what comes nearest when it names nobody."""
    for name in ("from", "sender", "reply-to", "x-original-from", "return-path"):
        author = first_address(headers.raw_all(name), headers.hint)
        if author:
            return author
    return None


def _people(headers: Headers, name: str, notes: Notes) -> list[Address]:
    people: list[Address] = []
    for value in headers.raw_all(name):
        people += parse_addresses(value, notes, headers.hint)
        if len(people) >= limits.ADDRESSES:
            return people[: limits.ADDRESSES]
    return people


def _delivered_to(headers: Headers) -> list[str]:
    found: dict[str, None] = {}
    for name in _DELIVERED:
        for value in headers.raw_all(name)[:20]:
            for person in parse_addresses(value):
                found[person.email] = None
    return list(found)[: limits.ADDRESSES]
