"""The clock of the stories."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from deskhero.sample.clock import at
from tickets.models import Ticket

THEN = datetime(2021, 3, 4, 9, tzinfo=UTC)
BEFORE = datetime(2020, 1, 2, 8, tzinfo=UTC)
SOON = timedelta(minutes=1)


def test_for_a_while_it_is_another_time_and_then_the_real_one_again() -> None:
    with at(THEN):
        with at(BEFORE):
            assert BEFORE <= timezone.now() < BEFORE + SOON
        assert THEN <= timezone.now() < THEN + SOON
    assert abs(timezone.now() - datetime.now(UTC)) < SOON


def test_an_error_does_not_keep_the_clock() -> None:
    with pytest.raises(ValueError, match="stop"), at(THEN):
        raise ValueError("stop")

    assert abs(timezone.now() - datetime.now(UTC)) < SOON


def test_rows_made_meanwhile_carry_that_time_though_their_columns_hold_on_to_the_function() -> None:
    with at(THEN):
        assert THEN <= Ticket().created_at < THEN + SOON
        assert timezone.localtime(THEN) == THEN
        assert isinstance(THEN, timezone.datetime)
