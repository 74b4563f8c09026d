"""Two questions of whoever watches: does the process live, can it work? Answers name parts, never secrets."""

import logging
from collections.abc import Callable

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connections
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deskhero.heartbeat import silent_queues

log = logging.getLogger(__name__)


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process can answer at all."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when both databases, Redis and a worker for each queue answer, else 503 with the part that fails."""
    parts = {
        "database": _ask("database", lambda: _select("default")),
        "vault": _ask("vault", lambda: _select("vault")),
    }
    silent: list[str] = []
    parts["redis"] = _ask("redis", lambda: silent.extend(silent_queues()))
    if parts["redis"] == "ok":
        parts["worker"] = f"no worker for {', '.join(silent)}" if silent else "ok"
    fine = all(answer == "ok" for answer in parts.values())
    answer = JsonResponse({"status": "ok" if fine else "not ready", "parts": parts}, status=200 if fine else 503)
    setattr(answer, "_has_been_logged", True)  # noqa: B010 - Django's own mark; whoever asks every second knows by now
    return answer


def _select(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask(part: str, question: Callable[[], None]) -> str:
    try:
        question()
    except (DatabaseError, redis.RedisError, OSError) as error:
        log.warning("%s does not answer: %s", part, type(error).__name__)
        return "does not answer"
    return "ok"
