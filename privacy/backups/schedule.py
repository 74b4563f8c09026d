"""Grandfather, father, son: how long a backup lives is decided when it is begun.

The first of a month lives ten months, the first of a week thirteen weeks, any other 35 days; of the vault 30 days.
Nothing thins later: what expires when can be said at once, and stands on certificates.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from privacy.models import Backup
from privacy.models.backup import CAP, VAULT_CAP

DAILY, WEEKLY, MONTHLY = timedelta(days=35), timedelta(weeks=13), timedelta(days=305)


def expires_at(kind: str, moment: datetime, taken: Collection[datetime]) -> datetime:
    """Return when a backup begun at that moment is deleted; `taken` are the beginnings of the sound ones of its kind.

    A first of the month that failed does not count, so that the next one stands in for it.
    """
    if kind == Backup.Kind.VAULT:
        return moment + VAULT_CAP
    lives = MONTHLY if _is_first(moment, taken, _month) else WEEKLY if _is_first(moment, taken, _week) else DAILY
    return moment + min(lives, CAP)


def is_due(moment: datetime, taken: Collection[datetime]) -> bool:
    """Return whether this day has none yet."""
    return _is_first(moment, taken, _day)


def _is_first(moment: datetime, taken: Collection[datetime], period: Callable[[datetime], object]) -> bool:
    return all(period(one) != period(moment) for one in taken)


def _day(moment: datetime) -> object:
    return moment.astimezone(UTC).date()


def _week(moment: datetime) -> object:
    return moment.astimezone(UTC).isocalendar()[:2]


def _month(moment: datetime) -> object:
    utc = moment.astimezone(UTC)
    return utc.year, utc.month
