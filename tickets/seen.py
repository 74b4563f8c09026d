"""What an agent had before them when they answered, so that nobody answers past what came meanwhile (L59)."""

import re
from collections.abc import Sequence
from uuid import UUID

from tickets.models import Message, Ticket

_SEEN = re.compile(r"([0-9a-f]{32})-(\d{1,6})")


def seen_of(messages: Sequence[Message]) -> str:
    """Return what a page says it shows: its newest message by id, and how many there are."""
    newest = max((one.pk for one in messages), default=UUID(int=0))
    return f"{newest.hex}-{len(messages)}"


def unseen(ticket: Ticket, seen: str) -> list[Message]:
    """Return the messages, oldest first, that a page which said this did not show; none where it said nothing.

    Ids grow with time, so what was filed later has a greater one, whatever its mail says; what a merge brought in has
    not, and is known by the count.
    """
    said = _SEEN.fullmatch(seen)
    if said is None:
        return []
    messages = ticket.messages.order_by("pk")
    newer = list(messages.filter(pk__gt=UUID(said[1])))
    missing = ticket.messages.count() - int(said[2]) - len(newer)
    if missing > 0:  # which of the older ones a merge brought is told by where they came from
        newer = [*messages.filter(pk__lte=UUID(said[1])).exclude(merged_from=None).order_by("-pk")[:missing], *newer]
    return newer
