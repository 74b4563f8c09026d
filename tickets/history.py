"""The history of a ticket, and the news of it."""

from datetime import datetime

from accounts.live import news_of, publish_all
from accounts.models import Membership, Team
from mailbox.models import Mailbox
from tickets.models import CustomField, Event, Ticket
from tickets.together.after import after_event


def record(
    ticket: Ticket,
    verb: str,
    *,
    by: Membership | None = None,
    assignee: Membership | None = None,
    team: Team | None = None,
    other: Ticket | None = None,
    mailbox: Mailbox | None = None,
    field: CustomField | None = None,
    priority: int | None = None,
    until: datetime | None = None,
) -> Event:
    """Write one line of the ticket's history, tell open pages, and whoever is to know of it."""
    event = Event.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        verb=verb,
        by=by,
        assignee=assignee,
        team=team,
        other=other,
        mailbox=mailbox,
        field=field,
        priority=priority,
        until=until,
    )
    after_event(ticket, event)
    announce(ticket)
    return event


def announce(*tickets: Ticket) -> None:
    """Tell open pages that these tickets of one organization look different now; the mailbox says who may hear it."""
    if tickets:
        news = [news_of("ticket", ticket=one.pk, number=one.number, mailbox=one.mailbox_id) for one in tickets]
        publish_all(tickets[0].organization_id, news)
