"""The pages of retention rules: what each does, would do and has done; changed after agreeing to a number."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import organization_scope
from privacy.actions.run_rules import run_rules
from privacy.models import RetentionChange, RetentionRule, RetentionRun
from tests.privacy.holding import hold
from tickets.models import Contact, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger")]
LIST, CLOSED = "/acme/settings/privacy/retention/", "/acme/settings/privacy/retention/closed/"
YEAR = {"is_enabled": "on", "amount": "12", "unit": "months", "does": "delete"}


@pytest.fixture
def old(ticket: Ticket) -> Ticket:
    """Carol's ticket, closed 500 days ago."""
    with organization_scope(ticket.organization_id):
        Ticket.objects.filter(pk=ticket.pk).update(state="closed", closed_at=timezone.now() - timedelta(days=500))
    return ticket


def test_a_rule_is_switched_on_after_agreeing_to_what_would_go(as_bob: Client, old: Ticket) -> None:
    assert "Kept as long as the mailbox is connected." in as_bob.get(LIST).content.decode()
    asked = as_bob.post(CLOSED, YEAR)
    text = asked.content.decode()
    assert asked.status_code == 422
    assert "The next run would take 1 ticket." in text
    assert "The door does not close" in text
    assert "Agree and save" in text
    with organization_scope(old.organization_id):
        assert not RetentionRule.objects.exists()

    saved = as_bob.post(CLOSED, {**YEAR, "agreed": "1"}, follow=True).content.decode()
    assert "Closed tickets are deleted 12 months after they were closed." in saved
    assert "Agreed to: 1 ticket" in saved
    assert "Bob Admin" in saved
    assert "Due now: 1 ticket." in as_bob.get(LIST).content.decode()
    run_rules()
    text = as_bob.get(CLOSED).content.decode()
    assert "tickets.Message" in text
    assert "0 tickets" in text


def test_a_longer_period_is_saved_at_once_and_stands_in_the_history(as_bob: Client, old: Ticket) -> None:
    as_bob.post(CLOSED, {**YEAR, "agreed": "1"})
    text = as_bob.post(CLOSED, {**YEAR, "amount": "24"}, follow=True).content.decode()

    assert "Closed tickets are deleted 24 months after they were closed." in text
    assert "Before:" in text
    with organization_scope(old.organization_id):
        assert RetentionChange.objects.count() == 2


def test_a_look_at_a_day_to_come_says_what_would_go_then(as_bob: Client, old: Ticket) -> None:
    with organization_scope(old.organization_id):
        Ticket.objects.filter(pk=old.pk).update(closed_at=timezone.now() - timedelta(days=30))
    later = (timezone.localdate() + timedelta(days=400)).isoformat()
    assert "0 tickets" in as_bob.get(CLOSED).content.decode()
    text = as_bob.get(CLOSED, {"on": later}).content.decode()

    assert "1 ticket<" in text
    assert "The door does not close" in text
    with organization_scope(old.organization_id):
        assert Ticket.objects.exists()
        assert not RetentionRun.objects.exists()
    assert as_bob.get(CLOSED, {"on": "someday"}).status_code == 422


def test_what_a_hold_keeps_is_told(as_bob: Client, bob: Membership, old: Ticket) -> None:
    hold(old, bob)

    assert "a legal hold keeps 1 more" in as_bob.get(CLOSED).content.decode()


def test_contacts_and_files_have_rules_of_their_own(as_bob: Client, old: Ticket, acme: Any) -> None:
    from tests import factories

    lonely = factories.make_contact(acme, name="Lonely Larry")
    with organization_scope(acme):
        Contact.objects.filter(pk=lonely.pk).update(created_at=timezone.now() - timedelta(days=800))
    text = as_bob.get(f"{LIST}contacts/").content.decode()
    assert "1 contact<" in text
    assert "Lonely Larry" in text
    for kind in ("files", "spam"):
        assert as_bob.get(f"{LIST}{kind}/").status_code == 200
    assert as_bob.get(f"{LIST}everything/").status_code == 404


def test_errors_of_a_run_are_listed_by_id(as_bob: Client, bob: Membership, old: Ticket) -> None:
    as_bob.post(CLOSED, {**YEAR, "agreed": "1"})
    now = timezone.now()
    with organization_scope(old.organization_id):
        rule = RetentionRule.objects.get()
        RetentionRun.objects.create(
            organization_id=old.organization_id,
            rule=rule,
            version=1,
            due_before=now,
            started_at=now,
            moved_at=now,
            found=1,
            failed=1,
            errors=[[str(old.pk), "IntegrityError"]],
        )
    text = as_bob.get(CLOSED).content.decode()

    assert "IntegrityError" in text
    assert "Broke off" in text
    assert "1 failed" in as_bob.get(LIST).content.decode()


def test_only_admins_of_this_organization(as_alice: Client, as_mallory: Client, old: Ticket) -> None:
    for where in (LIST, CLOSED):
        assert as_alice.get(where).status_code == 403
        assert as_alice.post(where, YEAR).status_code in {403, 405}
        assert as_mallory.get(where).status_code == 404
