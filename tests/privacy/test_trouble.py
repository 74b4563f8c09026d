"""Bad days: each ends in a job that says what is left and finishes later, never in a "done" that is not."""

import errno
import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
import redis
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import DiskFull

from accounts.sealing.keys import destroy_key
from accounts.tenancy import organization_scope
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.models import InboundEmail, Mailbox
from privacy import clock
from privacy.actions.request_deletion import request_contact_deletion
from privacy.actions.run_job import run_job
from privacy.deletion.step import Progress
from privacy.deletion.steps import rows, vacuum
from privacy.deletion.steps.ledger import WAITS
from privacy.models import DeletionJob
from tests import factories
from tests.guards.world import World, make_world
from tests.privacy.helpers import job_of, left_of, travel
from tickets.models import Contact, Message, SearchDocument, Ticket
from tickets.search.keeping import keep_tickets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300), pytest.mark.long]

State = DeletionJob.State


@pytest.fixture
def world() -> World:
    return make_world("Acme")


@pytest.fixture
def job(world: World) -> DeletionJob:
    with organization_scope(world.organization):
        disconnect_mailbox(world.mailbox, by=world.owner)
    return job_of(world.mailbox.pk)


def run(job: DeletionJob) -> str:
    with clock.at(job.run_after):
        run_job(job.pk)
    job.refresh_from_db()
    return job.waits_for


def is_done(job: DeletionJob) -> bool:
    job.refresh_from_db()
    return job.state == State.CERTIFIED and not job.waits_for and left_of(job) == {}


