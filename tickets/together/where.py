"""Where in the news a line goes on, and whether something may have been missed."""

import re
from typing import Any

from accounts.live import BEFORE_ALL

_ID = re.compile(r"\d{1,15}-\d{1,10}")


def is_id(text: str) -> bool:
    """Return whether this can be the id of news."""
    return _ID.fullmatch(text) is not None


async def place_in(connection: Any, key: str, since: str) -> tuple[str, bool]:
    """Return the id after which to listen, and whether news after `since` is no longer kept.

    Without `since` it is whatever comes from now on.
    """
    newest = await connection.xrevrange(key, count=1)
    now = newest[0][0] if newest else BEFORE_ALL
    if not since:
        return now, False
    oldest = await connection.xrange(key, count=1)
    if not oldest:
        return now, since != BEFORE_ALL
    if _order(since) >= _order(oldest[0][0]):
        return since, False
    return now, True


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, _, number = entry_id.partition("-")
    return int(milliseconds), int(number)
