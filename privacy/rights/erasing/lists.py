"""What lists say of tickets after parts of them are gone: titles, counts, beginnings."""

from collections.abc import Collection, Iterable
from uuid import UUID

from privacy.rights.erasing.outside import Outside
from privacy.rights.traces import MARK
from tickets.filing.building import snippet_of
from tickets.models import Message, Ticket
from tickets.search.keeping import keep_tickets
from tickets.subjects import plain_subject


def untitle(messages: Collection[Message], outside: Outside) -> None:
    """Take the titles away from tickets that are called what the person wrote above one of these mails."""
    titles: dict[UUID, set[str]] = {}
    for one in messages:
        titles.setdefault(one.ticket_id, set()).add(plain_subject(str(one.headers.get("subject", ""))))
    called = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=list(titles)).select_related("contact")
    untitled = [one for one in called if one.subject and plain_subject(one.subject) in titles[one.pk]]
    outside.columns(Ticket, [one.pk for one in untitled])
    for ticket in untitled:
        ticket.subject = MARK
        ticket.save(update_fields=["subject"])
    keep_tickets(untitled)


def retell(tickets: Iterable[UUID]) -> None:
    """Bring what lists say of tickets in line with what is left of them."""
    for ticket in Ticket.objects.select_for_update(of=("self",)).filter(pk__in=list(tickets)):
        left = ticket.messages.order_by("-at", "-pk")
        newest = left.first()
        ticket.message_count = left.count()
        ticket.has_attachments = left.filter(attachment_count__gt=0).exists()
        ticket.snippet = snippet_of(newest.new_text) if newest else ""
        ticket.save(update_fields=["message_count", "has_attachments", "snippet"])
