"""Adding a contact, saying what it is called and where the person works, and notes about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.contacts.addresses import AddressTaken
from tickets.actions.contacts.edit import edit_contact
from tickets.actions.contacts.make import make_contact
from tickets.actions.contacts.note import add_contact_note, remove_contact_note
from tickets.contact_forms import ContactForm, ContactNoteForm, NewContactForm
from tickets.contacts.history import newest_change
from tickets.models import Contact
from tickets.views.contacts.common import called, company_names, contact_or_404, page, to_contact
from tickets.views.contacts.profile import profile_page
from tickets.views.contacts.records import history_of


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def new_contact(request: DeskRequest) -> HttpResponse:
    """Add somebody who never wrote; an address that is known leads to whose it is."""
    form, taken_by = NewContactForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = make_contact(request.organization, **form.cleaned_data, by=request.membership)
            messages.success(request, _("Added."))
            return to_contact(request, made)
        except AddressTaken as taken:
            form.add_error("address", str(taken))
            taken_by = {"id": taken.contact.pk, "name": called(taken.contact)}
        except ActionRefused as refusal:
            form.add_error("address", str(refusal))
    context = page(request, form=form, taken_by=taken_by)
    return render(request, "tickets/contacts/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def edit(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Change name and company; who saves on top of a colleague's change is shown it first, and keeps the text."""
    found = contact_or_404(request, contact_id)
    if request.method != "POST":
        return _edit_page(request, found, _form_of(found))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, found, form)
    said = dict(form.cleaned_data)
    if said.pop("seen") != newest_change(found):
        form = _form_of(found, **said)
        return _edit_page(request, found, form, changed_since=True)
    edit_contact(found, **said, by=request.membership)
    messages.success(request, _("Saved. Later mail does not change it."))
    return to_contact(request, found)


@require_POST
@answering_only
def note(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Add a remark for colleagues."""
    found, form = contact_or_404(request, contact_id), ContactNoteForm(request.POST)
    if not form.is_valid():
        return profile_page(request, found, note_form=form)
    add_contact_note(found, text=form.cleaned_data["text"], by=request.membership)
    return to_contact(request, found, "#notes")


@require_POST
@answering_only
def remove_note(request: DeskRequest, contact_id: UUID, note_id: UUID) -> HttpResponse:
    """Delete a remark."""
    found = contact_or_404(request, contact_id)
    remove_contact_note(get_object_or_404(found.notes, pk=note_id), by=request.membership)
    messages.success(request, _("The note is deleted."))
    return to_contact(request, found, "#notes")


def _form_of(found: Contact, **said: str) -> ContactForm:
    """Return the form with what is there, or with what somebody had written before."""
    now = {"name": found.name, "company": found.company.name if found.company else "", "seen": newest_change(found)}
    return ContactForm(initial=now | said)


def _edit_page(request: DeskRequest, found: Contact, form: ContactForm, *, changed_since: bool = False) -> HttpResponse:
    context = page(
        request,
        contact=found,
        name=called(found),
        form=form,
        companies=company_names(request),
        changed=history_of(request, found)[:3] if changed_since else [],
    )
    status = 409 if changed_since else 422 if form.errors else 200
    return render(request, "tickets/contacts/edit.html", context, status=status)
