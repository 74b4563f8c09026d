"""The original of a mail: to look at as text, and to take away."""

from datetime import datetime
from typing import Any
from uuid import UUID

from csp.decorators import csp_exempt
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access_log import as_verb
from accounts.requests import DeskRequest
from mailbox.models import InboundEmail, OutboundEmail
from tickets.actions.check_files import refuse_infected
from tickets.models import Attachment
from tickets.originals import SHOWN, chunks_of, excerpt_of
from tickets.views.files import as_download
from tickets.views.messages import message_or_404
from tickets.views.shell import shell
from tickets.views.ticket import address_of


@require_safe
def source(request: DeskRequest, number: int, message_id: UUID) -> HttpResponse:
    """Show the original of one message: its headers decoded, and the beginning of its bytes as text."""
    email = _original(request, number, message_id)
    slug = request.organization.slug
    context = shell(request) | {
        "back": {
            "label": _("ticket %(number)s") % {"number": number},
            "url": address_of(request, number, f"#m-{message_id}"),
        },
        "download_url": reverse("tickets:source_file", args=[slug, number, message_id]),
    }
    return source_page(request, email, context)


@require_safe
@as_verb("download")
@csp_exempt()  # type: ignore[arg-type]
def source_file(request: DeskRequest, number: int, message_id: UUID) -> StreamingHttpResponse:
    """Send the original of one message, byte for byte, as a download; not one that carries an infected file."""
    email = _original(request, number, message_id)  # first: of what the reader may not see nothing is said
    refuse_infected(list(Attachment.objects.filter(message=message_id)))
    return source_download(email)


def source_page(request: DeskRequest, email: InboundEmail | OutboundEmail, context: dict[str, Any]) -> HttpResponse:
    """Return the page of an original, with `back` and `download_url` from its context; 404 where its file is gone."""
    try:
        excerpt = excerpt_of(email)
    except FileNotFoundError:
        raise Http404 from None
    context |= {
        "email": email,
        "came": isinstance(email, InboundEmail),
        "at": _moment(email),
        "excerpt": excerpt,
        "shown": SHOWN,
    }
    return render(request, "tickets/source.html", context)


def source_download(email: InboundEmail | OutboundEmail) -> StreamingHttpResponse:
    """Return an original as a file, however large, a piece at a time in memory; its name tells nothing of the mail."""
    chunks = chunks_of(email)
    try:
        first = next(chunks, b"")
    except FileNotFoundError:
        raise Http404 from None
    return as_download(first, chunks, f"mail-{localtime(_moment(email)):%Y-%m-%d-%H%M}.eml", email.size)


def _moment(email: InboundEmail | OutboundEmail) -> datetime:
    return email.received_at if isinstance(email, InboundEmail) else email.queued_at


def _original(request: DeskRequest, number: int, message_id: UUID) -> InboundEmail | OutboundEmail:
    message = message_or_404(request, number, message_id, "inbound__mailbox", "outbound__mailbox")
    email = message.inbound or message.outbound
    if email is None:
        raise Http404
    return email
