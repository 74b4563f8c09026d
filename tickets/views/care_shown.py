"""What a ticket's page says of urgency and sleep."""

from typing import Any

from django.utils import timezone

from tickets import sleeping
from tickets.models import Ticket
from tickets.views.words import PRIORITY_LABELS, SLEEP_LABELS


def care_of(ticket: Ticket) -> dict[str, Any]:
    """Return the priorities a ticket can have, and the times it can sleep until, on the reader's clock."""
    now = timezone.localtime()
    sleeps = [{"key": key, "label": SLEEP_LABELS[key], "at": sleeping.until(key, now)} for key in sleeping.KEYS]
    return {
        "priorities": [
            {"value": one.value, "label": label, "chosen": one == ticket.priority}
            for one, label in PRIORITY_LABELS.items()
        ],
        "priority_label": PRIORITY_LABELS[Ticket.Priority(ticket.priority)],
        "sleeps": [*sleeps, {"key": sleeping.REPLY, "label": SLEEP_LABELS[sleeping.REPLY], "at": None}],
        "earliest_sleep": now.strftime("%Y-%m-%dT%H:%M"),
    }
