"""The sign of life of the workers: which queues somebody serves right now, kept in Redis for half a minute."""

from typing import Any

import redis
from celery import signals
from django.conf import settings

QUEUES = ("sync", "file", "send", "housekeeping")
SECONDS = 30
_KEY = "deskhero:worker:{}"
_served: list[str] = []


def beat() -> None:
    """Say that this worker lives, once for each queue it serves."""
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pipeline(transaction=False) as pipeline:
        for queue in _served:
            pipeline.set(_KEY.format(queue), 1, ex=SECONDS)
        pipeline.execute()


def silent_queues() -> list[str]:
    """Return the queues without a living worker; raise redis.RedisError when Redis does not answer."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        signs: list[Any] = client.mget([_KEY.format(queue) for queue in QUEUES])
    return [queue for queue, sign in zip(QUEUES, signs, strict=True) if sign is None]


@signals.worker_ready.connect
def _start(sender: Any, **details: Any) -> None:
    _served[:] = list(sender.app.amqp.queues.consume_from)
    beat()


@signals.heartbeat_sent.connect
def _continue(**details: Any) -> None:
    beat()
