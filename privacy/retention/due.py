"""What a rule would delete at a moment. There is no lower bound: what a run missed, the next one finds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from mailbox.models import InboundEmail, OutboundEmail
from privacy.holding import exclude_held
from privacy.models import RetentionRule
from tickets.models import Attachment, Contact, ContactAddress, Message, Ticket

Kind = RetentionRule.Kind
SAMPLES = 5


@dataclass(frozen=True)
class Preview:
    """What would go at a moment: how many, how many of them a hold keeps, and the first of the others."""

    kind: str
    at: datetime
    before: datetime
    due: int
    held: int
    samples: tuple[Any, ...]

    @property
    def going(self) -> int:
        """Return how many would go."""
        return self.due - self.held


def due(rule: RetentionRule, now: datetime) -> QuerySet[Any]:
    """Return the rows of the rule's organization that are due, held or not: tickets, mails with files, or contacts."""
    before = rule.before(now)
    found: QuerySet[Any] = {Kind.CLOSED: _closed, Kind.SPAM: _spam, Kind.FILES: _with_files, Kind.CONTACTS: _contacts}[
        Kind(rule.kind)
    ](before)
    return found.filter(organization_id=rule.organization_id)


def preview(rule: RetentionRule, now: datetime) -> Preview:
    """Say what the rule would do at that moment, from what is there today; nothing changes. In the scope."""
    found = due(rule, now)
    going = exclude_held(found)
    count, left = found.count(), going.count()
    samples = tuple(_shown(going)[:SAMPLES])
    return Preview(rule.kind, now, rule.before(now), count, count - left, samples)


def _closed(before: datetime) -> QuerySet[Ticket]:
    """Closed so long ago, and not opened since; what was merged into a ticket goes with it."""
    return _quiet(Ticket.objects.closed().filter(closed_at__lt=before, anonymised_at=None))


def _spam(before: datetime) -> QuerySet[Ticket]:
    return _quiet(Ticket.objects.spam().filter(last_activity_at__lt=before))


def _quiet(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Leave out tickets with an answer that has not left yet."""
    return tickets.exclude(Exists(OutboundEmail.objects.unsent().filter(conversation=OuterRef("pk"))))


def _with_files(before: datetime) -> QuerySet[Message]:
    """Mails with files; of one that could not be read yet, the file is all there is of it, and stays."""
    there = Attachment.objects.filter(message=OuterRef("pk"), removed_at=None)
    waiting = OutboundEmail.objects.unsent().filter(pk=OuterRef("outbound"))
    unread = InboundEmail.objects.quarantined().filter(pk=OuterRef("inbound"))
    return Message.objects.filter(Exists(there), ~Exists(waiting), ~Exists(unread), at__lt=before)


def _contacts(before: datetime) -> QuerySet[Contact]:
    """Known for so long, with no ticket and no mail. Who is blocked stays: else the next mail would come in."""
    return Contact.objects.filter(
        ~Exists(Ticket.objects.filter(contact=OuterRef("pk"))),
        ~Exists(Message.objects.filter(sender=OuterRef("pk"))),
        ~Exists(ContactAddress.objects.filter(contact=OuterRef("pk"), blocked_at__isnull=False)),
        created_at__lt=before,
        blocked_at=None,
        merged_into=None,
        is_nobody=False,
    )


def _shown(found: QuerySet[Any]) -> QuerySet[Any]:
    return found.select_related("ticket").order_by("at") if found.model is Message else found.order_by("pk")
