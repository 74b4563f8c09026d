"""The clock of the stories: for a while it is another time, here and at the simulator."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from unittest.mock import patch

from django.utils import timezone

from mailbox.simulator.client import Simulator


class _AnyDatetime(type):
    """Lets every moment be an instance of the shifted class, so that nothing else tells the two apart."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let timezone.now() of this process begin at that moment and run on; nothing else in the program notices.

    What timezone.now() itself reads is changed, because columns hold on to the function as their default.
    """
    shift = moment.astimezone(UTC) - datetime.now(UTC)
    with patch.object(timezone, "datetime", _shifted(shift)):
        yield


def _shifted(shift: timedelta) -> type[datetime]:
    class Shifted(datetime, metaclass=_AnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + shift

    return Shifted


def tell_simulator(simulator: Simulator, moment: datetime | None) -> None:
    """Set the simulator's clock to that moment, or back to the real time."""
    seconds = 0 if moment is None else int((moment - datetime.now(UTC)).total_seconds())
    simulator.set_options(clock_offset_seconds=seconds)
