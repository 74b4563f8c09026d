"""Asking for a deletion, and taking that back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Organization
from accounts.tenancy import organization_scope
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.actions.note_health import note_failure
from mailbox.actions.reconnect_mailbox import reconnect_mailbox
from mailbox.models import Mailbox
from mailbox.providers.base import AuthorizationExpired
from mailbox.providers.consent import Grant
from privacy import clock
from privacy.actions.cancel_deletion import cancel_closure, cancel_mailbox_deletion, record_no_withdrawal
from privacy.actions.request_deletion import request_closure, request_mailbox_deletion
from privacy.actions.run_job import run_job
from privacy.actions.tell_of_revoked import tell_of_revoked
from privacy.models import DeletionJob
from tests.factories import make_mailbox
from tests.privacy.helpers import job_of

pytestmark = pytest.mark.django_db

State, Cause = DeletionJob.State, DeletionJob.Cause


@pytest.fixture(autouse=True)
def _mail_that_stays_here(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def days(count):
    return timedelta(days=count)


def revoke(mailbox):
    note_failure(mailbox, AuthorizationExpired("invalid_grant"))
    mailbox.refresh_from_db()
    return job_of(mailbox.pk)


def disconnect(mailbox, by):
    with organization_scope(mailbox.organization_id):
        disconnect_mailbox(mailbox, by=by)
    return job_of(mailbox.pk)


def test_disconnecting_begins_the_clock(mailbox, bob):
    job = disconnect(mailbox, bob)

    assert (job.scope, job.cause, job.state, job.requested_by_id) == ("mailbox", "disconnected", State.GRACE, bob.pk)
    assert job.requested_at == mailbox.disconnected_at
    assert job.run_after == job.requested_at + days(7)
    assert job.due_at == job.requested_at + days(30)


def test_asking_twice_is_one_job(mailbox, bob):
    job = disconnect(mailbox, bob)
    with organization_scope(mailbox.organization_id):
        assert request_mailbox_deletion(mailbox, by=bob) == job

    assert DeletionJob.objects.count() == 1


def test_the_same_consent_takes_it_back(mailbox, bob):
    job = disconnect(mailbox, bob)
    with organization_scope(mailbox.organization_id):
        reconnect_mailbox(mailbox, grant=Grant({"token": "new"}, ["read"]), by=bob)

    job.refresh_from_db()
    assert (job.state, job.cancelled_by_id) == (State.CANCELLED, bob.pk)
    assert disconnect(mailbox, bob) != job  # and the next time counts anew


def test_once_it_has_begun_it_is_not_taken_back(mailbox, bob):
    job = disconnect(mailbox, bob)
    DeletionJob.objects.update(state=State.RUNNING)
    Mailbox.objects.update(deletion_begun_at=timezone.now())

    with organization_scope(mailbox.organization_id), pytest.raises(ActionRefused, match="has begun"):
        reconnect_mailbox(mailbox, grant=Grant({"token": "new"}, ["read"]), by=bob)
    with organization_scope(mailbox.organization_id), pytest.raises(ActionRefused, match="cannot be undone"):
        cancel_mailbox_deletion(mailbox, by=bob)
    job.refresh_from_db()
    assert job.state == State.RUNNING


def test_nothing_runs_before_the_grace_is_over(mailbox, bob):
    job = disconnect(mailbox, bob)

    assert not run_job(job.pk).more
    with clock.at(job.run_after - timedelta(seconds=1)):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.steps.count()) == (State.GRACE, 0)


# --- Closing an account ----------------------------------------------------------------------------------------------
def test_closing_shuts_the_desk_and_lets_its_mailboxes_go_with_it(acme, mailbox, owner, as_owner):
    old = make_mailbox(acme, address="old@acme.example")
    its = disconnect(old, owner)
    DeletionJob.objects.filter(pk=its.pk).update(run_after=timezone.now() + days(20))
    with organization_scope(acme):
        job = request_closure(acme, by=owner)
        assert request_closure(acme, by=owner) == job

    assert as_owner.get("/acme/").status_code == 404
    mailbox.refresh_from_db()
    assert mailbox.is_disconnected
    assert not DeletionJob.objects.filter(target_id=mailbox.pk).exists()
    its.refresh_from_db()
    assert its.run_after == job.run_after  # nothing of it outlives the account


def test_closing_is_undone_and_the_mailboxes_keep_their_clocks(acme, mailbox, owner, as_owner):
    with organization_scope(acme):
        job = request_closure(acme, by=owner)

    cancel_closure(job, by=owner)

    assert Organization.objects.get().closed_at is None
    assert as_owner.get("/acme/").status_code == 200
    mailbox.refresh_from_db()
    its = job_of(mailbox.pk)
    assert its.state == State.GRACE
    assert its.due_at == mailbox.disconnected_at + days(30)
    assert its.run_after > timezone.now() + days(6.9)


def test_a_closure_that_has_begun_is_not_undone(acme, owner):
    with organization_scope(acme):
        job = request_closure(acme, by=owner)
    DeletionJob.objects.update(state=State.RUNNING)

    with pytest.raises(ActionRefused, match="cannot be undone"):
        cancel_closure(job, by=owner)
    assert Organization.objects.get().closed_at


# --- Taken back at the provider --------------------------------------------------------------------------------------
def test_a_permission_taken_back_counts_from_when_we_see_it(mailbox):
    Mailbox.objects.update(trouble="unreachable", trouble_since=timezone.now() - days(3))

    job = revoke(mailbox)

    assert job.cause == Cause.REVOKED
    assert abs(job.requested_at - timezone.now()) < timedelta(minutes=1)
    assert job.run_after == job.requested_at + days(29)
    assert job.due_at == job.requested_at + days(30)


def test_admins_are_told_four_times(mailbox, bob, owner, alice):
    began = revoke(mailbox).requested_at
    for day in range(30):
        with clock.at(began + days(day)):
            tell_of_revoked()
            tell_of_revoked()  # a second run says nothing

    assert len(mail.outbox) == 4 * 2
    assert {one.to[0] for one in mail.outbox} == {bob.user.email, owner.user.email}
    for one in mail.outbox:
        assert mailbox.address not in one.body + one.subject
        assert "Reconnect the mailbox" in one.body
    assert job_of(mailbox.pk).notices_sent == 4


def test_after_an_outage_one_notice_stands_for_all_and_a_day_is_left(mailbox, bob):
    job = revoke(mailbox)
    with clock.at(job.requested_at + days(29.5)):
        assert tell_of_revoked() == 1

        job.refresh_from_db()
        assert job.notices_sent == 4
        assert job.run_after == job.due_at  # never later than promised


def test_a_notice_that_did_not_leave_is_sent_later(mailbox, bob, monkeypatch):
    revoke(mailbox)

    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        assert tell_of_revoked() == 0
    assert tell_of_revoked() == 1


def test_an_admin_says_that_nothing_was_withdrawn(mailbox, bob):
    job = revoke(mailbox)
    with organization_scope(mailbox.organization_id):
        record_no_withdrawal(job, by=bob)
    job.refresh_from_db()
    assert (job.state, job.cancelled_by_id) == (State.CANCELLED, bob.pk)

    Mailbox.objects.update(state=Mailbox.State.ACTIVE, trouble="")
    assert revoke(mailbox) == job  # the same permission begins no second clock


def test_only_a_lost_permission_can_be_no_withdrawal(mailbox, bob):
    job = disconnect(mailbox, bob)
    with organization_scope(mailbox.organization_id), pytest.raises(ActionRefused):
        record_no_withdrawal(job, by=bob)


def test_disconnecting_a_mailbox_that_lost_its_permission_brings_the_end_forward(mailbox, bob):
    job = revoke(mailbox)

    assert disconnect(mailbox, bob) == job
    job.refresh_from_db()
    assert job.cause == Cause.DISCONNECTED
    assert job.run_after < timezone.now() + days(7.1)


def test_other_trouble_begins_no_clock(mailbox):
    note_failure(mailbox, RuntimeError())

    assert not DeletionJob.objects.exists()
