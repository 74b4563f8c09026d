"""Redis for what a page can do without: an answer within a moment, or none."""

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")
TIMEOUT = 1  # seconds
PAUSE = 5  # seconds in which a Redis that did not answer is not asked again, so that pages do not wait for it in turn
_away: dict[str, float] = {}


def ask(question: Callable[[Any], _Answer], otherwise: _Answer) -> _Answer:
    """Return what Redis answers, or `otherwise` where it does not; never raises because of Redis."""
    url = settings.REDIS_URL
    if time.monotonic() < _away.get(url, 0):
        return otherwise
    try:
        return question(_connection(url))
    except (redis.RedisError, OSError) as error:
        _away[url] = time.monotonic() + PAUSE
        logger.warning("Redis did not answer: %s", type(error).__name__)
        return otherwise


@cache
def _connection(url: str) -> Any:
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, decode_responses=True)
