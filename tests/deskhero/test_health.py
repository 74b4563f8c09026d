"""What the watcher is told, and what containers ask."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from deskhero import health, healthcheck, heartbeat


@pytest.fixture
def workers() -> Iterator[list[str]]:
    """The queues this process says it serves; none at first."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(*client.keys("deskhero:worker:*") or ["-"])
    heartbeat._served[:] = []
    yield heartbeat._served
    heartbeat._served[:] = []
    client.delete(*client.keys("deskhero:worker:*") or ["-"])
    client.close()


def test_live_answers_anybody_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_ready_wants_a_worker_for_each_queue(client: Client, workers: list[str]) -> None:
    workers[:] = ["sync", "file"]
    heartbeat.beat()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["worker"] == "no worker for send, housekeeping"

    workers[:] = ["send", "housekeeping"]
    heartbeat.beat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json()["parts"].values()) == {"ok"}


@pytest.mark.django_db
def test_a_sign_of_life_fades(workers: list[str]) -> None:
    workers[:] = ["sync"]
    heartbeat.beat()

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert 0 < client.ttl("deskhero:worker:sync") <= heartbeat.SECONDS


@pytest.mark.django_db
def test_a_part_that_fails_is_named_and_nothing_else_is_told(
    client: Client, workers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(alias: str) -> None:
        raise OperationalError("connection to postgres://deskhero:hunter2@db failed")

    monkeypatch.setattr(health, "_select", fails)
    monkeypatch.setattr(settings, "REDIS_URL", "redis://:hunter2@127.0.0.1:9/0")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"] == dict.fromkeys(["database", "vault", "redis"], "does not answer")
    assert "hunter2" not in answer.content.decode()


def test_the_worker_check_asks_for_its_own_queues(workers: list[str]) -> None:
    assert healthcheck.main(["worker", "sync"]) == 1

    workers[:] = ["sync"]
    heartbeat.beat()

    assert healthcheck.main(["worker", "sync"]) == 0
    assert healthcheck.main(["worker", "sync", "file"]) == 1


def test_the_beat_check_looks_at_the_age_of_its_file(tmp_path: Path) -> None:
    schedule = tmp_path / "beat-schedule"
    assert healthcheck.main(["beat", str(schedule)]) == 1

    schedule.touch()
    assert healthcheck.main(["beat", str(schedule)]) == 0

    os.utime(schedule, (0, 0))
    assert healthcheck.main(["beat", str(schedule)]) == 1


def test_the_web_check_fails_where_nobody_listens() -> None:
    assert healthcheck.main(["web", "9"]) == 1
