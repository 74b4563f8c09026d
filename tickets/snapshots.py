"""What a bulk change may touch of a ticket, as it is now, for putting back: ids, states, numbers and times."""

from datetime import UTC
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from tickets.models import Ticket, TicketTag

_IDS, _TIMES = ("assignee_id", "team_id"), ("closed_at", "snoozed_until")
COLUMNS = ("state", "priority", *_TIMES, *_IDS)


def snapshot(ticket: Ticket, tag: str = "") -> dict[str, Any]:
    """Return the columns, and whether that tag hangs on it, as JSON can keep them."""
    found: dict[str, Any] = {"state": ticket.state, "priority": ticket.priority}
    for name in _TIMES:
        at = getattr(ticket, name)
        found[name] = at.astimezone(UTC).isoformat() if at else None  # one way to write it, whatever zone it came in
    for name in _IDS:
        pk = getattr(ticket, name)
        found[name] = str(pk) if pk else None
    if tag:
        found["has_tag"] = TicketTag.objects.filter(ticket=ticket, tag_id=UUID(tag)).exists()
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what of `before` became something else."""
    return {name: value for name, value in before.items() if after[name] != value}


def put_back(ticket: Ticket, before: dict[str, Any]) -> None:
    """Write these columns as they were."""
    columns = [name for name in COLUMNS if name in before]
    for name in columns:
        setattr(ticket, name, _read(name, before[name]))
    ticket.save(update_fields=[name.removesuffix("_id") for name in columns])


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    return parse_datetime(value) if name in _TIMES else UUID(value) if name in _IDS else value
