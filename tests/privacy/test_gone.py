"""Gone means gone: a mailbox and an account with one of every record, travelled to the end of the grace."""

import pytest

from accounts.models import Organization, User
from accounts.tenancy import organization_scope
from accounts.vault.models import VaultKey
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.models import Mailbox
from privacy.actions.request_deletion import request_closure
from privacy.deletion.counting import count_everything
from privacy.models import DeletionJob
from tests.guards.world import make_world
from tests.privacy.helpers import job_of, left_of, travel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_a_disconnected_mailbox_is_gone_after_its_grace() -> None:
    world = make_world("Acme")
    with organization_scope(world.organization):
        disconnect_mailbox(world.mailbox, by=world.owner)
    assert job_of(world.mailbox.pk).state == DeletionJob.State.GRACE

    report = travel(6.9)
    assert (report.failed, report.jobs) == ({}, [])
    report = travel(7.1)

    job = job_of(world.mailbox.pk)
    assert (report.failed, job.waits_for, job.state) == ({}, "", DeletionJob.State.CERTIFIED)
    assert left_of(job) == {}
    assert not any(count_everything(job).values())
    assert not Mailbox.objects.filter(pk=world.mailbox.pk).exists()
    assert not VaultKey.objects.filter(scope=world.mailbox.pk, destroyed_at=None).exists()


def test_a_closed_account_is_gone_after_its_grace() -> None:
    world = make_world("Acme")
    with organization_scope(world.organization):
        request_closure(world.organization, by=world.owner)

    report = travel(7.1)

    job = job_of(world.organization.pk)
    assert (report.failed, job.waits_for, job.state) == ({}, "", DeletionJob.State.CERTIFIED)
    assert left_of(job) == {}
    assert not Organization.objects.exists()
    assert not User.objects.exists()
    assert not VaultKey.objects.filter(destroyed_at=None).exists()
