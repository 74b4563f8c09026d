"""Disconnecting says what will happen before, shows it meanwhile, and can be undone by agreeing once more."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.issue_certificate import issue_certificate
from privacy.models import Certificate, DeletionJob, DeletionStep
from privacy.showing import JobShown, span
from tests import factories
from tests.privacy.jobs import carry_out, make_job
from tests.privacy.surroundings import surroundings  # noqa: F401 - a fixture
from tickets.models import Ticket


def job_of(mailbox: Mailbox) -> DeletionJob:
    return DeletionJob.objects.unfinished().get(target_id=mailbox.pk)


def page(client: Client, acme: Organization, path: str = "") -> str:
    answer = client.get(f"/{acme.slug}/{path}")
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


# --- Before ----------------------------------------------------------------------------------------------------------
def test_the_question_says_what_goes_and_when(
    as_bob: Client, acme: Organization, mailbox: Mailbox, ticket: Ticket
) -> None:
    text = page(as_bob, acme, f"mailboxes/{mailbox.pk}/disconnect/")

    for sentence in (
        "Disconnect help@acme.example?",
        "7 days to turn back",
        "Key destroyed, then the data",
        "Messages",
    ):
        assert sentence in text
    for days in (7, 30, 60, 360):
        assert f"{timezone.localtime() + timedelta(days=days):%Y-%m-%d}" in text
    assert "What we cannot delete" in text
    assert not DeletionJob.objects.exists()


def test_only_admins_are_asked(as_alice: Client, acme: Organization, mailbox: Mailbox) -> None:
    assert as_alice.get(f"/{acme.slug}/mailboxes/{mailbox.pk}/disconnect/").status_code == 403
    assert as_alice.post(f"/{acme.slug}/mailboxes/{mailbox.pk}/disconnect/").status_code == 403


# --- Meanwhile -------------------------------------------------------------------------------------------------------
def test_disconnecting_leads_to_the_page_of_its_deletion(as_bob: Client, acme: Organization, mailbox: Mailbox) -> None:
    answer = as_bob.post(f"/{acme.slug}/mailboxes/{mailbox.pk}/disconnect/", follow=True)

    text = answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith(f"/settings/privacy/deletions/{job_of(mailbox).pk}/")
    assert "help@acme.example is disconnected" in text
    assert "You can still turn back for 7 days." in text
    assert f"/{acme.slug}/mailboxes/{mailbox.pk}/reconnect/" in text


def test_the_list_of_mailboxes_counts_down(
    as_bob: Client, acme: Organization, mailbox: Mailbox, bob: Membership
) -> None:
    as_bob.post(f"/{acme.slug}/mailboxes/{mailbox.pk}/disconnect/")

    text = page(as_bob, acme, "mailboxes/")

    assert "30 days left" in text
    assert f"/settings/privacy/deletions/{job_of(mailbox).pk}/" in text


def test_turning_back_is_the_consent_of_the_same_account(as_bob: Client, acme: Organization, mailbox: Mailbox) -> None:
    as_bob.post(f"/{acme.slug}/mailboxes/{mailbox.pk}/disconnect/")

    assert "help@acme.example" in page(as_bob, acme, f"mailboxes/{mailbox.pk}/reconnect/")
    with organization_scope(acme):
        Mailbox.objects.filter(pk=mailbox.pk).update(deletion_begun_at=timezone.now())
    assert as_bob.get(f"/{acme.slug}/mailboxes/{mailbox.pk}/reconnect/").status_code == 404


def test_a_running_job_shows_its_steps_in_numbers_and_looks_again_by_itself(
    as_bob: Client, acme: Organization, mailbox: Mailbox, bob: Membership
) -> None:
    now = timezone.now()
    job = make_job(acme, mailbox=mailbox, by=bob, asked_at=now - timedelta(days=8))
    DeletionJob.objects.filter(pk=job.pk).update(
        state=DeletionJob.State.RUNNING, started_at=now, key_destroyed_at=now, waits_for="The storage does not answer."
    )
    owned = {"organization_id": acme.pk, "job": job}
    DeletionStep.objects.create(name="keys", started_at=now, finished_at=now, done_count=1, total_count=1, **owned)
    DeletionStep.objects.create(name="rows", started_at=now, done_count=1200, total_count=6214, **owned)

    whole = page(as_bob, acme, f"settings/privacy/deletions/{job.pk}/")
    part = as_bob.get(f"/{acme.slug}/settings/privacy/deletions/{job.pk}/", headers={"HX-Request": "true"})

    for text in (whole, part.content.decode()):
        assert "1,200 / 6,214" in text
        assert 'value="1200"' in text
        assert "The key is destroyed." in text
        assert "The storage does not answer." in text
        assert "turn back for" not in text
        assert "every 3s" in text
    assert "<html" in whole
    assert "<html" not in part.content.decode()
    assert "Look again" in whole  # a link, for those without script


@pytest.mark.usefixtures("surroundings")
def test_the_end_is_the_certificate_with_its_file(
    as_bob: Client, acme: Organization, mailbox: Mailbox, bob: Membership
) -> None:
    job = carry_out(make_job(acme, mailbox=mailbox, by=bob))
    certificate = issue_certificate(job)

    text = page(as_bob, acme, f"settings/privacy/deletions/{job.pk}/")
    read = page(as_bob, acme, f"settings/privacy/certificates/{certificate.number}/")
    file = as_bob.get(f"/{acme.slug}/settings/privacy/certificates/{certificate.number}/file/")

    assert "help@acme.example is erased" in text
    assert f"/settings/privacy/certificates/{certificate.number}/" in text
    for sentence in ("help@acme.example", "Bob Admin", "10,988 records and files, 0 left", "unreadable until then"):
        assert sentence in read
    assert file["Content-Disposition"] == f'attachment; filename="deskhero-certificate-{certificate.called}.json"'
    assert file.json()["name"]["text"] == "help@acme.example"


@pytest.mark.usefixtures("surroundings")
def test_a_certificate_of_another_organization_does_not_exist_here(
    as_bob: Client, acme: Organization, globex: Organization
) -> None:
    theirs = issue_certificate(carry_out(make_job(globex, mailbox=factories.make_mailbox(globex))))

    for path in ("", "file/"):
        assert as_bob.get(f"/{acme.slug}/settings/privacy/certificates/{theirs.number}/{path}").status_code == 404
    assert str(theirs.called) not in page(as_bob, acme, "settings/privacy/certificates/")


@pytest.mark.usefixtures("surroundings")
def test_the_owners_are_told_of_the_certificate_once(
    acme: Organization, mailbox: Mailbox, owner: Membership, bob: Membership
) -> None:
    from privacy.actions.tell_owners import tell_certificate

    certificate = issue_certificate(carry_out(make_job(acme, mailbox=mailbox)))
    tell_certificate(acme.pk, certificate.pk)
    tell_certificate(acme.pk, certificate.pk)

    (letter,) = mail.outbox
    assert letter.to == ["olivia@acme.example"]
    assert f"/settings/privacy/certificates/{certificate.number}/" in str(letter.body)
    assert "help@acme.example" not in str(letter.body)
    assert Certificate.objects.get().mailed_at


# --- Taken back at the provider --------------------------------------------------------------------------------------
@pytest.fixture
def revoked(acme: Organization, mailbox: Mailbox) -> DeletionJob:
    """The provider no longer accepts Acme's permission, and nobody here asked for that."""
    now = timezone.now()
    with organization_scope(acme):
        Mailbox.objects.filter(pk=mailbox.pk).update(
            state=Mailbox.State.RECONNECT, trouble=Mailbox.Trouble.REVOKED, trouble_since=now
        )
    return make_job(
        acme, mailbox=mailbox, cause=DeletionJob.Cause.REVOKED, asked_at=now, run_after=now + timedelta(days=29)
    )


