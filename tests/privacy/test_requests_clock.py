"""One calendar month by Regulation 1182/71: month ends, leap days, clock changes, pauses and extensions."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.rights.clock import ALARM_DAYS, ZONE, Clock, day_of, end_of, months_after

START = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.integers(0, 10 * 366 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
pauses = st.timedeltas(timedelta(), timedelta(days=90))


def clock(day: date, hour: int = 12, **more: object) -> Clock:
    return Clock(datetime(day.year, day.month, day.day, hour, tzinfo=ZONE), **more)  # type: ignore[arg-type]


@pytest.mark.promise("16")
@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 12), date(2026, 12, 12)),
        (date(2026, 1, 31), date(2026, 2, 28)),  # no 31 February
        (date(2028, 1, 31), date(2028, 2, 29)),  # a leap year
        (date(2028, 2, 29), date(2028, 3, 29)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2026, 9, 12), date(2026, 10, 12)),
        (date(2026, 6, 13), date(2026, 7, 13)),  # from a Saturday to a Monday, and no further
    ],
)
def test_a_month_ends_on_the_day_of_the_same_number(received: date, due: date) -> None:
    assert clock(received).due_on == due


def test_a_weekend_gives_no_day_more() -> None:
    saturday = clock(date(2026, 11, 12))

    assert saturday.due_on.strftime("%A") == "Saturday"
    assert day_of(saturday.due_at) == date(2026, 12, 12)


def test_the_day_is_the_one_in_stockholm() -> None:
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)  # half past midnight there

    assert Clock(late).received_on == date(2026, 2, 1)
    assert Clock(late).due_on == date(2026, 3, 1)


def test_the_end_is_the_last_second_of_the_day_also_when_clocks_change() -> None:
    spring = clock(date(2026, 2, 28))  # due on 28 March; clocks change on the 29th
    day_of_change = end_of(date(2026, 3, 29))

    assert spring.due_at.astimezone(UTC) == datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC)
    assert day_of_change.astimezone(UTC) == datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)


def test_an_extension_counts_from_the_beginning_and_takes_the_earlier_end() -> None:
    assert clock(date(2026, 11, 12), is_extended=True).due_on == date(2027, 2, 12)
    assert clock(date(2026, 1, 31), is_extended=True).due_on == date(2026, 4, 28)


def test_a_pause_is_given_back_in_whole_days_rounded_down() -> None:
    assert clock(date(2026, 11, 12), paused=timedelta(days=3, hours=23)).due_on == date(2026, 12, 15)
    assert clock(date(2026, 11, 12), paused=timedelta(hours=23)).due_on == date(2026, 12, 12)


@given(moments, st.integers(0, 30))
def test_a_month_is_never_longer_than_the_calendar_says(at: datetime, months: int) -> None:
    day = day_of(at)
    later = months_after(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, monthrange(later.year, later.month)[1])


@given(moments)
def test_every_month_has_room_for_its_alarms(at: datetime) -> None:
    one = Clock(at)

    assert 28 <= (one.due_on - one.received_on).days <= 31
    assert sorted(one.alarms()) == list(ALARM_DAYS)
    assert all(one.received_on < on < one.due_on for on in one.alarms().values())
    assert one.alarms_due(at) == []
    assert one.alarms_due(one.due_at) == list(ALARM_DAYS)


@given(moments, pauses)
def test_an_extension_gives_at_most_two_months_and_never_less(at: datetime, paused: timedelta) -> None:
    plain, longer = Clock(at, paused=paused), Clock(at, is_extended=True, paused=paused)

    assert longer.first_due_on == plain.due_on
    assert 58 <= (longer.due_on - plain.due_on).days <= 62
    assert all(on < longer.due_on for on in longer.alarms().values())
    assert set(ALARM_DAYS) <= set(longer.alarms())


@given(moments, pauses, pauses)
def test_a_longer_pause_never_ends_earlier_and_gives_no_more_than_it_took(
    at: datetime, one: timedelta, other: timedelta
) -> None:
    shorter, longer = sorted([one, other])
    gained = Clock(at, paused=longer).due_on - Clock(at, paused=shorter).due_on

    assert timedelta() <= gained <= longer - shorter + timedelta(days=1)
    assert Clock(at, paused=longer).days == Clock(at).days
