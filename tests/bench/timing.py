"""How long the web server takes: one visitor alone, and ten agents at once who do not pause."""

import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from tests.bench.servers import fetch

Visit = Callable[[http.client.HTTPConnection, int], int]  # does something for the n-th time and returns the status
WARM = 20
FORM = "application/x-www-form-urlencoded"


def looking(paths: Sequence[str], cookie: str) -> Visit:
    """Return the visit of a reader who opens these pages in turn."""

    def visit(connection: http.client.HTTPConnection, turn: int) -> int:
        return fetch(connection, paths[turn % len(paths)], cookie)[0]

    return visit


def posting(paths: Sequence[str], fields: dict[str, str], cookie: str) -> Visit:
    """Return the visit of somebody who sends this form to these addresses in turn."""
    from django.conf import settings

    token = "b" * 32
    body = urlencode(fields | {"csrfmiddlewaretoken": token})
    headers = {"Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={token}", "Content-Type": FORM}

    def visit(connection: http.client.HTTPConnection, turn: int) -> int:
        connection.request("POST", paths[turn % len(paths)], body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return visit


def alone(port: int, visit: Visit, seconds: float, *, good: int = 200) -> dict[str, float]:
    """Return p50 and p95 in milliseconds of one visitor on one open connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for turn in range(WARM):
        _timed(connection, visit, turn, good)
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(times) < 2:
        times.append(_timed(connection, visit, WARM + len(times), good))
    connection.close()
    return cuts(times)


def at_once(port: int, visits: Sequence[Visit], seconds: float, *, good: int = 200) -> dict[str, float]:
    """Return p50 and p95 of all of them together, and how many answers there were a second."""
    end = time.monotonic() + seconds

    def work(visit: Visit) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        times: list[float] = []
        while time.monotonic() < end or not times:
            times.append(_timed(connection, visit, len(times), good))
        connection.close()
        return times

    with ThreadPoolExecutor(len(visits)) as people:
        found = list(people.map(work, visits))
    together = [one for own in found for one in own]
    return {**cuts(together), "per_second": len(together) / seconds}


def cuts(times: Sequence[float]) -> dict[str, float]:
    """Return p50 and p95."""
    quantiles = statistics.quantiles(times, n=20)
    return {"p50": quantiles[9], "p95": quantiles[18]}


def _timed(connection: http.client.HTTPConnection, visit: Visit, turn: int, good: int) -> float:
    begun = time.perf_counter()
    status = visit(connection, turn)
    if status != good:
        raise SystemExit(f"A visit was answered {status}.")
    return (time.perf_counter() - begun) * 1000
