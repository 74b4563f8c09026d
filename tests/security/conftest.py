"""Strangers on loopback."""

from collections.abc import Iterator

import pytest

from tests.security.strangers import Stranger, stranger


@pytest.fixture
def tracker() -> Iterator[Stranger]:
    """A server that nobody may ask unless a test opens it."""
    with stranger() as found:
        yield found


@pytest.fixture
def open_tracker(tracker: Stranger, settings: object) -> Stranger:
    """The same, opened for the product as only the settings of a test can."""
    settings.EGRESS_OPEN_FOR_TESTS = {("127.0.0.1", tracker.port)}  # type: ignore[attr-defined]
    return tracker
