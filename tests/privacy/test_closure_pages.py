"""Closing an account: export first, the name typed, a page for its owner, a link that outlives every account."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.issue_certificate import issue_certificate
from privacy.models import ClosingLink, DeletionJob
from tests import factories
from tests.cast import sign_in
from tests.privacy.jobs import carry_out
from tests.privacy.surroundings import surroundings  # noqa: F401 - a fixture

CLOSE = "/acme/settings/privacy/close/"


@pytest.fixture
def closed(
    as_owner: Client,
    acme: Organization,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> DeletionJob:
    """Acme, closed by its owner a moment ago; the mail has left."""
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_owner.post(CLOSE, {"name": " acme "})
    assert answer.status_code == 302, answer.content.decode()
    return DeletionJob.objects.get(scope=DeletionJob.Scope.ORGANIZATION)


def link_in(body: object) -> str:
    found = re.search(r"/account/closed/[\w-]+/", str(body))
    assert found
    return found[0]


# --- Before ----------------------------------------------------------------------------------------------------------
def test_the_page_offers_the_export_first_and_says_what_happens_when(as_owner: Client, mailbox: Mailbox) -> None:
    text = as_owner.get(CLOSE).content.decode()

    assert text.index("Export everything") < text.index("Close and erase everything")
    assert "You have not exported anything yet" in text
    assert "1 mailbox is disconnected" in text
    assert f"{timezone.localtime() + timedelta(days=30):%Y-%m-%d}" in text


def test_only_owners_may(as_bob: Client, as_alice: Client) -> None:
    for client in (as_bob, as_alice):
        assert client.get(CLOSE).status_code == 403
        assert client.post(CLOSE, {"name": "Acme"}).status_code == 403
    assert not DeletionJob.objects.exists()


def test_another_name_closes_nothing(as_owner: Client, acme: Organization) -> None:
    answer = as_owner.post(CLOSE, {"name": "Acme Ltd"})

    assert answer.status_code == 422
    assert "This is not the name of the company." in answer.content.decode()
    acme.refresh_from_db()
    assert acme.closed_at is None


def test_who_signed_in_long_ago_is_asked_again_first(as_owner: Client, settings: object) -> None:
    session = as_owner.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 24 * 3600
    session.save()

    for answer in (as_owner.get(CLOSE), as_owner.post(CLOSE, {"name": "Acme"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate/?next=%2Facme%2Fsettings%2Fprivacy%2Fclose%2F")
    assert not DeletionJob.objects.exists()


# --- Afterwards ------------------------------------------------------------------------------------------------------
def test_closing_shuts_the_desk_for_everybody(
    as_owner: Client, as_alice: Client, closed: DeletionJob, mailbox: Mailbox
) -> None:
    assert as_alice.get("/acme/").status_code == 404
    assert as_owner.get("/acme/").status_code == 404
    with organization_scope(closed.organization_id):
        assert Mailbox.objects.get().is_disconnected


def test_the_owner_who_signs_in_sees_how_it_ends(as_owner: Client, closed: DeletionJob) -> None:
    answer = as_owner.get("/", follow=True)

    text = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/account/closing/{closed.organization_id}/"
    for sentence in ("Acme is closed", "You can still turn back for 7 days.", "Open it again"):
        assert sentence in text


def test_members_who_are_no_owners_see_nothing_of_it(
    as_alice: Client, as_bob: Client, as_mallory: Client, closed: DeletionJob
) -> None:
    for client in (as_alice, as_bob, as_mallory):
        assert client.get(f"/account/closing/{closed.organization_id}/").status_code == 404
        assert client.post(f"/account/closing/{closed.organization_id}/").status_code == 404
    assert "You belong to no desk" in as_alice.get("/").content.decode()


def test_an_owner_without_the_second_step_is_asked_for_it(owner: Membership, closed: DeletionJob) -> None:
    client = Client()
    client.force_login(owner.user)

    assert "reauthenticate" in client.get(f"/account/closing/{closed.organization_id}/")["Location"]


def test_opening_it_again_leaves_everything_as_it_was(
    as_owner: Client, as_alice: Client, closed: DeletionJob, acme: Organization
) -> None:
    answer = as_owner.post(f"/account/closing/{closed.organization_id}/", follow=True)

    assert answer.status_code == 200
    assert "The account is open again" in answer.content.decode()
    assert as_alice.get("/acme/").status_code == 200
    closed.refresh_from_db()
    assert closed.state == DeletionJob.State.CANCELLED
    assert as_owner.get(f"/account/closing/{closed.organization_id}/").status_code == 404


def test_an_owner_of_two_desks_chooses(as_owner: Client, owner: Membership, closed: DeletionJob) -> None:
    factories.make_organization("Side Business", owner=owner.user)

    text = as_owner.get("/account/desks/").content.decode()

    assert "Side Business" in text
    assert f"/account/closing/{closed.organization_id}/" in text


# --- The link of the mail --------------------------------------------------------------------------------------------
def test_the_mail_carries_a_link_that_needs_no_account(closed: DeletionJob) -> None:
    (letter,) = [one for one in mail.outbox if "closed" in one.subject]
    link = link_in(letter.body)

    text = Client().get(link).content.decode()

    assert letter.to == ["olivia@acme.example"]
    assert "Acme is closed" in text
    assert "Open it again" not in text  # a link is no sign-in
    assert Client().post(link).status_code == 405
    assert link.split("/")[-2] not in str(ClosingLink.objects.values().get())


def test_the_link_is_mailed_again_and_the_first_one_ends(
    as_owner: Client, closed: DeletionJob, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = link_in(mail.outbox[-1].body)
    with django_capture_on_commit_callbacks(execute=True):
        as_owner.post(f"/account/closing/{closed.organization_id}/", {"mail": "again"})

    second = link_in(mail.outbox[-1].body)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    closed.refresh_from_db()
    assert closed.state == DeletionJob.State.GRACE


@pytest.mark.parametrize("path", ["", "certificate/"])
def test_a_link_nobody_was_sent_leads_nowhere(closed: DeletionJob, path: str) -> None:
    assert Client().get(f"/account/closed/{'x' * 43}/{path}").status_code == 404


@pytest.mark.usefixtures("surroundings")
def test_at_the_end_the_link_gives_the_certificate_with_the_companys_name(
    closed: DeletionJob, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    link = link_in(mail.outbox[-1].body)
    certificate = issue_certificate(carry_out(closed))
    Organization.objects.filter(pk=closed.organization_id).update(name="Somebody else")

    text = Client().get(link).content.decode()
    file = Client().get(f"{link}certificate/")

    assert f"Certificate of deletion {certificate.called}" in text
    assert "Acme" in text
    assert file.json()["name"]["text"] == "Acme"
    assert "Acme" not in certificate.body


def test_the_certificate_is_not_there_before(closed: DeletionJob) -> None:
    assert Client().get(f"{link_in(mail.outbox[-1].body)}certificate/").status_code == 404


def test_a_mail_server_that_is_down_does_not_stop_the_closing(
    as_owner: Client,
    acme: Organization,
    settings: object,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1  # type: ignore[attr-defined]
    with django_capture_on_commit_callbacks(execute=True):
        assert as_owner.post(CLOSE, {"name": "Acme"}).status_code == 302

    assert DeletionJob.objects.filter(scope=DeletionJob.Scope.ORGANIZATION).exists()


def test_somebody_signed_in_elsewhere_may_use_the_link_too(closed: DeletionJob, mallory: Membership) -> None:
    assert sign_in(Client(), mallory).get(link_in(mail.outbox[-1].body)).status_code == 200
