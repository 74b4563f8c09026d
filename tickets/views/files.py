"""Attachments: opened while they stream, never shown in the page."""

from collections.abc import Iterator
from itertools import chain
from uuid import UUID

from csp.decorators import csp_exempt
from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access_log import as_verb, opened
from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from accounts.streams import streamed
from tickets.actions.check_files import refuse_infected, release_file
from tickets.mail.kinds import claimed_kind, kind_of
from tickets.models import Attachment, Ticket
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import address_of

BYTES = "application/octet-stream"
# A type is only passed on where a download of it is harmless and useful; all else is bytes.
KNOWN = {
    "application/pdf",
    "application/zip",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/calendar",
    "text/csv",
    "text/plain",
}


@require_safe
@as_verb("download")
@csp_exempt()  # type: ignore[arg-type]
def file(request: DeskRequest, number: int, attachment_id: UUID) -> StreamingHttpResponse:
    """Send an attachment as a download, piece by piece, in a policy that lets it do nothing; no infected one."""
    attachment = attachment_or_404(request, number, attachment_id)
    chunks = attachment.file.read()
    first = next(chunks)  # opened here, where the key may still be asked for
    declared = attachment.content_type.partition(";")[0].strip().lower()
    honest = declared in KNOWN and not claimed_kind(attachment.name, declared, kind_of(first))
    return as_download(first, chunks, attachment.name, attachment.size, declared if honest else BYTES)


def attachment_or_404(request: DeskRequest, number: int, attachment_id: UUID) -> Attachment:
    """Return a file of this ticket; 404 where the member may not see the ticket, or the content is gone."""
    own = own_files(request, number)
    attachment = get_object_or_404(own.annotate(of_ticket=F("message__ticket")), pk=attachment_id)
    opened(request, attachment.of_ticket, attachment)  # type: ignore[attr-defined]
    if not attachment.file.exists():
        raise Http404
    refuse_infected([attachment])
    return attachment


@require_POST
@admins_only
def release(request: DeskRequest, number: int, attachment_id: UUID) -> HttpResponse:
    """Let an infected file be opened."""
    ticket = ticket_or_404(request, number)
    attachment = get_object_or_404(own_files(request, number).select_related("message__ticket"), pk=attachment_id)
    opened(request, ticket.pk, attachment)
    release_file(attachment, by=request.membership)
    messages.warning(request, _("It can be opened now. Open it only where it can do no harm."))
    return redirect(address_of(request, number, f"#m-{attachment.message_id}"))


def own_files(request: DeskRequest, number: int) -> QuerySet[Attachment]:
    """Return the files of this ticket, as far as the reader may see it."""
    tickets = Ticket.objects.visible_to(request.membership).filter(number=number)
    return Attachment.objects.filter(
        organization=request.organization, message__ticket__in=tickets, message__is_locked=False
    )


def as_download(
    first: bytes, rest: Iterator[bytes], name: str, size: int, content_type: str = BYTES
) -> StreamingHttpResponse:
    """Return a foreign file for the disk and nothing else: no page, no frame and no cache takes it."""
    response = StreamingHttpResponse(streamed(chain([first], rest)), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Length"] = str(size)
    response["Content-Encoding"] = "identity"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
