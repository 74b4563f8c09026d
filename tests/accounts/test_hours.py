"""When somebody is there, and how it is said."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.actions.set_hours import set_hours
from accounts.hours import Hours, back_in_words, hours_of, in_words, told_to_customers
from accounts.models import Membership, Organization, WorkingHours
from accounts.tenancy import organization_scope

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NINE_TO_FIVE = (time(9), time(17))
WEEK = Hours(STOCKHOLM, (*[NINE_TO_FIVE] * 4, (time(9), time(15)), None, None), {date(2026, 11, 30): "Founders’ day"})


def at(text: str) -> datetime:
    """Return a moment in Stockholm."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-25 09:00", True),
        ("2026-11-25 08:59", False),
        ("2026-11-25 16:59", True),
        ("2026-11-25 17:00", False),
        ("2026-11-28 12:00", False),  # a Saturday
        ("2026-11-30 12:00", False),  # the Monday that is closed all the same
    ],
)
def test_somebody_is_there_from_the_first_minute_to_before_the_last(moment: str, is_open: bool) -> None:
    assert WEEK.is_open(at(moment)) is is_open


def test_the_zone_of_the_organization_decides() -> None:
    assert WEEK.is_open(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    assert not WEEK.is_open(datetime(2026, 11, 25, 16, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-25 10:00", "today until 17:00"),
        ("2026-11-25 07:00", "today at 09:00"),
        ("2026-11-25 18:00", "tomorrow at 09:00"),
        ("2026-11-27 16:00", "Tuesday 1 December at 09:00"),  # over the weekend and the closed Monday
    ],
)
def test_a_customer_reads_when_somebody_is_back(moment: str, words: str) -> None:
    with translation.override("en"):
        assert back_in_words(WEEK, at(moment)) == words


def test_nobody_ever_is_said_with_no_words() -> None:
    assert back_in_words(Hours(STOCKHOLM, (None,) * 7, {}), at("2026-11-25 10:00")) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Monday to Thursday 09:00–17:00, Friday 09:00–15:00"),
        ("sv", "måndag till torsdag 09:00–17:00, fredag 09:00–15:00"),
        ("nl", "maandag tot en met donderdag 09:00–17:00, vrijdag 09:00–15:00"),
        ("de", "Montag bis Donnerstag 09:00–17:00 Uhr, Freitag 09:00–15:00 Uhr"),
    ],
)
def test_days_with_the_same_hours_are_said_together(language: str, words: str) -> None:
    with translation.override(language):
        assert in_words(WEEK).lower() == words.lower()


def test_hours_are_kept_sealed_and_read_again(acme: Organization, owner: Membership, scope: object) -> None:
    week = [["09:00", "17:00"], *[None] * 6]
    set_hours(time_zone="Europe/Berlin", week=week, holidays={"2026-12-24": "Eve"}, by=owner)

    found = hours_of(acme)
    assert found == Hours(ZoneInfo("Europe/Berlin"), (NINE_TO_FIVE, *[None] * 6), {date(2026, 12, 24): "Eve"})


def test_a_week_without_hours_takes_them_back(acme: Organization, owner: Membership, scope: object) -> None:
    set_hours(time_zone="UTC", week=[["09:00", "17:00"], *[None] * 6], holidays={}, by=owner)
    set_hours(time_zone="UTC", week=[None] * 7, holidays={}, by=owner)

    assert not WorkingHours.objects.exists()
    assert told_to_customers(acme, at("2026-11-25 10:00")) == {"hours": "", "back": ""}


def test_customers_read_the_language_of_the_organization(acme: Organization, owner: Membership, scope: object) -> None:
    acme.language = "sv"
    set_hours(time_zone="Europe/Stockholm", week=[["09:00", "17:00"]] * 7, holidays={}, by=owner)

    told = told_to_customers(acme, at("2026-11-25 18:00"))
    assert told == {"hours": "måndag till söndag 09:00–17:00", "back": "i morgon klockan 09:00"}


def test_an_admin_says_the_hours_on_a_page(as_bob: Client, acme: Organization) -> None:
    page = reverse("accounts:hours", args=[acme.slug])
    said = {"time_zone": "Europe/Stockholm", "from_0": "09:00", "to_0": "17:00", "holidays": "2026-12-24 Julafton\n"}

    assert as_bob.post(page, said).status_code == 302
    shown = as_bob.get(page).content.decode()
    assert 'value="09:00"' in shown
    assert "2026-12-24 Julafton" in shown
    assert "Customers read: Monday 09:00–17:00" in shown


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"from_0": "09:00"}, "Say from when to when"),
        ({"from_0": "17:00", "to_0": "09:00"}, "not after the beginning"),
        ({"holidays": "Christmas"}, "is no date"),
        ({"time_zone": "Mars/Base"}, "Mars/Base"),
    ],
)
def test_hours_that_make_no_sense_are_refused_beside_their_field(
    as_bob: Client, acme: Organization, said: dict[str, str], why: str
) -> None:
    answer = as_bob.post(reverse("accounts:hours", args=[acme.slug]), {"time_zone": "UTC"} | said)

    assert answer.status_code == 422
    assert why in answer.content.decode()
    with organization_scope(acme):
        assert not WorkingHours.objects.exists()
