"""How far a member has read."""

from datetime import datetime

from accounts.models import Membership
from tickets.models import Seen, Ticket

NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def see(ticket: Ticket, *, by: Membership) -> None:
    """Note that this member has read what happened in the ticket so far; at the cost of one statement."""
    _note(ticket, by, ticket.last_activity_at)


def see_if_new(ticket: Ticket, *, by: Membership) -> None:
    """Do so where `seen_at`, which came with the ticket, says that something is new."""
    seen_at: datetime | None = ticket.seen_at  # type: ignore[attr-defined]
    if seen_at is None or seen_at < ticket.last_activity_at:
        see(ticket, by=by)


def unsee(ticket: Ticket, *, by: Membership) -> None:
    """Make a ticket unread for this member."""
    _note(ticket, by, NEVER)


def _note(ticket: Ticket, by: Membership, at: datetime) -> None:
    mark = Seen(organization_id=ticket.organization_id, ticket=ticket, member=by, activity_at=at)
    Seen.objects.bulk_create(
        [mark], update_conflicts=True, unique_fields=["ticket", "member"], update_fields=["activity_at"]
    )
