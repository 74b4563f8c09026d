"""The brake: a flood is kept, but opens no more tickets, wakes nobody and is never answered (L23, L25).

Counted is what one sender wrote within an hour. In a ticket an answer of a colleague begins the count anew, so that two
people who write to and fro quickly are never slowed; two machines that do are.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tickets.models import Contact, Message

HOUR = timedelta(hours=1)
IN_TICKET = 10  # mails of one sender in one ticket within an hour, with no answer of a colleague between them
IN_MAILBOX = 100  # mails of one sender to one mailbox within an hour

_Times = dict[tuple[UUID, UUID], deque[datetime]]


def _times() -> deque[datetime]:
    return deque(maxlen=IN_MAILBOX + 1)


class Brake:
    """What senders wrote lately. One for each batch of new mail; of history one for the whole import."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._in_ticket: _Times = defaultdict(_times)  # sender, ticket
        self._in_mailbox: _Times = defaultdict(_times)  # sender, mailbox
        self._newest: dict[tuple[UUID, UUID], UUID] = {}  # sender, mailbox -> the ticket of the newest of these mails
        self._answered: dict[UUID, datetime] = {}  # ticket -> when a colleague last answered

    def load(self, senders: Iterable[Contact], times: Sequence[datetime]) -> None:
        """Count what is there already, around these times; two statements, one where nobody wrote much."""
        wanted = {sender.pk for sender in senders}
        if not wanted:
            return
        found = Message.objects.filter(sender__in=wanted, at__gt=min(times) - HOUR, at__lte=max(times)).order_by("at")
        for sender, ticket, mailbox, at in found.values_list("sender_id", "ticket_id", "mailbox_id", "at"):
            self._note(sender, ticket, mailbox, at)
        busy = {ticket for (_, ticket), noted in self._in_ticket.items() if len(noted) >= IN_TICKET}
        if busy:
            ours = Message.objects.filter(ticket__in=busy, direction=Message.Direction.OUTBOUND)
            ours = ours.exclude(kind="auto_reply").filter(at__gt=min(times) - HOUR).order_by("at")
            self._answered |= dict(ours.values_list("ticket_id", "at"))

    def reason(self, sender: Contact, ticket_id: UUID | None, mailbox_id: UUID, at: datetime) -> str:
        """Return why the next mail of this sender is too many, as a sentence, or nothing."""
        if ticket_id is not None:
            since = max(at - HOUR, self._answered.get(ticket_id, at - HOUR))
            if _count(self._in_ticket.get((sender.pk, ticket_id)), since, at) >= IN_TICKET:
                return (
                    f"More than {IN_TICKET} mails of one sender within an hour, with no answer of a colleague between."
                )
        if _count(self._in_mailbox.get((sender.pk, mailbox_id)), at - HOUR, at) >= IN_MAILBOX:
            return f"More than {IN_MAILBOX} mails of one sender within an hour."
        return ""

    def newest_ticket(self, sender: Contact, mailbox_id: UUID) -> UUID | None:
        """Return the ticket that the newest counted mail of this sender is in: there a flood goes on."""
        return self._newest.get((sender.pk, mailbox_id))

    def flooded_tickets(self) -> set[UUID]:
        """Return the tickets in which floods go on."""
        return {self._newest[key] for key, times in self._in_mailbox.items() if len(times) >= IN_MAILBOX // 2}

    def learn(self, message: Message) -> None:
        """Count a mail that was just filed."""
        if message.is_outbound:
            if message.kind != "auto_reply":
                self._answered[message.ticket_id] = message.at
        elif message.sender_id is not None:
            self._note(message.sender_id, message.ticket_id, message.mailbox_id, message.at)

    def _note(self, sender: UUID, ticket: UUID, mailbox: UUID, at: datetime) -> None:
        self._in_ticket[sender, ticket].append(at)
        self._in_mailbox[sender, mailbox].append(at)
        self._newest[sender, mailbox] = ticket


def _count(times: deque[datetime] | None, since: datetime, until: datetime) -> int:
    return sum(since < at <= until for at in times) if times else 0
