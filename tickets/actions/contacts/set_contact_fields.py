"""What the custom fields of a contact say."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import Membership
from tickets.actions.set_fields import changed_values
from tickets.contacts.history import Verb, record_change
from tickets.custom_fields import shown_value, value_of
from tickets.models import Contact, CustomField


@transaction.atomic
def set_contact_fields(contact: Contact, *, changes: Mapping[CustomField, tuple[str, str]], by: Membership) -> None:
    """Set fields of a contact, each from the value that was seen to a new one; an empty one takes the value away.

    Where somebody changed a field in the meantime nothing is set, and the refusal says what it is now.
    """
    contact.lock()
    before = contact.fields
    values, changed = changed_values(before, changes, subject=CustomField.Subject.CONTACT)
    for field in changed:
        was, now = (shown_value(field, value_of(field, one)) for one in (before, values))
        record_change(contact, Verb.FIELD_CHANGED, by=by, field=field.name, before=was, after=now)
    contact.fields = values or None
    contact.save(update_fields=["fields"])
