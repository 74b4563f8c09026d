"""Gone means gone: one of every record, disconnected or closed, travelled to the end; and the neighbour untouched."""

from pathlib import Path

import pytest
import redis
from allauth.usersessions.models import UserSession
from django.conf import settings as configured
from django.contrib.sessions.models import Session

from accounts.live import publish
from accounts.models import AccessGrant, Organization, User
from accounts.tenancy import organization_scope
from accounts.vault.models import VaultKey
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.models import Mailbox
from privacy.actions.request_deletion import request_closure
from privacy.deletion.counting import count_everything
from privacy.models import DeletionJob, DeletionTarget
from tests import factories
from tests.guards import places
from tests.guards.leaks import Scanner
from tests.guards.planting import Plants, plant_everything
from tests.guards.world import make_world
from tests.privacy import whole
from tests.privacy.helpers import job_of, left_of, travel
from tickets.models import Contact, SearchDocument, Ticket
from tickets.together import presence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def redis_keys(pattern: str) -> list[bytes]:
    return sorted(redis.Redis.from_url(configured.REDIS_URL).scan_iter(pattern))


def test_a_world_has_one_of_every_record() -> None:
    """What the other tests delete is everything there is: a new table without a row in the world is red here."""
    world = make_world("Acme")

    rows = {model: model._base_manager.filter(organization=world.organization) for model in whole.owned_models()}
    assert {model._meta.label for model, found in rows.items() if not found.exists()} == set()


def test_a_disconnected_mailbox_is_gone_after_its_grace() -> None:
    ours, theirs = make_world("Acme"), make_world("Globex")
    by_hand = factories.make_contact(ours.organization, name="Met at a fair")
    with organization_scope(ours.organization):
        other = factories.make_mailbox(ours.organization)
        presence.look_in(ours.ticket, ours.agent, "page")
    kept = factories.make_ticket(ours.organization, mailbox=other, subject="Stays")
    neighbour = whole.print_of(theirs.organization.pk)
    with organization_scope(ours.organization):
        disconnect_mailbox(ours.mailbox, by=ours.owner)
    assert job_of(ours.mailbox.pk).state == DeletionJob.State.GRACE
    assert travel(6.9).jobs == []
    assert Ticket.objects.filter(pk=ours.ticket.pk).exists()

    report = travel(7.1)

    job = job_of(ours.mailbox.pk)
    assert (report.failed, job.waits_for, job.state) == ({}, "", DeletionJob.State.CERTIFIED)
    assert left_of(job) == {}
    assert not any(count_everything(job).values())
    assert not Mailbox.objects.filter(pk=ours.mailbox.pk).exists()
    assert not VaultKey.objects.filter(scope=ours.mailbox.pk, destroyed_at=None).exists()
    assert not SearchDocument.objects.filter(mailbox_id=ours.mailbox.pk).exists()
    assert redis_keys(f"desk:{ours.organization.pk}:here:*") == []
    assert not DeletionTarget.objects.filter(job=job).exists()
    with organization_scope(ours.organization):
        assert list(Ticket.objects.all()) == [kept]
        assert not Contact.objects.filter(pk=ours.contact.pk).exists()  # known only through that mailbox
        assert set(Contact.objects.all()) == {by_hand, kept.contact}
        assert ours.organization.memberships.count() == 3
    assert whole.print_of(theirs.organization.pk) == neighbour


def test_every_table_the_job_emptied_was_counted_before_and_after() -> None:
    world = make_world("Acme")
    with organization_scope(world.organization):
        disconnect_mailbox(world.mailbox, by=world.owner)

    travel(7.1)

    counts = {row.place: row for row in job_of(world.mailbox.pk).counts.all()}
    assert {"tickets.Ticket", "tickets.Message", "tickets.Event", "tickets.Contact", "files", "redis"} <= set(counts)
    for place, row in counts.items():
        assert (row.before, row.after) == (row.deleted, row.held), place
    assert counts["tickets.Ticket"].before == 2
    assert counts["files"].before > 1
    assert counts["vault.VaultKey"].before == 1


def test_a_closed_account_is_gone_after_its_grace() -> None:
    ours, theirs = make_world("Acme"), make_world("Globex")
    factories.make_membership(theirs.organization, ours.agent.user)  # works for both
    neighbour = whole.print_of(theirs.organization.pk)
    ids = [ours.owner.user_id, ours.viewer.user_id]
    with organization_scope(ours.organization):
        publish(ours.organization.pk, "ticket")
        request_closure(ours.organization, by=ours.owner)

    report = travel(7.1)

    job = job_of(ours.organization.pk)
    assert (report.failed, job.waits_for, job.state) == ({}, "", DeletionJob.State.CERTIFIED)
    assert left_of(job) == {}
    for model in whole.owned_models():
        assert not model._base_manager.filter(organization_id=ours.organization.pk).exists(), model
    assert not Organization.objects.filter(pk=ours.organization.pk).exists()
    assert not User.objects.filter(pk__in=ids).exists()
    assert User.objects.filter(pk=ours.agent.user_id, is_active=True).exists()
    alive = VaultKey.objects.filter(destroyed_at=None).exclude(kind=VaultKey.Kind.HOLD)
    assert not alive.filter(organization=ours.organization.pk).exists()
    assert not alive.filter(scope__in=[ours.organization.pk, *ids]).exists()
    assert whole.files_of(ours.organization.pk) == []
    assert redis_keys(f"*{ours.organization.pk}*") == []
    assert whole.print_of(theirs.organization.pk) == neighbour
    (why,) = AccessGrant.objects.filter(organization_id=ours.organization.pk).values_list("reason", flat=True)
    assert why is None  # the row is proof and stays; its words go


@pytest.mark.usefixtures("_real_cache")
def test_nothing_that_was_planted_is_found_even_with_the_keys(outside: Path) -> None:
    """The same search finds what was planted before the account is closed, so it could find it afterwards."""
    plants = Plants()
    with places.logged() as log:
        world = plant_everything(plants)
        aside = whole.put_aside()
        before = Scanner(dict(plants))
        assert whole.scan_opened(before) > 100
        people = User.objects.filter(memberships__organization=world.organization)
        sessions = list(UserSession.objects.filter(user__in=people).values_list("session_key", flat=True))
        with organization_scope(world.organization):
            request_closure(world.organization, by=world.owner)
        report = travel(7.1)
    job = job_of(world.organization.pk)
    assert (report.failed, job.waits_for, left_of(job)) == ({}, "", {})

    whole.bring_back(aside)
    # Somebody signed up for another company meanwhile; the operator's staff stays.
    others = {"sign-up name", "staff name"}
    after = Scanner({name: word for name, word in plants.items() if name not in others})
    whole.scan_opened(after)
    places.scan_everything(after, log.getvalue(), since=plants.since)
    places.scan_files(after, outside)

    assert len({leak.word for leak in before.leaks}) > 40
    assert not after.leaks, after.report()
    assert world.owner.user.email not in whole.sign_ins()
    assert sessions
    assert not Session.objects.filter(session_key__in=sessions).exists()  # that of the staff goes on
