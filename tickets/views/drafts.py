"""What an agent is writing, on its way to the server and back: saved, thrown away, with files, cancelled, undone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from csp.decorators import csp_exempt
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access_log import as_verb, contentless
from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.attach import NewFile
from tickets.actions.draft import NOTE, WORDS, attach_to_draft, discard_draft, save_draft
from tickets.actions.keep_draft import DraftChanged, detach_from_draft
from tickets.actions.schedule import cancel_scheduled
from tickets.actions.undo_send import undo_send
from tickets.forms import MAX_TEXT, ReplyForm
from tickets.models import Draft, DraftFile, Ticket
from tickets.rich import shown_rich
from tickets.uploads import check_upload, uploaded
from tickets.views.drafting import UrlOf, file_url, of_number, own_draft, picture_urls, typed
from tickets.views.files import BYTES, as_download
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import address_of

OWN = "the writer's own words on their way to the server; the page they are written on is written down"


@require_POST
@answering_only
@contentless(OWN)
def save(request: DeskRequest, number: int) -> HttpResponse:
    """Keep what was typed, and files that were chosen; for a script, say when it was saved."""
    ticket = ticket_or_404(request, number)
    said = typed(ReplyForm(request.POST, senders=ticket.mailbox.addresses))
    if "note" in request.POST:
        said["note"] = request.POST["note"][:MAX_TEXT]
    version = request.POST.get("version", "")
    try:
        draft = save_draft(ticket, said, by=request.membership, version=int(version) if version.isdecimal() else None)
    except DraftChanged as changed:
        if not is_script(request):
            raise
        return JsonResponse(said_elsewhere(changed.draft, _url_of(request, number)), status=409)
    for refused in keep_files(request, ticket):
        messages.error(request, refused)
    if is_script(request):
        return JsonResponse(said_saved(draft))
    messages.success(request, _("Draft saved.") if draft else _("There was nothing to save."))
    return redirect(address_of(request, number, "#composer"))


def keep_files(request: DeskRequest, ticket: Ticket) -> list[str]:
    """Seal the files of a form into the draft; return a sentence for each that could not be kept."""
    return kept_or_refused(request, lambda file: attach_to_draft(ticket, file, by=request.membership))


def kept_or_refused(request: DeskRequest, keep: Callable[[NewFile], object]) -> list[str]:
    """Keep each file of a form; return a sentence for each that could not be kept."""
    refused = []
    for file in request.FILES.getlist("files"):
        try:
            check_upload(file)
            keep(uploaded(file))
        except ValidationError as error:
            refused.append(str(error.messages[0]))
        except ActionRefused as error:
            refused.append(str(error))
    return refused


@require_POST
@answering_only
@contentless(OWN)
def discard(request: DeskRequest, number: int) -> HttpResponse:
    """Throw away the answer that was being written, or the note."""
    ticket = ticket_or_404(request, number)
    discard_draft(ticket, by=request.membership, fields=NOTE if request.POST.get("what") == "note" else WORDS)
    messages.success(request, _("The draft is thrown away."))
    return redirect(address_of(request, number, "#composer"))


@require_POST
@answering_only
@contentless(OWN)
def upload(request: DeskRequest, number: int) -> HttpResponse:
    """Take one file into the draft as soon as it is chosen, or one picture for its text; for scripts."""
    ticket = ticket_or_404(request, number)
    return take_upload(
        request, lambda file: attach_to_draft(ticket, file, by=request.membership), _url_of(request, number)
    )


def take_upload(request: DeskRequest, keep: Callable[[NewFile], DraftFile], url_of: UrlOf) -> HttpResponse:
    """Keep the one file that a script sends, and say where it is; or why it is not kept."""
    file, inline = request.FILES.get("file"), request.POST.get("inline") == "1"
    if file is None:
        return JsonResponse({"said": _("No file came with it.")}, status=422)
    try:
        said = check_upload(file)
        kept = keep(uploaded(file, inline=inline))
    except (ValidationError, ActionRefused) as refusal:
        said = refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)
        return JsonResponse({"said": said}, status=422)
    return JsonResponse(
        {
            "name": kept.name,
            "size": filesizeformat(kept.size),
            "url": url_of("file", kept.pk),
            "remove_url": url_of("remove", kept.pk),
            "version": kept.draft.version,
            "said": said,
        }
    )


@answering_only
@require_safe
@as_verb("download")
@csp_exempt()  # type: ignore[arg-type]
def draft_file(request: DeskRequest, number: int, draft_file_id: UUID) -> HttpResponseBase:
    """Send a file of the reader's own draft, or of an answer that waits: as a download, or as a picture of its text."""
    return send_draft_file(_file_or_404(request, number, draft_file_id))


