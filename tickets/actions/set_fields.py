"""What a ticket's custom fields say."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from tickets.actions.merged import refuse_if_merged
from tickets.custom_fields import BadValue, Values, read_value, shown_value, value_of, with_value
from tickets.history import record
from tickets.models import CustomField, Event, Ticket


@transaction.atomic
def set_fields(ticket: Ticket, *, changes: Mapping[CustomField, tuple[str, str]], by: Membership) -> None:
    """Set fields of a ticket, each from the value that was seen to a new one; an empty one takes the value away.

    Where somebody changed a field in the meantime nothing is set, and the refusal says what it is now.
    """
    refuse_if_merged(ticket.lock())
    values, changed = changed_values(ticket.fields, changes, subject=CustomField.Subject.TICKET)
    for field in changed:
        record(ticket, Event.Verb.FIELD_CHANGED, by=by, field=field)
    ticket.fields = values or None
    ticket.save(update_fields=["fields"])


def changed_values(
    values: Values | None, changes: Mapping[CustomField, tuple[str, str]], *, subject: str
) -> tuple[Values, list[CustomField]]:
    """Return the values with these changes, each from what was seen to a new one, and the fields that are changed.

    ActionRefused where somebody changed a field in the meantime, where it is no longer asked for, or for a bad value.
    """
    values, changed = values or {}, []
    for field, (seen, typed) in changes.items():
        current = value_of(field, values)
        wanted = _read(field, typed, current)
        if wanted == current:
            continue
        if field.is_retired or field.subject != subject:
            raise ActionRefused(_("“%(field)s” is no longer asked for.") % {"field": field.name})
        if current != seen:
            raise ActionRefused(
                _("Somebody changed “%(field)s” while you typed. It is now: %(value)s. Save again to replace it.")
                % {"field": field.name, "value": shown_value(field, current) or _("empty")}
            )
        values = with_value(field, values, wanted)
        changed.append(field)
    return values, changed


def _read(field: CustomField, typed: str, current: str) -> str:
    """Return what is wanted; what a field has already may stay, also where it would no longer be taken."""
    try:
        return typed if typed == current else read_value(field, typed)
    except BadValue as fault:
        raise ActionRefused(str(fault)) from None
