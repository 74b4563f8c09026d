"""Pages: `python -m tests.bench.pages SECONDS` measures queue and ticket page as a signed-in agent sees them."""

import http.client
import json
import os
import statistics
import sys
import threading
import time
from typing import Any

import django

CLIENTS = 4


def main() -> None:
    """Measure, and print one JSON object."""
    django.setup()
    from accounts.models import Membership
    from tests.bench.world import SLUG

    collect_static()
    seconds = float(sys.argv[1])
    agent = Membership.objects.select_related("user", "organization").filter(organization__slug=SLUG, role="agent")[0]
    cookie = session_of(agent)
    save_views(agent)
    paths = {
        "queue": [f"/{SLUG}/"],
        "waiting": [f"/{SLUG}/?sort=waiting"],
        "urgent": [f"/{SLUG}/?sort=priority"],
        "narrowed": [f"/{SLUG}/?assignee={agent.pk}&priority=important&older=7"],
        "ticket": [f"/{SLUG}/tickets/{number}/" for number in long_tickets()],
    }
    found: dict[str, Any] = {name: {"sql": count_sql(agent, options[0])} for name, options in paths.items()}
    from tests.bench.servers import web

    with web(dict(os.environ)) as (port, _):
        for name, options in paths.items():
            found[name] |= latency(port, options, cookie, seconds)
            found[name]["per_second"] = throughput(port, options, cookie, seconds)
    print(json.dumps(found | {"counts": time_counts(agent)}))


def save_views(agent: Any) -> None:
    """Save some views of an agent, so that the side bar has them to count."""
    from accounts.tenancy import organization_scope
    from tickets.models import SavedView

    queries = [{"view": "open", "priority": "urgent"}, {"view": "unassigned", "older": "3"}, {"view": "pending"}]
    queries += [{"view": "open", "assignee": str(agent.pk)}, {"view": "pending", "assignee": "me", "older": "30"}]
    with organization_scope(agent.organization_id):
        SavedView.objects.filter(owner=agent).delete()
        for number, query in enumerate(queries):
            SavedView.objects.create(
                organization_id=agent.organization_id, owner=agent, name=f"View {number}", query=query
            )


def time_counts(agent: Any) -> dict[str, float]:
    """Return p50 and p95 in milliseconds of the statements that count every list, and every saved view."""
    from django.test import RequestFactory

    from accounts.tenancy import organization_scope
    from tickets.views.saved_links import count_saved
    from tickets.views.shell import shell

    request: Any = RequestFactory().get("/")
    request.organization, request.membership = agent.organization, agent
    times = []
    for _ in range(60):
        with organization_scope(agent.organization_id):
            begun = time.perf_counter()
            count_saved(request, shell(request)["saved"])
            times.append((time.perf_counter() - begun) * 1000)
    cuts = statistics.quantiles(times[10:], n=20)
    return {"p50": cuts[9], "p95": cuts[18]}


def collect_static() -> None:
    """Put static files where the web server looks for them, if they changed."""
    from django.conf import settings
    from django.core.management import call_command

    from deskhero.run.prepare import fingerprint

    stamp, state = settings.STATIC_ROOT / ".collected", fingerprint(settings.BASE_DIR)
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)


def long_tickets() -> list[int]:
    """Return the numbers of the tickets with 30 messages."""
    from tests.bench.fill import LONG
    from tickets.models import Ticket

    return list(Ticket.objects.filter(message_count=LONG).order_by("number").values_list("number", flat=True)[:10])


def session_of(agent: Any) -> str:
    """Return the cookie of a signed-in browser."""
    from django.conf import settings
    from django.test import Client

    from tests.cast import sign_in

    client = sign_in(Client(), agent)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def count_sql(agent: Any, path: str) -> int:
    """Return the number of statements of a page, without BEGIN, SET and COMMIT."""
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.cast import sign_in

    client = sign_in(Client(SERVER_NAME="127.0.0.1"), agent)
    client.get(path)
    with CaptureQueriesContext(connections["default"]) as ours, CaptureQueriesContext(connections["vault"]) as vault:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}.")
    statements = [query["sql"] for query in [*ours.captured_queries, *vault.captured_queries]]
    left_out = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ", "SELECT set_config(")
    return sum(not statement.startswith(left_out) for statement in statements)


def latency(port: int, paths: list[str], cookie: str, seconds: float) -> dict[str, float]:
    """Return p50 and p95 in milliseconds of one visitor on one open connection."""
    from tests.bench.servers import fetch

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(20):
        fetch(connection, paths[0], cookie)
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(times) < 2:
        begun = time.perf_counter()
        status, _ = fetch(connection, paths[len(times) % len(paths)], cookie)
        times.append((time.perf_counter() - begun) * 1000)
        if status != 200:
            raise SystemExit(f"{paths[0]} answered {status}.")
    connection.close()
    cuts = statistics.quantiles(times, n=20)
    return {"p50": cuts[9], "p95": cuts[18]}


def throughput(port: int, paths: list[str], cookie: str, seconds: float) -> float:
    """Return answers a second with some visitors at once."""
    from tests.bench.servers import fetch

    end = time.monotonic() + seconds
    counts = [0] * CLIENTS

    def visit(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < end:
            fetch(connection, paths[counts[number] % len(paths)], cookie)
            counts[number] += 1
        connection.close()

    visitors = [threading.Thread(target=visit, args=[number]) for number in range(CLIENTS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return sum(counts) / seconds


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
