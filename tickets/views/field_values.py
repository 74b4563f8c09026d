"""Custom fields of one ticket: what the form in its panel saves."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.set_fields import set_fields
from tickets.custom_fields import value_of
from tickets.fields_form import FieldsForm
from tickets.models import CustomField, Ticket
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import done, page


@require_POST
@answering_only
def save_fields(request: DeskRequest, number: int) -> HttpResponse:
    """Save what was typed over; what is no value comes back beside its field, with everything that was typed."""
    ticket = ticket_or_404(request, number)
    fields = list(CustomField.objects.filter(organization=request.organization).of_tickets().in_use())
    form = FieldsForm(request.POST, fields=fields, values=ticket.fields)
    if form.is_valid():
        try:
            set_fields(ticket, changes=form.changes(), by=request.membership)
        except ActionRefused as refusal:
            form = _seen_now(request.POST, fields, ticket, str(refusal))
        else:
            messages.success(request, _("Saved."))
            response = done(request, number)
            if request.htmx:
                response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
            return response
    return page(request, number, fields_form=form, status=422)


def _seen_now(typed: QueryDict, fields: list[CustomField], ticket: Ticket, refusal: str) -> FieldsForm:
    """Return the form as it was typed, beside what the ticket has now: saving it again replaces that knowingly."""
    ticket.refresh_from_db(fields=["fields"])
    values = ticket.fields
    data = typed.copy()
    for field in fields:
        data[f"seen_{field.pk.hex}"] = value_of(field, values)
    again = FieldsForm(data, fields=fields, values=values)
    again.add_error(None, refusal)
    return again
