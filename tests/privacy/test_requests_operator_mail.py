"""Mail to the operator's privacy address becomes a case of the operator's, and tells nobody who has an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.requests.change_request import decide_right
from privacy.actions.requests.identity import confirm_address
from privacy.actions.requests.package import begin_package
from privacy.actions.requests.to_operator import open_from_mail_to_operator
from privacy.models import DataSubjectRequest, RequestEvent
from privacy.request_tasks import pass_on_requests
from privacy.rights.history import Actor
from tests import factories
from tests.privacy.test_requests_intake import flagged, letter_to
from tickets.actions.receive import receive_emails
from tickets.models import Message

PRIVACY = "privacy@acme.example"


@pytest.fixture
def operator(acme: Organization, mailbox: Mailbox, settings: Any, celery_eager: None) -> Mailbox:
    """Acme is the organization through which the operator is reached."""
    settings.OPERATOR_ORGANIZATION = acme.slug
    with organization_scope(acme):
        return flagged(mailbox)


@pytest.fixture
def send(operator: Mailbox, acme: Organization, django_capture_on_commit_callbacks: Any) -> Any:
    def send(sender: str, body: str = "Please delete all my data.", address: str = PRIVACY) -> None:
        with django_capture_on_commit_callbacks(execute=True), organization_scope(acme):
            receive_emails([factories.make_inbound_email(operator, letter_to(address, body, sender))])

    return send


def only_case() -> DataSubjectRequest:
    return DataSubjectRequest.objects.get()


@pytest.mark.promise("6-route-a")
def test_a_users_mail_becomes_a_case_of_the_operators_with_a_receipt(send: Any, alice: Membership) -> None:
    send(alice.user.email)

    case = only_case()
    assert (case.queue, case.organization_id, case.source) == ("operator", None, "mail")
    assert (case.user_id, case.identity) == (alice.user_id, "open")
    assert "delete all my data" in case.said
    assert [one.to for one in mail.outbox if case.case_number in one.subject] == [[alice.user.email]]


def test_who_has_no_account_gets_the_same_receipt(send: Any, alice: Membership) -> None:
    send(alice.user.email)
    send("erin@elsewhere.example", "Please delete all my data!!")

    assert [one.user_id for one in DataSubjectRequest.objects.order_by("number")] == [alice.user_id, None]
    random = re.compile(r"-00[12]|[A-Za-z0-9_-]{43,}")
    receipts = [random.sub("", f"{one.subject}\n{one.body}") for one in mail.outbox if "-00" in one.subject]
    assert len(receipts) == 2
    assert receipts[0] == receipts[1]


def test_nothing_is_done_by_a_guess_before_the_officer_decided(send: Any, alice: Membership) -> None:
    send(alice.user.email, "What do you keep about me?")
    case = only_case()
    assert case.token_hash is not None
    confirm_address(bytes(case.token_hash))
    case.refresh_from_db()
    with pytest.raises(ActionRefused, match="guessed"):
        begin_package(case)
    with pytest.raises(ActionRefused):
        decide_right(case, "everything", by=Actor())

    decide_right(case, "access", by=Actor())
    assert begin_package(case).pk


def test_a_second_mail_within_a_day_belongs_to_the_same_case(send: Any, alice: Membership) -> None:
    send(alice.user.email)
    send(alice.user.email, "And hurry up with it.")

    assert [one.verb for one in only_case().requestevents.exclude(verb="letter")].count("noted") == 2


def test_the_same_mail_twice_is_one_case(send: Any, acme: Organization, alice: Membership) -> None:
    send(alice.user.email)
    with organization_scope(acme):
        message = Message.objects.get()

    assert open_from_mail_to_operator(acme.pk, message.pk) is None
    assert DataSubjectRequest.objects.count() == 1


def test_a_bell_that_was_lost_is_made_up_for_and_a_mail_that_was_taken_opens_nothing_more(
    send: Any, alice: Membership, acme: Organization, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with monkeypatch.context() as lost:
        lost.setattr("privacy.request_tasks.open_for_operator.delay_on_commit", lambda *_: None)
        send(alice.user.email)
        send("dora@customer.example", address="help@acme.example")
    with organization_scope(acme):
        Message.objects.update(at=timezone.now() - timedelta(minutes=30))
    assert not DataSubjectRequest.objects.exists()

    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            pass_on_requests()

    assert only_case().address == alice.user.email


def test_a_further_mail_opens_nothing_once_its_case_is_closed(
    send: Any, alice: Membership, acme: Organization, django_capture_on_commit_callbacks: Any
) -> None:
    send(alice.user.email)
    send(alice.user.email, "And hurry up with it.")
    DataSubjectRequest.objects.update(closed_at=timezone.now(), outcome="taken_back")
    with organization_scope(acme):
        Message.objects.update(at=F("at") - timedelta(minutes=30))
    DataSubjectRequest.objects.update(received_at=F("received_at") - timedelta(minutes=30))
    RequestEvent.objects.update(at=F("at") - timedelta(minutes=30))

    with django_capture_on_commit_callbacks(execute=True):
        pass_on_requests()

    assert DataSubjectRequest.objects.count() == 1


def test_other_addresses_and_other_organizations_open_no_case_of_the_operators(
    send: Any, settings: Any, alice: Membership, acme: Organization, operator: Mailbox
) -> None:
    send(alice.user.email, address="help@acme.example")
    assert not DataSubjectRequest.objects.exists()

    settings.OPERATOR_ORGANIZATION = "somebody-else"
    letter = letter_to(PRIVACY, "Please delete everything of mine.", alice.user.email)
    with organization_scope(acme):  # what its tasks do is the organization's, and no matter here
        receive_emails([factories.make_inbound_email(operator, letter)])
    assert only_case().queue == "organization"
