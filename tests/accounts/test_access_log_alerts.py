"""Rules over the access log fire once, for what a person should look at."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.access_log.alerts import watch_access_log, watch_organization
from accounts.ids import uuid7
from accounts.models import AccessAlert, AccessEvent, Membership, Organization
from accounts.tenancy import organization_scope

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, 30, tzinfo=ZoneInfo("Europe/Stockholm"))


def happened(organization: Organization, user_id: UUID, count: int = 1, at: datetime = NOON, **more: Any) -> None:
    said = {"verb": "read", "page": "tickets:ticket"} | more
    rows = [
        AccessEvent(organization_id=organization.pk, user_id=user_id, at=at, object_id=uuid7(), **said)
        for _ in range(count)
    ]
    with organization_scope(organization):
        AccessEvent.objects.bulk_create(rows)


def alerts(organization: Organization) -> list[tuple[str, UUID | None, int]]:
    with organization_scope(organization):
        return list(AccessAlert.objects.order_by("rule").values_list("rule", "user_id", "amount"))


def test_very_many_tickets_in_an_hour_fire_once(acme: Organization, alice: Membership, settings: Any) -> None:
    settings.ACCESS_ALERT_TICKETS = 20
    happened(acme, alice.user_id, 20)
    assert watch_organization(acme.pk, NOON) == 0
    happened(acme, alice.user_id)

    assert [watch_organization(acme.pk, NOON), watch_organization(acme.pk, NOON)] == [1, 0]
    assert alerts(acme) == [("many", alice.user_id, 21)]


def test_the_same_ticket_again_and_again_is_one(acme: Organization, alice: Membership, settings: Any) -> None:
    settings.ACCESS_ALERT_TICKETS = 3
    happened(acme, alice.user_id, 1)
    with organization_scope(acme):
        one = AccessEvent.objects.get()
    for _ in range(9):
        happened(acme, alice.user_id, at=NOON, page="again")
        with organization_scope(acme):
            AccessEvent(
                organization_id=acme.pk, user_id=alice.user_id, at=NOON, verb="read", page="x", object_id=one.object_id
            ).save()
        if alerts(acme):
            break
    settings.ACCESS_ALERT_TICKETS = 10
    assert watch_organization(acme.pk, NOON) == 0


def test_a_night_is_told_once_for_a_person(acme: Organization, alice: Membership, bob: Membership) -> None:
    night = NOON.replace(hour=23, minute=50)
    happened(acme, alice.user_id, at=night)
    happened(acme, bob.user_id, at=NOON)
    watch_organization(acme.pk, night)
    happened(acme, alice.user_id, at=night + timedelta(minutes=20))  # after midnight: the same night
    watch_organization(acme.pk, night + timedelta(minutes=25))

    assert alerts(acme) == [("hours", alice.user_id, 1)]


def test_exports_and_grants_fire(acme: Organization, bob: Membership) -> None:
    staff = uuid7()
    happened(acme, bob.user_id, verb="export", amount=840)
    happened(acme, staff, 2, grant_id=uuid7(), purpose="support")
    watch_organization(acme.pk, NOON)

    assert alerts(acme) == [("export", bob.user_id, 840), ("grant", staff, 0)]


def test_every_organization_with_something_new_is_watched(
    acme: Organization, globex: Organization, bob: Membership
) -> None:
    happened(acme, bob.user_id, at=timezone.now(), verb="export")
    watch_access_log()

    assert "export" in {rule for rule, _user, _amount in alerts(acme)}
    assert alerts(globex) == []
