"""A deletion that dies goes on: after every batch, inside every batch, and with a worker killed for good."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as configured
from django.db import connection, connections

from accounts.tenancy import organization_scope
from accounts.vault.models import VaultKey
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from privacy import clock
from privacy.actions import run_job as running
from privacy.actions.request_deletion import request_closure
from privacy.deletion import turns
from privacy.deletion.order import step_named
from privacy.models import DeletionJob
from tests.guards.world import World, make_world
from tests.privacy.helpers import job_of, left_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300), pytest.mark.long]


class Killed(BaseException):
    """What no handler catches."""


def end_of(world: World, scope: str) -> DeletionJob:
    with organization_scope(world.organization):
        if scope == "mailbox":
            disconnect_mailbox(world.mailbox, by=world.owner)
            return job_of(world.mailbox.pk)
        return request_closure(world.organization, by=world.owner)


@pytest.mark.long
@pytest.mark.parametrize("scope", ["mailbox", "organization"])
def test_it_goes_on_after_dying_at_every_boundary(scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run does one batch and dies; once more, each batch dies before its commit, and is done again."""
    job = end_of(make_world("Acme"), scope)
    deaths = {"after": 0, "inside": 0}
    seen: set[tuple[str, Any]] = set()
    died: set[tuple[str, int]] = set()  # the step, and its how many-th turn: each dies once
    now = {"step": "", "turn": 0}
    real_turn = turns.turn

    class DiesAfterEachBatch:
        def __init__(self, name: str) -> None:
            self.name, self.step = name, step_named(name)

        def run(self, job: DeletionJob) -> Iterator[Any]:
            now.update(step=self.name, turn=0)
            for number, progress in enumerate(self.step.run(job)):
                yield progress
                if (self.name, number) not in seen:
                    seen.add((self.name, number))
                    deaths["after"] += 1
                    raise Killed

    @contextmanager
    def dies_before_its_commit(job: DeletionJob) -> Iterator[DeletionJob]:
        with real_turn(job) as held:
            yield held
            place = (str(now["step"]), int(now["turn"]))
            now["turn"] = place[1] + 1
            if place not in died:
                died.add(place)
                deaths["inside"] += 1
                raise Killed

    monkeypatch.setattr(running, "step_named", DiesAfterEachBatch)
    for module in ("keys", "rows", "contacts", "caches", "stop"):
        monkeypatch.setattr(f"privacy.deletion.steps.{module}.turn", dies_before_its_commit)
    with clock.at(job.run_after):
        for _ in range(1000):
            try:
                running.run_job(job.pk)
            except Killed:
                continue
            break

    job.refresh_from_db()
    assert (job.waits_for, job.state) == ("", DeletionJob.State.CERTIFIED)
    assert left_of(job) == {}
    assert deaths["after"] > 20
    assert deaths["inside"] >= 10
    # The one key of a mailbox is gone from the vault when its turn dies: the next run finds none, and has no batch.
    assert {name for name, _number in seen | died} >= {"stop", "keys", "rows", "caches", "vacuum", "verify"}


WORKER = """
import os, signal, sys
from uuid import UUID
import django
django.setup()
from django.utils.dateparse import parse_datetime
from privacy import clock
from privacy.actions import run_job
left = int(sys.argv[3])
real = run_job._note
def note(job, step, progress):
    global left
    real(job, step, progress)
    left -= step.name == "rows"
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
run_job._note = note
with clock.at(parse_datetime(sys.argv[2])):
    run_job.run_job(UUID(sys.argv[1]))
"""


def test_a_worker_that_is_killed_leaves_a_job_that_another_finishes() -> None:
    """kill -9 in the middle of the rows: the key is gone, rows are left, and no lock keeps the next worker out."""
    world = make_world("Acme")
    job = end_of(world, "organization")
    connection.close()
    environment = {
        "DJANGO_SETTINGS_MODULE": "deskhero.settings",
        "DATABASE_URL": _test_database(configured.DATABASE_URL, "default"),
        "VAULT_URL": _test_database(configured.VAULT_URL, "vault"),
        "DESKHERO_DATA": str(configured.DATA_DIR),
        "DESKHERO_LEDGER": str(configured.LEDGER),
        "DESKHERO_LEDGER_COPY": str(configured.LEDGER_COPY),
        "REDIS_URL": configured.REDIS_URL,
    }

    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(job.pk), job.run_after.isoformat(), "5"],
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )

    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    job.refresh_from_db()
    assert job.state == DeletionJob.State.RUNNING
    assert job.key_destroyed_at
    assert not VaultKey.objects.filter(scope=world.mailbox.pk, destroyed_at=None).exists()
    with clock.at(job.run_after):
        assert not running.run_job(job.pk).waits_for
    job.refresh_from_db()
    assert job.state == DeletionJob.State.CERTIFIED
    assert left_of(job) == {}


def test_a_run_that_may_work_for_a_moment_says_that_more_is_to_be_done() -> None:
    job = end_of(make_world("Acme"), "mailbox")
    runs = 0
    with clock.at(job.run_after):
        while running.run_job(job.pk, seconds=0).more:
            runs += 1

    job.refresh_from_db()
    assert job.state == DeletionJob.State.CERTIFIED
    assert runs > 10
    rows = job.steps.get(name="rows")
    assert rows.done_count == rows.total_count > 0


def test_two_workers_do_not_work_on_one_job() -> None:
    job = end_of(make_world("Acme"), "mailbox")
    inner: list[running.Ran] = []

    class Overlapped:
        def __init__(self, name: str) -> None:
            self.step = step_named(name)

        def run(self, job: DeletionJob) -> Iterator[Any]:
            inner.append(_in_another_session(job))
            yield from self.step.run(job)

    with pytest.MonkeyPatch.context() as patch, clock.at(job.run_after):
        patch.setattr(running, "step_named", Overlapped)
        running.run_job(job.pk)

    assert inner
    assert all(one == running.Ran() for one in inner)


def _in_another_session(job: DeletionJob) -> running.Ran:
    found: list[running.Ran] = []

    def work() -> None:
        with clock.at(job.run_after):
            found.append(running.run_job(job.pk))
        connection.close()

    thread = Thread(target=work)
    thread.start()
    thread.join()
    return found[0]


def _test_database(url: str, alias: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path="/" + str(connections[alias].settings_dict["NAME"])))
