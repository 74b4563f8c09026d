"""The weekly review of the access log: a statement with a name that is a link of the chain it speaks of."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access_log.sealing import seal_organization
from accounts.access_log.verifying import verify_organization
from accounts.models import AccessAlert, AccessEvent, Membership, Organization
from accounts.tenancy import organization_scope
from tests.accounts.test_access_log_chain import as_superuser

pytestmark = pytest.mark.django_db
PAGE = "/acme/settings/privacy/access/"


@pytest.fixture
def alerts(acme: Organization) -> list[AccessAlert]:
    with organization_scope(acme):
        return [
            AccessAlert.objects.create(organization_id=acme.pk, rule=rule, window=timezone.now(), amount=7)
            for rule in ("export", "hours", "many", "grant")
        ]


def reviews(organization: Organization) -> list[AccessEvent]:
    with organization_scope(organization):
        return list(AccessEvent.objects.reviews().order_by("at"))


def test_a_review_states_who_when_and_what_was_seen(
    as_bob: Client, bob: Membership, acme: Organization, alerts: list[AccessAlert]
) -> None:
    assert "Due" in as_bob.get(PAGE).content.decode()
    as_bob.post(f"{PAGE}review/", {"seen": [one.pk for one in alerts]})

    (said,) = reviews(acme)
    assert (said.user_id, said.amount, set(said.object_ids)) == (bob.user_id, 4, {one.pk for one in alerts})
    page = as_bob.get(PAGE).content.decode()
    assert "Done this week" in page
    assert "4 unusual things" in page
    with organization_scope(acme):
        assert not AccessAlert.objects.unseen().exists()


def test_what_came_up_after_the_page_was_shown_is_not_reviewed(
    as_bob: Client, acme: Organization, alerts: list[AccessAlert]
) -> None:
    as_bob.post(f"{PAGE}review/", {"seen": [alerts[0].pk, "nonsense"]})

    with organization_scope(acme):
        assert AccessAlert.objects.unseen().count() == 3
    assert [one.amount for one in reviews(acme)] == [1]


def test_a_review_that_is_changed_as_superuser_is_named(
    as_bob: Client, acme: Organization, alerts: list[AccessAlert], settings: Any, tmp_path: Path
) -> None:
    settings.ACCESS_ANCHOR_DIR = tmp_path
    as_bob.post(f"{PAGE}review/", {"seen": [alerts[0].pk]})
    seal_organization(acme.pk)
    (said,) = reviews(acme)
    as_superuser("UPDATE accounts_accessevent SET amount = 9 WHERE id = %s", said.pk)

    assert [(one.kind, one.event_id) for one in verify_organization(acme.pk).faults] == [("edited", said.pk)]


def test_after_a_week_the_next_one_is_due(as_bob: Client, acme: Organization, bob: Membership) -> None:
    with organization_scope(acme):
        AccessEvent.objects.create(
            organization_id=acme.pk, user_id=bob.user_id, verb="change", page="privacy:review_access_log",
            at=timezone.now() - timedelta(days=8),
        )  # fmt: skip

    assert "Done this week" not in as_bob.get(PAGE).content.decode()


def test_only_admins_review(as_alice: Client, acme: Organization, alerts: list[AccessAlert]) -> None:
    assert as_alice.post(f"{PAGE}review/").status_code in {403, 404}
    assert reviews(acme) == []
