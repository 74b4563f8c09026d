"""Custom fields of one contact: shown beside its tickets, and what their form saves."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.contacts.set_contact_fields import set_contact_fields
from tickets.custom_fields import value_of
from tickets.fields_form import FieldsForm
from tickets.models import Contact, CustomField
from tickets.views.contacts.common import contact_or_404, to_contact
from tickets.views.contacts.profile import profile_page


@require_POST
@answering_only
def save(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Save what was typed over; what is no value comes back beside its field, with everything that was typed."""
    found = contact_or_404(request, contact_id)
    fields = list(CustomField.objects.filter(organization=request.organization).of_contacts().in_use())
    form = FieldsForm(request.POST, fields=fields, values=found.fields)
    if form.is_valid():
        try:
            set_contact_fields(found, changes=form.changes(), by=request.membership)
        except ActionRefused as refusal:
            form = _seen_now(request.POST, fields, found, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return to_contact(request, found)
    return profile_page(request, found, fields_form=form)


def _seen_now(typed: QueryDict, fields: Iterable[CustomField], found: Contact, refusal: str) -> FieldsForm:
    """Return the form as it was typed, beside what the contact has now: saving it again replaces that knowingly."""
    found.refresh_from_db(fields=["fields"])
    data: Any = typed.copy()
    for field in fields:
        data[f"seen_{field.pk.hex}"] = value_of(field, found.fields)
    again = FieldsForm(data, fields=fields, values=found.fields)
    again.add_error(None, refusal)
    return again
