"""A ticket sleeps until a time or until its contact writes, and wakes."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from tickets.actions.merged import refuse_if_merged
from tickets.history import record
from tickets.models import Event, Ticket

FURTHEST = timedelta(days=366)
STEP = 100  # tickets woken in one transaction


@transaction.atomic
def snooze_ticket(ticket: Ticket, *, until: datetime | None, by: Membership) -> None:
    """Let a ticket sleep until this time, or without one until its contact writes, which always wakes it."""
    now = timezone.now()
    if until is not None and not now < until <= now + FURTHEST:
        raise ActionRefused(_("Choose a time that is still to come, within a year."))
    refuse_if_merged(ticket.lock())
    if ticket.state == Ticket.State.SNOOZED and ticket.snoozed_until == until:
        return
    ticket.state, ticket.snoozed_until, ticket.closed_at = Ticket.State.SNOOZED, until, None
    ticket.save(update_fields=["state", "snoozed_until", "closed_at"])
    record(ticket, Event.Verb.SNOOZED, by=by, until=until)


@transaction.atomic
def wake_ticket(ticket: Ticket, *, by: Membership | None) -> None:
    """Make a snoozed ticket our turn again; one that is awake stays as it is."""
    ticket.lock()
    if ticket.state == Ticket.State.SNOOZED:
        _wake(ticket, by)


@transaction.atomic
def wake_due(organization_id: UUID, *, now: datetime | None = None) -> int:
    """Wake tickets whose time has come, the longest overdue first, and return how many; again until none is left.

    What is due is asked of the rows, so a run that was missed is made up for by the next.
    """
    due = Ticket.objects.snoozed().filter(organization_id=organization_id, snoozed_until__lte=now or timezone.now())
    rows = list(due.select_for_update(of=("self",), skip_locked=True).order_by("snoozed_until", "pk")[:STEP])
    for ticket in rows:
        _wake(ticket, None)
    return len(rows)


def _wake(ticket: Ticket, by: Membership | None) -> None:
    ticket.state, ticket.snoozed_until = Ticket.State.OPEN, None
    ticket.save(update_fields=["state", "snoozed_until"])
    record(ticket, Event.Verb.WOKEN, by=by)
