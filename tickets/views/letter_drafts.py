"""A new mail or one that is passed on, on its way to the server and back: saved, thrown away, with files."""

from uuid import UUID

from csp.decorators import csp_exempt
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access_log import as_verb, contentless
from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from mailbox.models import Mailbox
from tickets.actions.draft_letter import attach_to_letter, discard_letter, letter_at, save_letter
from tickets.actions.keep_draft import DraftChanged, detach_from_draft
from tickets.models import DraftFile
from tickets.views.drafts import (
    OWN,
    is_script,
    kept_or_refused,
    said_elsewhere,
    said_saved,
    send_draft_file,
    take_upload,
)
from tickets.views.letter_pages import LetterPage, letter_page


def keep_letter_files(page: LetterPage, mailbox: Mailbox) -> list[str]:
    """Seal the files of a form into the draft; return a sentence for each that could not be kept."""
    return kept_or_refused(page.request, lambda file: attach_to_letter(page.place, file, mailbox=mailbox))


@require_POST
@answering_only
@contentless(OWN)
def save(request: DeskRequest, number: int | None = None, message_id: UUID | None = None) -> HttpResponse:
    """Keep what was typed, and files that were chosen; for a script, say when it was saved."""
    page = letter_page(request, number, message_id)
    mailbox, version = mailbox_of(page), request.POST.get("version", "")
    began = int(version) if version.isdecimal() else None
    try:
        draft = save_letter(page.place, page.form.typed(), mailbox=mailbox, version=began)
    except DraftChanged as changed:
        if not is_script(request):
            raise
        return JsonResponse(said_elsewhere(changed.draft, page.url), status=409)
    for refused in keep_letter_files(page, mailbox):
        messages.error(request, refused)
    if is_script(request):
        return JsonResponse(said_saved(draft))
    messages.success(request, _("Draft saved.") if draft else _("There was nothing to save."))
    return back_to(page)


@require_POST
@answering_only
@contentless(OWN)
def discard(request: DeskRequest, number: int | None = None, message_id: UUID | None = None) -> HttpResponse:
    """Throw away what was being written there."""
    page = letter_page(request, number, message_id)
    discard_letter(page.place)
    messages.success(request, _("The draft is thrown away."))
    return back_to(page)


@require_POST
@answering_only
@contentless(OWN)
def upload(request: DeskRequest, number: int | None = None, message_id: UUID | None = None) -> HttpResponse:
    """Take one file into the draft as soon as it is chosen, or one picture for its text; for scripts."""
    page = letter_page(request, number, message_id)
    draft = letter_at(page.place)
    mailbox = draft.mailbox if draft else mailbox_of(page)
    return take_upload(request, lambda file: attach_to_letter(page.place, file, mailbox=mailbox), page.url)


@answering_only
@require_safe
@as_verb("download")
@csp_exempt()  # type: ignore[arg-type]
def file(
    request: DeskRequest, draft_file_id: UUID, number: int | None = None, message_id: UUID | None = None
) -> HttpResponseBase:
    """Send a file of the reader's own draft: as a download, or as a picture of its text."""
    return send_draft_file(_file_or_404(letter_page(request, number, message_id), draft_file_id))


@require_POST
@answering_only
@contentless(OWN)
def remove(
    request: DeskRequest, draft_file_id: UUID, number: int | None = None, message_id: UUID | None = None
) -> HttpResponse:
    """Take a file out of the reader's own draft."""
    page = letter_page(request, number, message_id)
    detach_from_draft(_file_or_404(page, draft_file_id))
    return JsonResponse({}) if is_script(request) else back_to(page)


def mailbox_of(page: LetterPage) -> Mailbox:
    """Return the mailbox a letter is to leave from; declined where there is none."""
    if (mailbox := page.mailbox) is None:
        raise ActionRefused(_("There is no mailbox to send from."))
    return mailbox


def _file_or_404(page: LetterPage, pk: UUID) -> DraftFile:
    draft = letter_at(page.place)
    found = draft.files.filter(pk=pk).first() if draft else None
    if found is None:
        raise Http404
    return found


def back_to(page: LetterPage) -> HttpResponse:
    """Lead back to where the letter is written."""
    query = f"?{page.request.GET.urlencode()}" if page.request.GET else ""
    return redirect(page.url() + query)
