"""Single pieces of a mail: its HTML in a frame, its files, its source; and the style sheets of the pages."""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from mailbox.simulator.mail import reading
from mailbox.simulator.models import Message
from mailbox.simulator.pages.reading import framed_html

FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"


def _mail(number: int, message: int) -> Message:
    return get_object_or_404(Message.objects.select_related("original"), pk=message, account_id=number)


@require_safe
def html(request: HttpRequest, number: int, message: int) -> HttpResponse:
    """The HTML of a mail; it runs nothing and loads nothing."""
    response = HttpResponse(framed_html(reading.parse(_mail(number, message).raw)))
    response["Content-Security-Policy"] = FRAME_POLICY
    return response


@require_safe
def file(request: HttpRequest, number: int, message: int, part: int) -> HttpResponse:
    """A file of a mail, always as a download."""
    leaves = reading.leaves(reading.parse(_mail(number, message).raw))
    if part >= len(leaves):
        raise Http404
    response = HttpResponse(reading.content_of(leaves[part]), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, reading.filename_of(leaves[part], part)) or ""
    return response


@require_safe
def source(request: HttpRequest, number: int, message: int) -> HttpResponse:
    """A mail as it came, to read."""
    return HttpResponse(_mail(number, message).raw, content_type="text/plain; charset=utf-8")


@require_safe
def static(request: HttpRequest, path: str) -> HttpResponse:
    """A file of static/; the pages share the style sheets of the desk."""
    root = Path(settings.STATIC_DIR)
    found = (root / path).resolve()
    if not found.is_relative_to(root) or not found.is_file():
        raise Http404
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return HttpResponse(found.read_bytes(), content_type=kind, headers={"Cache-Control": "max-age=5"})