def test_a_lost_permission_asks_to_reconnect_or_to_say_that_it_was_none(
    as_bob: Client, acme: Organization, revoked: DeletionJob, mailbox: Mailbox
) -> None:
    text = page(as_bob, acme, f"settings/privacy/deletions/{revoked.pk}/")

    assert "The permission for help@acme.example was taken back" in text
    assert "This was no withdrawal" in text
    assert f"/{acme.slug}/mailboxes/{mailbox.pk}/reconnect/" in text
    assert "how to stop it" in page(as_bob, acme, "mailboxes/")


def test_saying_that_it_was_no_withdrawal_stops_the_clock(
    as_bob: Client, as_alice: Client, acme: Organization, revoked: DeletionJob
) -> None:
    assert as_alice.post(f"/{acme.slug}/settings/privacy/deletions/{revoked.pk}/keep/").status_code == 403
    as_bob.post(f"/{acme.slug}/settings/privacy/deletions/{revoked.pk}/keep/")

    revoked.refresh_from_db()
    assert revoked.state == DeletionJob.State.CANCELLED
    assert "is kept" in page(as_bob, acme, f"settings/privacy/deletions/{revoked.pk}/")


def test_what_was_asked_for_here_is_not_kept_by_saying_so(as_bob: Client, acme: Organization, mailbox: Mailbox) -> None:
    as_bob.post(f"/{acme.slug}/mailboxes/{mailbox.pk}/disconnect/")

    assert as_bob.post(f"/{acme.slug}/settings/privacy/deletions/{job_of(mailbox).pk}/keep/").status_code == 404
    assert job_of(mailbox).state == DeletionJob.State.GRACE


# --- The clock -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=6, hours=23), "6 days"),
        (timedelta(days=2), "2 days"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(minutes=61), "61 minutes"),
        (timedelta(seconds=20), "1 minute"),
    ],
)
def test_what_is_left_is_said_as_people_say_it(left: timedelta, words: str) -> None:
    with translation.override("en"):
        assert span(left) == words


def test_the_days_left_count_a_begun_day_and_end_at_none(acme: Organization, mailbox: Mailbox) -> None:
    job = make_job(acme, mailbox=mailbox)
    seen = [JobShown(job, now=job.requested_at + timedelta(days=days)).days_left for days in (0, 7, 29.5, 30, 31)]

    assert seen == [30, 23, 1, 0, 0]
    assert JobShown(job, now=job.due_at + timedelta(seconds=1)).is_late


def test_a_late_job_says_so(as_bob: Client, acme: Organization, mailbox: Mailbox) -> None:
    job = make_job(acme, mailbox=mailbox, asked_at=timezone.now() - timedelta(days=31))
    DeletionJob.objects.filter(pk=job.pk).update(state=DeletionJob.State.RUNNING)

    assert "This date has passed." in page(as_bob, acme, f"settings/privacy/deletions/{job.pk}/")
