"""The history of contacts and companies: who changed what, when."""

from typing import Any

from accounts.models import Membership
from tickets.models import Company, Contact, ContactEvent

Verb = ContactEvent.Verb


def record_change(about: Contact | Company, verb: str, *, by: Membership | None, **details: Any) -> ContactEvent:
    """Write one line of the history of a contact or a company."""
    whose = {"contact": about} if isinstance(about, Contact) else {"company": about}
    return ContactEvent.objects.create(
        organization_id=about.organization_id, verb=verb, by=by, details=details, **whose
    )


def newest_change(about: Contact | Company) -> str:
    """Return which change was the last, as forms carry it: who saves on top of another's change is told."""
    last = about.events.order_by("-pk").values_list("pk", flat=True).first()
    return last.hex if last else ""