def test_a_storage_that_refuses(job: DeletionJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", refuse)
        assert "storage of files refuses" in run(job)
        assert (job.state, job.verified_at) == (State.RUNNING, None)
        assert job.key_destroyed_at  # what lies there can no longer be read

    run(job)
    assert is_done(job)


def test_a_full_disk_under_the_ledger(job: DeletionJob, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a restored backup would not erase again is not erased yet."""

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert run(job) == WAITS
        assert (job.state, job.key_destroyed_at) == (State.RUNNING, None)
        assert Message.objects.filter(ticket__mailbox=job.target_id).exists()

    run(job)
    assert is_done(job)


def test_a_full_disk_under_the_database(job: DeletionJob, monkeypatch: pytest.MonkeyPatch) -> None:
    real, batches = rows.erase, []

    def full_at_the_second(*args: Any, **kwargs: Any) -> None:
        batches.append(args)
        real(*args, **kwargs)
        if len(batches) > 1:
            raise OperationalError from DiskFull("could not extend file")

    with monkeypatch.context() as patch:
        patch.setattr(rows, "erase", full_at_the_second)
        assert "Something went wrong on our side" in run(job)
        assert len(batches) == 2
        assert (job.state, job.verified_at) == (State.RUNNING, None)
        assert job.key_destroyed_at
        assert left_of(job)

    run(job)
    assert is_done(job)


def test_a_mailbox_of_more_mail_than_one_look_takes(
    world: World, job: DeletionJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a million messages would be: page by page, no batch above its size, over as many runs as it needs."""
    for _ in range(7):
        ticket = factories.make_ticket(world.organization, mailbox=world.mailbox)
        for _ in range(3):
            factories.make_message(ticket)
    monkeypatch.setattr(rows, "PAGE", 5)
    monkeypatch.setattr(rows, "BATCH", 2)
    real, largest = rows.erase, 0

    def measured(model: Any, ids: Sequence[Any], *args: Any, **kwargs: Any) -> None:
        nonlocal largest
        largest = max(largest, len(ids))
        real(model, ids, *args, **kwargs)

    monkeypatch.setattr(rows, "erase", measured)
    runs = 1
    with clock.at(job.run_after):
        while run_job(job.pk, seconds=0).more:
            runs += 1

    assert is_done(job)
    assert largest == 2
    assert runs > 7
    counted = job.counts.get(place="tickets.Message")
    assert (counted.deleted, counted.after) == (counted.before, 0)
    assert counted.before > 20


def test_a_redis_that_does_not_answer(job: DeletionJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise redis.ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("redis.Redis.scan_iter", refuse)
        assert "Redis does not answer" in run(job)

    run(job)
    assert is_done(job)


def test_a_provider_that_is_down(world: World, job: DeletionJob, monkeypatch: pytest.MonkeyPatch) -> None:
    """The permission is given up a week after the disconnecting; an earlier deletion waits for the provider."""
    with organization_scope(world.organization):
        mailbox = Mailbox.objects.get(pk=world.mailbox.pk)
        mailbox.credentials = {"refresh_token": "x"}
        mailbox.save()

    def silent(credentials: object) -> bool:
        from mailbox.providers.base import TemporaryProviderError

        raise TemporaryProviderError("down")

    monkeypatch.setattr("mailbox.actions.revoke_grant.google_identity.revoke", silent)
    DeletionJob.objects.update(run_after=timezone.now())
    job.refresh_from_db()
    assert "not handed back yet" in run(job)
    assert job.key_destroyed_at is None

    travel(7.1)
    assert is_done(job)


def test_a_key_that_is_gone_already(world: World, job: DeletionJob) -> None:
    destroy_key("mailbox", world.mailbox.pk)

    run(job)
    assert is_done(job)


def test_a_row_that_somebody_holds(world: World, job: DeletionJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("privacy.deletion.turns.LOCK_WAIT", "200ms")
    held, free = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Message.objects.select_for_update().get(pk=world.message.pk)
            held.set()
            free.wait(60)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    held.wait(60)
    try:
        assert "held by something else" in run(job)
    finally:
        free.set()
        holder.join()

    run(job)
    assert is_done(job)


@pytest.mark.parametrize("back", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_jumped(job: DeletionJob, back: timedelta) -> None:
    """Backwards nothing begins; forwards, as after a year's outage, everything that was due is done."""
    with clock.at(job.run_after - back):
        run_job(job.pk)

    assert is_done(job) == (back < timedelta(0))
    run(job)
    assert is_done(job)


def test_a_clock_that_jumped_back_in_the_middle(job: DeletionJob) -> None:
    with clock.at(job.run_after):
        assert run_job(job.pk, seconds=0).more
    with clock.at(job.requested_at):
        while run_job(job.pk, seconds=0).more:
            pass

    assert is_done(job)


def test_a_table_of_somebody_else_that_refers_to_tickets(world: World, job: DeletionJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plugin_votes (id serial, ticket_id uuid REFERENCES tickets_ticket DEFERRABLE)")
        cursor.execute("INSERT INTO plugin_votes (ticket_id) VALUES (%s)", [world.ticket.pk])
    try:
        assert "plugin_votes" in run(job)
        assert job.state == State.RUNNING
        assert job.key_destroyed_at
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE plugin_votes")

    run(job)
    assert is_done(job)


def test_a_table_of_somebody_else_that_refers_to_nothing(job: DeletionJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plugin_copies (subject text)")
        cursor.execute("INSERT INTO plugin_copies VALUES ('The door')")
    try:
        assert "plugin_copies" in run(job)
        assert (job.state, job.verified_at) == (State.RUNNING, None)
        run(job)
        assert job.state == State.RUNNING  # however often
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE plugin_copies")

    run(job)
    assert is_done(job)


def test_what_comes_late_is_found_by_the_last_count(
    world: World, job: DeletionJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index row has no reference that would refuse it: only counting again finds it."""
    late = SearchDocument.objects.filter(mailbox_id=world.mailbox.pk)
    copy = factories.make_ticket(world.organization, mailbox=world.mailbox)
    keep_tickets([copy])
    row = late.get(pk=copy.pk)
    real = vacuum.STEP.run

    def then_late(job: DeletionJob) -> Iterator[Progress]:
        yield from real(job)
        row.save(force_insert=True)

    with monkeypatch.context() as patch:
        patch.setattr(vacuum.STEP, "run", then_late)
        assert run(job) == "Something is left: 1 of tickets.SearchDocument."
        assert (job.state, job.verified_at) == (State.RUNNING, None)

    run(job)
    assert is_done(job)
    assert not late.exists()


def test_a_sync_that_was_under_way_writes_nothing(world: World, job: DeletionJob) -> None:
    from mailbox.actions.sync_mailbox import _NoLongerOurs, _Run
    from mailbox.providers.base import FetchedEmail

    before = Mailbox(pk=world.mailbox.pk, organization_id=world.organization.pk, epoch=1)
    mail = FetchedEmail("late", "", timezone.now(), b"Subject: Late\r\n\r\n")
    with pytest.raises(_NoLongerOurs):
        _Run(before, None)._store([mail], cursor="next")  # type: ignore[arg-type]
    assert not InboundEmail.objects.filter(provider_id="late").exists()

    run(job)
    with pytest.raises((_NoLongerOurs, Mailbox.DoesNotExist)):
        _Run(before, None)._store([mail], cursor="next")  # type: ignore[arg-type]
    assert is_done(job)


def test_one_job_that_breaks_stops_no_other(world: World, job: DeletionJob, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_world("Globex")
    with organization_scope(other.organization):
        disconnect_mailbox(other.mailbox, by=other.owner)
    real = run_job.__globals__["step_named"]

    class Breaks:
        def run(self, given: DeletionJob) -> Any:
            if given.pk == job.pk:
                raise ZeroDivisionError
            return real("keys").run(given)

    monkeypatch.setitem(run_job.__globals__, "step_named", lambda name: Breaks() if name == "keys" else real(name))
    report = travel(7.1)

    assert report.failed == {}
    assert is_done(job_of(other.mailbox.pk))
    job.refresh_from_db()
    assert (job.state, job.waits_for) == (
        State.RUNNING,
        "Something went wrong on our side (ZeroDivisionError); it is tried again.",
    )
    monkeypatch.undo()


def test_a_contact_is_deleted_with_its_mail_and_nothing_else(world: World) -> None:
    stays = factories.make_ticket(world.organization, mailbox=world.mailbox)
    with organization_scope(world.organization):
        wrote_elsewhere = factories.make_message(stays, text="Me too", sender=world.contact)
        request_contact_deletion(world.contact, by=world.owner)

    travel(0.1)

    job = job_of(world.contact.pk)
    assert (job.waits_for, job.state) == ("", State.CERTIFIED)
    with organization_scope(world.organization):
        assert list(Ticket.objects.all()) == [stays]
        assert not Contact.objects.filter(pk=world.contact.pk).exists()
        assert not Message.objects.filter(pk=wrote_elsewhere.pk).exists()
        assert not InboundEmail.objects.filter(pk=world.inbound.pk).exists()  # the original went too
    assert job.key_destroyed_at is None
