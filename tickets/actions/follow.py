"""Wanting to know how a ticket goes on, or not any more."""

from django.db import transaction

from accounts.models import Membership
from tickets.models import Following, Ticket


@transaction.atomic
def follow_ticket(ticket: Ticket, *, by: Membership) -> None:
    """Follow a ticket; following it twice changes nothing."""
    _choose(ticket, by, is_on=True)


@transaction.atomic
def unfollow_ticket(ticket: Ticket, *, by: Membership) -> None:
    """Stop following a ticket; it is not followed by itself again."""
    _choose(ticket, by, is_on=False)


def _choose(ticket: Ticket, by: Membership, *, is_on: bool) -> None:
    kept, is_new = Following.objects.get_or_create(
        ticket=ticket, member=by, defaults={"is_on": is_on, "organization_id": ticket.organization_id}
    )
    if not is_new and kept.is_on != is_on:
        kept.is_on = is_on
        kept.save(update_fields=["is_on"])
