"""kill -9 at the worst moments: a real worker on a real queue dies, another takes over; nothing lost or doubled."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from django.conf import settings as configured
from django.db import connections
from django.utils import timezone

from accounts.tenancy import organization_scope
from deskhero.celery import app
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from mailbox.simulator.client import Simulator
from tests.mailbox.helpers import fresh, in_outbox, let_time_pass, queue, subjects, sync
from tests.mails import write_mail
from tickets.models import Message, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
QUEUES = "sync,send,file,housekeeping"


class Workers:
    """Real worker processes on a Redis database of their own."""

    def __init__(self, environment: dict[str, str], broker: str) -> None:
        """Start nothing yet."""
        self.environment, self.broker = environment, broker
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, die_at: str = "") -> "subprocess.Popen[bytes]":
        """Start a worker; with `die_at` it kills itself there."""
        command = [sys.executable, "-m", "celery", "-A", "tests.mailbox.dying_worker", "worker", "-P", "solo"]
        command += ["-Q", QUEUES, "-l", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        worker = subprocess.Popen(
            command,
            env={**self.environment, "DIE_AT": die_at},
            cwd=Path(__file__).resolve().parents[2],
            stdout=subprocess.DEVNULL,
        )
        self.running.append(worker)
        return worker

    def ring(self, task: str, *args: object) -> None:
        """Put a task into the queue."""
        with app.connection_for_write(self.broker) as connection:
            app.send_task(task, [str(arg) for arg in args], connection=connection)

    def waiting(self) -> int:
        """Return how many workers wait for a task."""
        clients = redis.Redis.from_url(self.broker).client_list()
        return sum(client["cmd"] == "brpop" and client["db"] == "9" for client in clients)

    def dies(self, worker: "subprocess.Popen[bytes]") -> None:
        """Wait until the worker is dead, and see that it was killed."""
        assert worker.wait(60) == -signal.SIGKILL

    def stop(self) -> None:
        """End what is left."""
        for worker in self.running:
            if worker.poll() is None:
                worker.kill()
            worker.wait()


@pytest.fixture
def workers(simulator: Simulator) -> Iterator[Workers]:
    """Workers on the databases of this test."""
    broker = urlunsplit(urlsplit(configured.REDIS_URL)._replace(path="/9"))
    redis.Redis.from_url(broker).flushdb()
    environment = {
        **os.environ,
        **simulator.environment,
        "DJANGO_SETTINGS_MODULE": "deskhero.settings",
        "DATABASE_URL": _test_database(configured.DATABASE_URL, "default"),
        "VAULT_URL": _test_database(configured.VAULT_URL, "vault"),
        "DESKHERO_DATA": str(configured.DATA_DIR),
        "REDIS_URL": broker,
    }
    team = Workers(environment, broker)
    yield team
    team.stop()
    redis.Redis.from_url(broker).flushdb()


def _test_database(url: str, alias: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path="/" + str(connections[alias].settings_dict["NAME"])))


def until(happened: Callable[[], Any], seconds: float = 60) -> None:
    """Wait for something other processes do."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.1)


def states(mailbox: Mailbox) -> list[str]:
    with organization_scope(mailbox.organization_id):
        return list(InboundEmail.objects.filter(mailbox=mailbox).order_by("pk").values_list("state", flat=True))


def tickets(mailbox: Mailbox) -> list[str]:
    with organization_scope(mailbox.organization_id):
        return sorted(ticket.subject for ticket in Ticket.objects.all())


def long_ago(mailbox: Mailbox) -> None:
    """What was stored looks left behind to the sweep."""
    with organization_scope(mailbox.organization_id):
        InboundEmail.objects.update(stored_at=timezone.now() - timedelta(hours=1))


