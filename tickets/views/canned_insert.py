"""Canned replies on their way into what is being written: an answer, a new mail, a mail that is passed on."""

from collections.abc import Container
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from mailbox.bodies import paragraphs
from tickets.actions.canned import filled_for, put_files_in, put_into_draft
from tickets.actions.canned_letter import filled_for_letter, put_files_in_letter, put_into_letter
from tickets.actions.draft import save_draft
from tickets.actions.draft_letter import letter_at, save_letter
from tickets.forms import ReplyForm
from tickets.models import CannedReply, Draft
from tickets.outgoing import Person
from tickets.people_field import PeopleField
from tickets.views.drafting import UrlOf, file_url, own_draft, typed
from tickets.views.drafts import is_script, keep_files
from tickets.views.finding import ticket_or_404
from tickets.views.letter_drafts import back_to, keep_letter_files, mailbox_of
from tickets.views.letter_pages import LetterPage, letter_page
from tickets.views.ticket import address_of


@require_POST
@answering_only
def insert(request: DeskRequest, number: int) -> HttpResponse:
    """Put a canned reply into an answer: a script gets its text, a form comes back with it."""
    ticket, chosen = ticket_or_404(request, number), _chosen(request)
    if is_script(request):
        text, empty = filled_for(chosen, ticket, request.membership)
        before = _files(own_draft(request, number).first())
        put_files_in(chosen, ticket, by=request.membership)
        after = own_draft(request, number).first()
        return _told(text, _empty(empty), after, before, lambda name, pk: file_url(request, number, pk, name))
    save_draft(ticket, typed(ReplyForm(request.POST, senders=ticket.mailbox.addresses)), by=request.membership)
    for refused in keep_files(request, ticket):
        messages.error(request, refused)
    _draft, empty = put_into_draft(chosen, ticket, by=request.membership)
    if said := _empty(empty):
        messages.warning(request, said)
    return redirect(address_of(request, number, "#composer"))


@require_POST
@answering_only
def insert_into_letter(request: DeskRequest, number: int | None = None, message_id: UUID | None = None) -> HttpResponse:
    """Put a canned reply into a new mail or one that is passed on, likewise."""
    page = letter_page(request, number, message_id)
    mailbox, chosen, to, subject = mailbox_of(page), _chosen(request), _people(request), _subject(page)
    if is_script(request):
        text, empty = filled_for_letter(chosen, page.place, mailbox=mailbox, to=to, subject=subject)
        before = _files(letter_at(page.place))
        put_files_in_letter(chosen, page.place, mailbox=mailbox)
        return _told(text, _empty_in_letter(empty), letter_at(page.place), before, page.url)
    save_letter(page.place, page.form.typed(), mailbox=mailbox)
    for refused in keep_letter_files(page, mailbox):
        messages.error(request, refused)
    if said := _empty_in_letter(put_into_letter(chosen, page.place, mailbox=mailbox, to=to, subject=subject)):
        messages.warning(request, said)
    return back_to(page)


def _chosen(request: DeskRequest) -> CannedReply:
    try:
        return CannedReply.objects.usable_by(request.membership).get(pk=UUID(request.POST.get("canned", "")))
    except (ValueError, CannedReply.DoesNotExist):
        raise ActionRefused(_("Choose a canned reply to put in.")) from None


def _people(request: DeskRequest) -> list[Person]:
    """Return whom a letter is written to; nobody as long as that cannot be read."""
    try:
        return PeopleField(required=False).clean(request.POST.get("to", ""))
    except ValidationError:
        return []


def _subject(page: LetterPage) -> str:
    """Return the subject as it is typed; one that is passed on has its ticket's."""
    return str(page.form["subject"].value() or "") if "subject" in page.form.fields else ""


def _files(draft: Draft | None) -> dict[UUID, str]:
    return {one.pk: one.name for one in draft.files.all()} if draft else {}


def _told(text: str, said: str, draft: Draft | None, before: Container[UUID], url_of: UrlOf) -> JsonResponse:
    """Return what a script puts in: the words, and which files are with the draft now."""
    new = [
        {"name": name, "url": url_of("file", pk), "remove_url": url_of("remove", pk)}
        for pk, name in _files(draft).items()
        if pk not in before
    ]
    version = draft.version if draft else 0
    return JsonResponse({"text": text, "html": paragraphs(text), "files": new, "said": said, "version": version})


def _empty(names: list[str]) -> str:
    if not names:
        return ""
    return _("Left out, because the ticket does not say it: %(names)s. Look at the text.") % {"names": ", ".join(names)}


def _empty_in_letter(names: list[str]) -> str:
    if not names:
        return ""
    said = {"names": ", ".join(names)}
    return _("Left out, because this mail does not say it yet: %(names)s. Look at the text.") % said
