"""How long something promised still has, said in one way on every page of the operator's desk."""

from datetime import datetime

from django.utils import timezone

from privacy.rights.clock import day_of

# The days that are left at the last reminder and at the one before it, of a month.
URGENT, SOON = 3, 9


def days_left(due_at: datetime) -> int:
    """Return how many days of the clock are left until the promised one; negative: how many it is late."""
    return (day_of(due_at) - day_of(timezone.now())).days


def in_words(days: int) -> str:
    """Return them in words."""
    if days == 0:
        return "today"
    count = f"{abs(days)} {'day' if abs(days) == 1 else 'days'}"
    return f"{count} late" if days < 0 else count


def tone_of(days: int) -> str:
    """Return how urgent that is: bad, warn, or nothing."""
    return "bad" if days <= URGENT else "warn" if days <= SOON else ""