@pytest.mark.parametrize(
    ("provider", "die_at", "stored"),
    [
        ("google", "second mail loaded", 0),
        ("microsoft", "batch stored, before the commit", 0),
        ("google", "mail and bookmark stored, before filing is queued", 3),
        ("microsoft", "ticket written, before the commit", 3),
    ],
)
def test_a_worker_killed_between_fetch_and_filing_loses_nothing_and_doubles_nothing(
    connect: Callable[..., Mailbox],
    simulator: Simulator,
    workers: Workers,
    provider: str,
    die_at: str,
    stored: int,
) -> None:
    mailbox = connect(provider)
    sync(mailbox)
    wanted = [f"mail {number}" for number in range(3)]
    for subject in wanted:
        simulator.deliver(
            mailbox.address, write_mail(subject=subject, message_id=f"<{subject.replace(' ', '.')}@c.example>")
        )
    worker = workers.start(die_at)
    workers.ring("mailbox.tasks.sync_mailbox", mailbox.organization_id, mailbox.pk)
    workers.dies(worker)
    assert len(states(mailbox)) == stored
    assert tickets(mailbox) == []

    long_ago(mailbox)
    workers.start()
    workers.ring("mailbox.tasks.poll_mailboxes")
    workers.ring("tickets.tasks.sweep_unfiled")
    until(lambda: states(mailbox) == [InboundEmail.State.FILED] * 3)
    polled = fresh(mailbox).last_poll_at
    workers.ring("mailbox.tasks.poll_mailboxes")
    workers.ring("tickets.tasks.sweep_unfiled")
    until(lambda: fresh(mailbox).last_poll_at != polled)
    time.sleep(1)

    assert subjects(mailbox) == wanted
    assert tickets(mailbox) == wanted
    with organization_scope(mailbox.organization_id):
        assert Message.objects.count() == 3
    assert fresh(mailbox).trouble == ""


def test_a_worker_killed_while_the_provider_answers_leaves_the_mailbox_to_the_next_at_once(
    connected: Mailbox, simulator: Simulator, workers: Workers, provider: str
) -> None:
    sync(connected)
    simulator.deliver(connected.address, write_mail(subject="slow"))
    simulator.delay({"google": "gmail.messages.get", "microsoft": "graph.messages.value"}[provider], 20)
    worker = workers.start()
    started = len(simulator.calls())
    workers.ring("mailbox.tasks.sync_mailbox", connected.organization_id, connected.pk)
    until(lambda: len(simulator.calls()) > started)
    time.sleep(0.5)
    worker.kill()
    worker.wait()
    assert states(connected) == []

    simulator.clear_faults()
    assert sync(connected) == 1  # the lock died with the worker


@pytest.mark.parametrize(
    "die_at", ["provider accepted, before we wrote it down", "draft laid down, before we wrote it down"]
)
def test_a_worker_killed_while_sending_sends_once(
    connected: Mailbox, simulator: Simulator, workers: Workers, die_at: str
) -> None:
    email = queue(connected)
    worker = workers.start(die_at)
    workers.ring("mailbox.tasks.deliver", email.organization_id, email.pk)
    workers.dies(worker)
    assert in_outbox(email).state == OutboundEmail.State.SENDING
    assert len(simulator.inbox("carol@customer.example")) == (1 if die_at.startswith("provider") else 0)

    let_time_pass(email)
    workers.start()
    workers.ring("mailbox.tasks.sweep_outbox")
    until(lambda: in_outbox(email).state == OutboundEmail.State.SENT)
    workers.ring("mailbox.tasks.sweep_outbox")
    time.sleep(1)

    assert len(simulator.inbox("carol@customer.example")) == 1


@pytest.mark.long
def test_two_workers_do_not_poll_one_mailbox_at_the_same_time(
    connected: Mailbox, simulator: Simulator, workers: Workers, provider: str
) -> None:
    sync(connected)
    for number in range(4):
        simulator.deliver(connected.address, write_mail(subject=f"mail {number}"))
    fetch = {"google": "gmail.history", "microsoft": "graph.delta"}[provider]
    before = len(simulator.calls(route=fetch))
    simulator.delay(fetch, 6)
    for _ in range(2):
        workers.start()
    until(lambda: workers.waiting() == 2)
    for _ in range(2):
        workers.ring("mailbox.tasks.sync_mailbox", connected.organization_id, connected.pk)
    until(lambda: len(states(connected)) == 4)
    time.sleep(7)  # a second fetch, had there been one, is answered by now

    assert len(simulator.calls(route=fetch)) - before == 1
    assert len(set(subjects(connected))) == 4
