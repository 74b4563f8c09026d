"""The simulator's clock: real time plus what a test added."""

from datetime import UTC, datetime, timedelta

from mailbox.simulator.models.option import Option


def now() -> datetime:
    """The moment it is for the simulator, aware, in UTC."""
    return datetime.now(UTC) + timedelta(seconds=Option.read("clock_offset_seconds"))