def send_draft_file(file: DraftFile) -> HttpResponseBase:
    """Send a file that the reader may see: as a download, or as a picture of the text."""
    if not file.file.exists():
        raise Http404
    chunks = file.file.read()
    first = next(chunks)
    return as_download(first, chunks, file.name, file.size, file.content_type if file.is_inline else BYTES)


@require_POST
@answering_only
@contentless(OWN)
def remove_draft_file(request: DeskRequest, number: int, draft_file_id: UUID) -> HttpResponse:
    """Take a file out of the reader's own draft."""
    ticket_or_404(request, number)
    detach_from_draft(_file_or_404(request, number, draft_file_id))
    return JsonResponse({}) if is_script(request) else redirect(address_of(request, number, "#composer"))


@require_POST
@answering_only
def cancel(request: DeskRequest, number: int, scheduled_id: UUID) -> HttpResponse:
    """Give an answer that waits back to its writer."""
    ticket_or_404(request, number)
    draft = get_object_or_404(
        of_number(request, number).scheduled().select_related("ticket", "author__user"), pk=scheduled_id
    )
    cancel_scheduled(draft, by=request.membership)
    mine = draft.author_id == request.membership.pk
    name = draft.author.display_name
    said = _("It waits no longer: it is your draft again.") if mine else _("It is a draft of %(name)s again.")
    messages.success(request, said % {"name": name})
    return redirect(address_of(request, number, "#composer"))


@require_POST
@answering_only
def undo(request: DeskRequest, number: int) -> HttpResponse:
    """Take the reader's newest answer back, as long as it waits."""
    undo_send(ticket_or_404(request, number), by=request.membership)
    messages.success(request, _("Taken back. It is a draft again, and nobody got it."))
    return redirect(address_of(request, number, "#composer"))


def _file_or_404(request: DeskRequest, number: int, pk: UUID) -> DraftFile:
    ticket_or_404(request, number)
    return get_object_or_404(DraftFile.objects.filter(draft__in=own_draft(request, number).values("pk")), pk=pk)


def is_script(request: DeskRequest) -> bool:
    """Return whether a script asked, and wants data instead of a page."""
    return request.headers.get("Accept", "") == "application/json"


def said_saved(draft: Draft | None) -> dict[str, Any]:
    """Return what a script is told of a draft that was kept, or thrown away because it says nothing."""
    clock = date_format(timezone.localtime(draft.saved_at), "H:i") if draft else ""
    said = _("Draft saved %(clock)s") % {"clock": clock} if draft else ""
    return {"version": draft.version if draft else 0, "said": said}


def said_elsewhere(draft: Draft, url_of: UrlOf) -> dict[str, Any]:
    """Return what a script is told where another window of the same agent has newer words."""
    return {
        "version": draft.version,
        "text": draft.says("text"),
        "note": draft.says("note"),
        "html": shown_rich(draft.says("html"), picture_urls(list(draft.files.all()), url_of)),
    }


def _url_of(request: DeskRequest, number: int) -> UrlOf:
    return lambda name, pk: file_url(request, number, pk, name)
