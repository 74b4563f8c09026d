"""Two tickets that are one conversation, and taking that back."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.errors import SealingError
from tickets.actions.merged import refuse_if_merged
from tickets.actions.release import release_unreachable
from tickets.filing.turn import serialize_filing
from tickets.history import record
from tickets.models import Event, Message, Note, Ticket
from tickets.moving import move, recount

_OF_MERGING = ["merged_into", "state_before_merge", "survivor_state", "survivor_closed_at", "state", "closed_at"]
_MOVES_STATE = [
    *(Event.Verb.CLOSED, Event.Verb.REOPENED, Event.Verb.ANSWERED, Event.Verb.STATE_RESTORED),
    *(Event.Verb.ABSORBED, Event.Verb.GAVE_BACK),
]
# Whose turn it is in the survivor: the more urgent of the two.
_URGENCY = [Ticket.State.SPAM, Ticket.State.CLOSED, Ticket.State.SNOOZED, Ticket.State.PENDING, Ticket.State.OPEN]


@transaction.atomic
def merge_tickets(ticket: Ticket, *, into: Ticket, by: Membership) -> Ticket:
    """Move the mails and notes of a ticket into another and return that one.

    The merged ticket stays, empty and closed, with its number and its history: answers to its mails go to the survivor.
    `unmerge_ticket` takes it back.
    """
    if ticket.organization_id != into.organization_id:
        raise ActionRefused(_("These tickets belong to two organizations."))
    serialize_filing(ticket.organization_id)
    for one in sorted((ticket, into), key=lambda held: held.pk):
        _hold(one)
    if ticket.pk == into.pk:
        raise ActionRefused(_("A ticket cannot be merged into itself."))
    for one in (ticket, into):
        refuse_if_merged(one)
    for rows in (Message.objects.filter(ticket=ticket), Note.objects.filter(ticket=ticket)):
        rows.filter(merged_from=None).update(merged_from=ticket)
        _move(rows.all(), into)
    ticket.merged_into, ticket.state_before_merge = into, ticket.state
    ticket.survivor_state, ticket.survivor_closed_at = into.state, into.closed_at
    ticket.state, ticket.closed_at = Ticket.State.CLOSED, ticket.closed_at or timezone.now()
    ticket.save(update_fields=_OF_MERGING)
    before, into.state = into.state, state_of_both(into, ticket.state_before_merge)
    into.closed_at = into.closed_at if into.is_closed else None
    into.save(update_fields=["state", "closed_at"])
    recount(ticket)
    recount(into)
    record(ticket, Event.Verb.MERGED, by=by, other=into)
    record(into, Event.Verb.ABSORBED, by=by, other=ticket)
    if before == Ticket.State.CLOSED != into.state:
        release_unreachable(into.organization_id, by=by, among=[into.pk])
        into.refresh_from_db(fields=["assignee", "team"])
    return into


@transaction.atomic
def unmerge_ticket(ticket: Ticket, *, by: Membership) -> int:
    """Give a merged ticket its own mails and notes back; what came later stays. Not merged: no change.

    Return how many mails stayed that came to the survivor since. Where nothing happened to the survivor since, it also
    gets back the state it had.
    """
    serialize_filing(ticket.organization_id)
    if not _hold(ticket).is_merged:
        return 0
    survivor = _hold(_survivor(ticket))
    if ticket.mailbox.is_disconnected:
        raise ActionRefused(_("The mailbox of #%(number)d was disconnected.") % {"number": ticket.number})
    origins = _origins(ticket)
    for rows in (Message.objects.filter(ticket=survivor), Note.objects.filter(ticket=survivor)):
        _move(rows.filter(merged_from__in=origins), ticket)
    for model in (Message, Note):
        model.objects.filter(ticket=ticket, merged_from=ticket).update(merged_from=None)
    merging = _absorption(ticket, survivor)
    # Ids grow with the time of their making.
    later = Message.objects.filter(ticket=survivor, pk__gt=merging.pk).count() if merging else 0
    if merging and not later and ticket.survivor_state:
        _restore_survivor(ticket, survivor, merging)
    ticket.merged_into, ticket.state = None, ticket.state_before_merge or Ticket.State.OPEN
    ticket.state_before_merge = ticket.survivor_state = ""
    ticket.survivor_closed_at, ticket.closed_at = None, ticket.closed_at if ticket.is_closed else None
    ticket.save(update_fields=_OF_MERGING)
    recount(ticket)
    recount(survivor)
    record(ticket, Event.Verb.UNMERGED, by=by, other=survivor)
    record(survivor, Event.Verb.GAVE_BACK, by=by, other=ticket)
    release_unreachable(ticket.organization_id, by=by, among=[ticket.pk])
    ticket.refresh_from_db(fields=["assignee", "team"])
    return later


def state_of_both(into: Ticket, state: str) -> str:
    """Return the state of a ticket that takes in one of this state: the more urgent of the two."""
    return max(into.state, state, key=_urgency)


def _hold(ticket: Ticket) -> Ticket:
    try:
        return ticket.lock()
    except SealingError:
        raise ActionRefused(_("The mails cannot be read any more: the key of their mailbox is gone.")) from None


def _move(rows: QuerySet[Any], ticket: Ticket) -> None:
    try:
        move(rows, ticket)
    except SealingError:
        raise ActionRefused(_("The mails cannot be read any more: the key of their mailbox is gone.")) from None


def _survivor(ticket: Ticket) -> Ticket:
    """Return the ticket in which the mails of this one are; what it was merged into may have been merged too."""
    survivor = ticket
    while survivor.merged_into is not None:
        survivor = survivor.merged_into
    return survivor


def _origins(ticket: Ticket) -> set[UUID]:
    """Return the ticket and every ticket that was merged into it, directly or not."""
    origins = newest = {ticket.pk}
    while newest:
        newest = set(Ticket.objects.filter(merged_into__in=newest).values_list("pk", flat=True)) - origins
        origins = origins | newest
    return origins


def _absorption(ticket: Ticket, survivor: Ticket) -> Event | None:
    """Return the line of the survivor's history that says it took this ticket in."""
    lines = Event.objects.filter(ticket=survivor, verb=Event.Verb.ABSORBED, other=ticket)
    return lines.order_by("-pk").first()


def _restore_survivor(ticket: Ticket, survivor: Ticket, since: Event) -> None:
    """Give the survivor the state of before the merge back; the caller knows that no mail came since."""
    changed = Event.objects.filter(ticket=survivor, pk__gt=since.pk, verb__in=_MOVES_STATE).exists()
    expected = max(ticket.survivor_state, ticket.state_before_merge, key=_urgency)
    if not changed and survivor.state == expected:
        survivor.state, survivor.closed_at = ticket.survivor_state, ticket.survivor_closed_at
        survivor.save(update_fields=["state", "closed_at"])


def _urgency(state: str) -> int:
    return _URGENCY.index(Ticket.State(state))
