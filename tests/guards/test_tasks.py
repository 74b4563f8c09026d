"""Work queues carry ids only: the signatures of tasks, and the messages as Redis holds them."""

import base64
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
import redis
from celery import Task
from django.conf import settings as configured

from deskhero.celery import app
from tests.guards.planting import Plants, plant_everything

ROOT = Path(__file__).parents[2]
ID_NAMES = re.compile(r"[a-z]+(_[a-z]+)*_ids?")
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def our_tasks() -> dict[str, Task]:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith(("celery.", "tests."))}


def signature_faults(task: Any) -> list[str]:
    """Return a sentence for every argument that is not an id or a list of ids."""
    found = []
    for name, parameter in inspect.signature(task.run if hasattr(task, "run") else task).parameters.items():
        kind = parameter.annotation
        if not ID_NAMES.fullmatch(name):
            found.append(f"{name} is not called an id")
        if kind not in {str, UUID} and not (get_args(kind) in {(str,), (UUID,)} and name.endswith("_ids")):
            found.append(f"{name} is a {kind}")
    return found


def message_faults(body: Any) -> list[str]:
    """Return every value in a message's arguments that is not an id."""
    args, kwargs, _embedded = body
    values = [*args, *kwargs.values()]
    flat = [inner for value in values for inner in (value if isinstance(value, list) else [value])]
    return [repr(value) for value in flat if not (isinstance(value, str) and UUID_TEXT.fullmatch(value))]


def queued() -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield the headers and the body of every message that waits in Redis."""
    client = redis.Redis.from_url(configured.REDIS_URL)
    for key in client.scan_iter():
        if client.type(key) == b"list":
            for text in client.lrange(key, 0, -1):  # type: ignore[union-attr]
                message = json.loads(text)
                yield message["headers"], json.loads(base64.b64decode(message["body"]))


def test_every_task_takes_ids_only() -> None:
    tasks = our_tasks()
    assert len(tasks) > 8
    assert {name: signature_faults(task) for name, task in tasks.items() if signature_faults(task)} == {}


def test_a_task_that_takes_more_is_found() -> None:
    def notify(organization_id: str, email_ids: list[str], address: str, subject_id: dict[str, str]) -> None: ...

    assert signature_faults(notify) == ["address is not called an id", "subject_id is a dict[str, str]"]
    assert message_faults([["a@b.example", str(uuid4())], {"ids": [str(uuid4()), 7]}, {}]) == ["'a@b.example'", "7"]


@pytest.mark.django_db(transaction=True)
def test_messages_in_the_queue_hold_ids_only() -> None:
    client = redis.Redis.from_url(configured.REDIS_URL)
    client.flushdb()
    plant_everything(Plants())
    messages = list(queued())
    client.flushdb()

    assert {headers["task"] for headers, _ in messages} >= {"mailbox.tasks.deliver", "accounts.tasks.send_invitation"}
    for headers, body in messages:
        assert message_faults(body) == [], headers["task"]
        told = {
            name: value for name, value in headers.items() if name in {"argsrepr", "kwargsrepr", "shadow", "stamps"}
        }
        assert not re.search(r"@|Kanarie", str(told)), headers["task"]


def test_nothing_is_kept_or_told_about_tasks() -> None:
    told = app.conf
    assert told.task_ignore_result is True
    assert told.result_backend is None
    assert told.result_extended is False
    assert told.worker_send_task_events is False
    assert told.task_send_sent_event is False
    assert told.task_store_errors_even_if_ignored is False
    assert (told.task_serializer, told.accept_content) == ("json", ["json"])
    for name, task in our_tasks().items():
        assert task.ignore_result, name
        assert not getattr(task, "store_errors_even_if_ignored", False), name
        assert not task.send_events or not told.worker_send_task_events, name


def test_every_scheduled_task_exists() -> None:
    assert {entry["task"] for entry in configured.CELERY_BEAT_SCHEDULE.values()} <= set(our_tasks())
    assert set(configured.CELERY_TASK_ROUTES) <= set(our_tasks())


def test_no_worker_is_started_with_events() -> None:
    for path in [*ROOT.glob("docker-compose*.yml"), *(ROOT / "deskhero").rglob("*.py"), ROOT / "Makefile"]:
        assert not re.search(r"celery.*\s(-E|--task-events)\b", path.read_text()), path
