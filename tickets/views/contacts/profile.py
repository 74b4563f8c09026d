"""A contact: who it is, what colleagues noted, its tickets as far as the reader may see them, what was changed."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access_log import saw
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from tickets.contact_forms import AddressForm, ContactNoteForm
from tickets.contacts.access import contacts_for
from tickets.contacts.domains import domain_of
from tickets.contacts.finding import addresses_of
from tickets.contacts.public_domains import is_public
from tickets.custom_fields import shown_value, value_of
from tickets.fields_form import FieldsForm
from tickets.models import Contact, ContactMerge, CustomField, Ticket
from tickets.newest import NEWEST
from tickets.views.contacts.common import called, contact_or_404, in_order, page, to_contact
from tickets.views.contacts.records import history_of
from tickets.views.rows import Lines

TICKETS = 25


@require_safe
def contact(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Show a contact; what was merged into another leads there."""
    if survivor := _survivor(request, contact_id):
        return to_contact(request, survivor)
    return profile_page(request, contact_or_404(request, contact_id))


def profile_page(
    request: DeskRequest,
    found: Contact,
    *,
    address_form: AddressForm | None = None,
    note_form: ContactNoteForm | None = None,
    fields_form: FieldsForm | None = None,
    taken_by: Contact | None = None,
) -> HttpResponse:
    """Show a contact, with a form that needs another look where one was refused."""
    addresses = addresses_of(found)
    context = page(
        request,
        contact=found,
        name=called(found, addresses),
        addresses=addresses,
        notes=list(found.notes.select_related("author__user").order_by("-at", "-pk")),
        history=history_of(request, found),
        merges=_merges(found),
        may_make_company=_company_domain(found, addresses),
        address_form=address_form or AddressForm(),
        note_form=note_form or ContactNoteForm(),
        taken_by={"id": taken_by.pk, "name": called(taken_by)} if taken_by else None,
        **_fields(request, found, fields_form),
        **_tickets(request, found),
    )
    refused = any(form.errors for form in (address_form, note_form, fields_form) if isinstance(form, forms.Form))
    return render(request, "tickets/contacts/contact.html", context, status=422 if refused else 200)


def _survivor(request: DeskRequest, contact_id: UUID) -> Contact | None:
    """Return where a merged contact went, if the reader may see that one."""
    into = Contact.objects.filter(organization=request.organization, pk=contact_id).values("merged_into")
    return contacts_for(request.membership).filter(pk__in=into).first()


def _fields(request: DeskRequest, found: Contact, form: FieldsForm | None) -> dict[str, Any]:
    """Return the custom fields of a contact: those asked for, retired ones where it has a value, and their form."""
    fields = list(CustomField.objects.filter(organization=request.organization).of_contacts())
    in_use = [field for field in fields if not field.is_retired]
    asked = FieldsForm(fields=in_use, values=found.fields) if in_use and request.membership.can_answer else None
    values = [
        {"name": field.name, "value": shown_value(field, value), "is_retired": field.is_retired}
        for field in fields
        if (value := value_of(field, found.fields)) or not field.is_retired
    ]
    return {"field_values": values, "fields_form": form or asked, "fields_open": form is not None}


def _tickets(request: DeskRequest, found: Contact) -> dict[str, Any]:
    """Return a page of the tickets of this contact that the reader may see, newest activity first."""
    try:
        before = NEWEST.cursor_of(request.GET.get("before", ""))
    except ValueError:
        raise Http404 from None
    own = Ticket.objects.visible_to(request.membership).filter(contact=found, merged_into=None)
    tickets = list(in_order(own, before)[: TICKETS + 1])
    saw(request, tickets[:TICKETS])
    keys.warm(Kind.MAILBOX, {one.mailbox_id for one in tickets})
    keys.warm(Kind.PROFILE, {one.assignee.user_id for one in tickets if one.assignee})
    prefetch_related_objects([found], "addresses")
    for one in tickets:
        one.contact = found
    here = reverse("tickets:contact", args=[request.organization.slug, found.pk])
    older = NEWEST.cursor_after(tickets[TICKETS - 1]) if len(tickets) > TICKETS else ""
    return {
        "tickets": list(map(Lines(request).of, tickets[:TICKETS])),
        "older_url": f"{here}?before={older}#tickets" if older else "",
        "newest_url": f"{here}#tickets" if before else "",
    }


def _merges(found: Contact) -> list[dict[str, Any]]:
    """Return the merges that can be undone, newest first."""
    undoable = ContactMerge.objects.filter(survivor=found, undone_at=None).order_by("-pk")
    return [
        {"id": one.pk, "name": one.merged.name or _("a contact without a name"), "at": one.at}
        for one in undoable.select_related("merged")[:20]
    ]


def _company_domain(found: Contact, addresses: list[Any]) -> str:
    """Return a domain that could be a company of its own: of one address, where no company is known."""
    if found.company_id or not addresses:
        return ""
    domain = domain_of(addresses[0].address)
    return "" if is_public(domain) or "." not in domain else domain
