"""The clock of the promises: now, or the moment a dry run or a test has travelled to."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("deskhero_privacy_moment", default=None)


def now() -> datetime:
    """Return the moment at which promises are kept."""
    return _moment.get() or timezone.now()


@contextmanager
def at(moment: datetime | None) -> Iterator[None]:
    """Let it be that moment within the block; None leaves the clock alone."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
