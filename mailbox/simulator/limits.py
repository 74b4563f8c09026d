"""How much a provider bears: calls at once for a mailbox, Gmail's units a minute."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpResponse

from mailbox.simulator.models import Option

UNITS = {
    "gmail.messages.get": 20, "gmail.messages.list": 5, "gmail.history": 2, "gmail.messages.send": 100,
    "gmail.upload.send": 100, "gmail.attachments.get": 20, "gmail.profile": 1,
}  # fmt: skip
_lock = threading.Lock()
_running: dict[str, int] = defaultdict(int)
_spent: dict[str, deque[tuple[float, int]]] = defaultdict(deque)


class Busy(Exception):
    """The mailbox has no room for this call now."""

    def response(self, route: str) -> HttpResponse:
        """The provider's own 429."""
        from mailbox.simulator.google.errors import google_error
        from mailbox.simulator.microsoft.errors import graph_error

        if route.startswith("gmail."):
            return google_error(
                429, "rateLimitExceeded", "Too many concurrent requests for user.", state="RESOURCE_EXHAUSTED"
            )
        response = graph_error(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.")
        response["Retry-After"] = "2"
        return response


@contextmanager
def place(account: str, route: str) -> Iterator[None]:
    """Hold one of the mailbox's places while a call runs."""
    most = Option.read("concurrent_calls")
    if not account or not (most or Option.read("units_per_minute")):
        yield
        return
    with _lock:
        if (most and _running[account] >= most) or _is_over_budget(account, route):
            raise Busy
        _running[account] += 1
    try:
        yield
    finally:
        with _lock:
            _running[account] -= 1


def _is_over_budget(account: str, route: str) -> bool:
    budget = Option.read("units_per_minute")
    if not budget or not route.startswith("gmail."):
        return False
    spent, moment = _spent[account], time.monotonic()
    while spent and spent[0][0] < moment - 60:
        spent.popleft()
    cost = UNITS.get(route, 5)
    if sum(units for _, units in spent) + cost > budget:
        return True
    spent.append((moment, cost))
    return False
