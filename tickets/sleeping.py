"""How long a ticket can be put to sleep, as people say it, on the clock of whoever says it."""

from datetime import datetime, time, timedelta

from django.utils import timezone

MORNING = time(9)
REPLY = "reply"  # until the contact writes
KEYS = ("later", "tomorrow", "week", "month")


def until(key: str, now: datetime | None = None) -> datetime:
    """Return when that is, from now: "later" in three hours, the others at nine; KeyError for what is none of KEYS."""
    local = timezone.localtime(now)
    if key == "later":
        return (local + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    days = {"tomorrow": 1, "week": 7 - local.weekday(), "month": 30}[key]  # a week ends on Sunday
    day = local.date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, MORNING))


def written(text: str) -> datetime:
    """Return the moment that a form's date and time name in the reader's zone; ValueError where they name none."""
    moment = datetime.fromisoformat(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
