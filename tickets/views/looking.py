"""A file of a mail in the page: a picture, pages of a PDF drawn by us, or text. Nothing of it runs."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import DeskRequest
from tickets.files_shown import type_of
from tickets.mail.charsets import decode
from tickets.mail.kinds import kind_of
from tickets.models import Attachment
from tickets.previews.kinds import MAX_PIXELS, preview_of
from tickets.previews.pdf import MAX_PAGES, CannotBeDrawn, page_of, pages_of
from tickets.previews.sizes import pixels_of
from tickets.views.files import attachment_or_404
from tickets.views.shell import shell
from tickets.views.ticket import address_of
from tickets.visible import named, reveal

SHOWN_OF_TEXT = 256 * 1024  # bytes; all of it is in the download
POLICY = "sandbox; default-src 'none'"


@require_safe
def look(request: DeskRequest, number: int, attachment_id: UUID) -> HttpResponse:
    """Show a file; `?picture` and `?page=2` answer with what the page draws, in a policy of its own."""
    attachment = attachment_or_404(request, number, attachment_id)
    chunks = attachment.file.read()
    first = next(chunks, b"")
    kind = kind_of(first)
    how = preview_of(attachment.name, kind, attachment.size)
    if "picture" in request.GET or "page" in request.GET:
        rest = b"".join(chunks) if how in ("picture", "pdf") else b""
        return _drawn(request, how, kind, first + rest)
    if how == "picture" and not _is_bounded(first):
        how = ""
    shown = {"pdf": lambda: _pages(first + b"".join(chunks)), "text": lambda: _text(attachment, first)}
    context = shell(request) | {
        "file": {"name": reveal(attachment.name), "size": attachment.size, "type": type_of(attachment)},
        "how": how,
        "back": {
            "label": _("ticket %(number)s") % {"number": number},
            "url": address_of(request, number, f"#m-{attachment.message_id}"),
        },
        "file_url": reverse("tickets:file", args=[request.organization.slug, number, attachment_id]),
        **(shown[how]() if how in shown else {}),
    }
    return render(request, "tickets/look.html", context)


def _drawn(request: DeskRequest, how: str, kind: str, content: bytes) -> HttpResponse:
    if how == "picture" and "picture" in request.GET and _is_bounded(content):
        return _picture(content, f"image/{kind}")
    asked = request.GET.get("page", "")
    if how == "pdf" and asked.isascii() and asked.isdigit() and 1 <= int(asked[:4]) <= MAX_PAGES:
        try:
            return _picture(page_of(content, int(asked)), "image/png")
        except CannotBeDrawn:
            raise Http404 from None
    raise Http404


def _picture(content: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = "inline"
    response._csp_exempt = True  # type: ignore[attr-defined]  # it has a stricter policy of its own
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _is_bounded(content: bytes) -> bool:
    pixels = pixels_of(content)
    return pixels is not None and pixels <= MAX_PIXELS


def _pages(content: bytes) -> dict[str, Any]:
    try:
        count = pages_of(content)
    except CannotBeDrawn:
        return {"how": "", "locked": True}
    return {"pages": range(1, min(count, MAX_PAGES) + 1), "page_count": count, "is_cut": count > MAX_PAGES}


def _text(attachment: Attachment, first: bytes) -> dict[str, Any]:
    raw = first[:SHOWN_OF_TEXT]
    if b"\0" in raw and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return {"how": ""}
    _type, _sep, charset = attachment.content_type.partition("charset=")
    text = decode(raw, charset.strip("\"' ") or None).replace("\r\n", "\n")
    return {"text": named(text), "is_cut": attachment.size > len(raw), "shown": len(raw)}
