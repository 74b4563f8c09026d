"""Work goes back to everybody when whoever has it may no longer see it."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from accounts.models import Membership, Team
from mailbox.access import members_who_see, teams_that_see
from mailbox.models import Mailbox
from tickets.history import record
from tickets.models import Event, Ticket
from tickets.models.ticket import TicketQuerySet


@transaction.atomic
def release_unreachable(organization_id: UUID, *, by: Membership | None, among: list[UUID] | None = None) -> set[UUID]:
    """Take every ticket that is not closed from a member or team that may not see or answer it; return their ids.

    Each gets a line in its history. `among` looks at these tickets only. A closed ticket keeps its name in peace: it is
    looked at when it opens again.
    """
    tickets = Ticket.objects.filter(organization_id=organization_id).unfinished()
    if among is not None:
        tickets = tickets.filter(pk__in=among)
    released: dict[UUID, Ticket] = {}
    for found in _without_holder(tickets, organization_id):
        for ticket in found.select_related("assignee").select_for_update(of=("self",)).order_by("pk"):
            _take(released.setdefault(ticket.pk, ticket), "assignee", by)
    for found in _without_team(tickets, organization_id):
        for ticket in found.select_related("team").select_for_update(of=("self",)).order_by("pk"):
            _take(released.setdefault(ticket.pk, ticket), "team", by)
    return set(released)


@transaction.atomic
def release_team(team: Team, *, by: Membership) -> set[UUID]:
    """Take a team that ends off its tickets; return the ids of those that are not closed."""
    mine = Ticket.objects.filter(organization_id=team.organization_id).given_to(team)
    waiting = list(mine.unfinished().select_related("team").select_for_update(of=("self",)).order_by("pk"))
    for ticket in waiting:
        _take(ticket, "team", by)
    mine.update(team=None)
    return {ticket.pk for ticket in waiting}


def _without_holder(tickets: TicketQuerySet, organization_id: UUID) -> Iterator[TicketQuerySet]:
    held = tickets.exclude(assignee=None)
    everybody = Membership.objects.filter(organization_id=organization_id)
    yield held.filter(assignee__in=everybody.exclude(pk__in=everybody.answering().values("pk")))
    for mailbox in _limited(organization_id):
        yield held.filter(mailbox=mailbox).exclude(assignee__in=members_who_see(mailbox).values("pk"))


def _without_team(tickets: TicketQuerySet, organization_id: UUID) -> Iterator[TicketQuerySet]:
    for mailbox in _limited(organization_id):
        given = tickets.exclude(team=None).filter(mailbox=mailbox)
        yield given.exclude(team__in=teams_that_see(mailbox).values("pk"))


def _limited(organization_id: UUID) -> list[Mailbox]:
    return list(Mailbox.objects.filter(organization_id=organization_id, is_limited=True))


def _take(ticket: Ticket, holder: str, by: Membership | None) -> None:
    """Take the ticket from its assignee or its team, and say so in its history."""
    lost = {holder: getattr(ticket, holder)}
    setattr(ticket, holder, None)
    ticket.save(update_fields=[holder])
    record(ticket, Event.Verb.RELEASED, by=by, **lost)
