"""What follows from a line in a ticket's history, and from mail, for the people who work on it together."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts.models import TeamMember
from mailbox.models import Mailbox
from tickets.models import Event, Following, Message, Notification, Ticket
from tickets.together.notices import listeners, tell_of_mailbox, tell_of_ticket
from tickets.together.presence import let_go

# A program wrote these by itself, or nobody should have: no reason to call anybody.
_NOT_CALLED = frozenset({"auto_reply", "out_of_office", "receipt", "delay", "loop", "spam", "list"})
# What passes by itself is shown, and calls nobody.
_NEEDS_SOMEBODY = frozenset({Mailbox.Trouble.REVOKED, Mailbox.Trouble.APPLICATION, Mailbox.Trouble.REFUSED})


def follow_by_itself(ticket: Ticket, member_ids: Sequence[UUID]) -> None:
    """Let members follow a ticket because of what happened; who once stopped following it is left alone."""
    rows = [Following(organization_id=ticket.organization_id, ticket=ticket, member_id=pk) for pk in member_ids]
    Following.objects.bulk_create(rows, ignore_conflicts=True)


def after_event(ticket: Ticket, event: Event) -> None:
    """Tell who is to know: whom a ticket was given to, and who waits for an answer; who answers follows it."""
    if event.verb == Event.Verb.ASSIGNED:
        _tell_of_assignment(ticket, event)
    elif event.verb == Event.Verb.ANSWERED and event.by:
        by = event.by
        tell_of_ticket(ticket, Notification.Kind.REPLY, listeners([ticket])[ticket.pk], by=by)
        follow_by_itself(ticket, [by.pk])
        transaction.on_commit(lambda: let_go(ticket, by=by))


def after_mail(messages: Sequence[Message]) -> None:
    """Tell who waits for it that a contact wrote; of history nobody is told. One query where nobody waits."""
    called = [one for one in messages if not one.is_outbound and one.kind not in _NOT_CALLED]
    tickets = {one.ticket_id: one.ticket for one in called}
    for ticket_id, member_ids in listeners(tickets.values()).items():
        tell_of_ticket(tickets[ticket_id], Notification.Kind.REPLY, member_ids, by=None)


def after_health(mailbox: Mailbox) -> None:
    """Tell the admins of trouble that does not pass by itself."""
    if mailbox.state == Mailbox.State.RECONNECT or mailbox.trouble in _NEEDS_SOMEBODY:
        tell_of_mailbox(mailbox)


def _tell_of_assignment(ticket: Ticket, event: Event) -> None:
    if event.assignee_id:
        told = [event.assignee_id]
    else:
        told = list(TeamMember.objects.filter(team=event.team_id).values_list("member_id", flat=True))
    tell_of_ticket(ticket, Notification.Kind.ASSIGNED, told, by=event.by)
