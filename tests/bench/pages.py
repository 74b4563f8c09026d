"""Pages: `python -m tests.bench.pages SECONDS` measures lists, ticket page and sending as signed-in agents do."""

import json
import os
import sys
import time
from typing import Any

import django

ANSWER = {"to": "Anna Customer <customer1@people1.example>", "text": "Yes.\n\nWe will send you another one on Monday."}


def main() -> None:
    """Measure, and print one JSON object."""
    django.setup()
    from accounts.models import Membership
    from tests.bench.readable import copies_become_readable
    from tests.bench.servers import web
    from tests.bench.timing import alone, at_once, looking, posting
    from tests.bench.world import SLUG

    collect_static()
    seconds = float(sys.argv[1])
    members = Membership.objects.select_related("user", "organization").filter(organization__slug=SLUG, role="agent")
    agents = list(members.order_by("pk"))
    cookies = [session_of(agent) for agent in agents]
    for agent in agents:
        save_views(agent)
    narrowed = [f"/{SLUG}/?assignee={agent.pk}&priority=important&older=7" for agent in agents]
    same = {
        "queue": [f"/{SLUG}/"],
        "waiting": [f"/{SLUG}/?sort=waiting"],
        "urgent": [f"/{SLUG}/?sort=priority"],
        **{view: [f"/{SLUG}/?view={view}"] for view in ("mentioned", "snoozed", "spam")},
        "ticket": [f"/{SLUG}/tickets/{number}/" for number in long_tickets()],
    }
    paths = {name: [options] * len(agents) for name, options in same.items()} | {
        "narrowed": [[one] for one in narrowed]
    }
    with copies_become_readable():
        for name in paths:
            for agent, options in zip(agents, paths[name], strict=True):
                for path in options:
                    ask_once(agent, path)
    found: dict[str, Any] = {name: {"sql": count_sql(agents[0], each[0][0])} for name, each in paths.items()}
    replies = [f"/{SLUG}/tickets/{number}/reply/" for number in open_tickets()]
    found["send"] = {"sql": count_sql(agents[0], replies[0], ANSWER)}
    with web(dict(os.environ)) as (port, _):
        for name, each in paths.items():
            visits = [looking(options, cookie) for options, cookie in zip(each, cookies, strict=True)]
            found[name] |= alone(port, visits[0], seconds) | {"ten": at_once(port, visits, seconds)}
        shares = [replies[number :: len(agents)] for number in range(len(agents))]
        sends = [posting(share, ANSWER, cookie) for share, cookie in zip(shares, cookies, strict=True)]
        found["send"] |= alone(port, sends[0], seconds, good=302) | {"ten": at_once(port, sends, seconds, good=302)}
    print(json.dumps(found | {"counts": time_counts(agents[0])}))


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
    from tests.bench.timing import cuts
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
    return cuts(times[10:])


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


def open_tickets() -> list[int]:
    """Return the numbers of the newest open tickets of usual length, so many that none is answered very often."""
    from tests.bench.fill import PER_TICKET
    from tickets.models import Ticket

    found = Ticket.objects.filter(message_count=PER_TICKET, state="open").order_by("-last_activity_at")
    return list(found.values_list("number", flat=True)[:2_000])


def session_of(agent: Any) -> str:
    """Return the cookie of a signed-in browser."""
    from django.conf import settings
    from django.test import Client

    from tests.cast import sign_in

    client = sign_in(Client(), agent)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def ask_once(agent: Any, path: str) -> None:
    """Make a page in this process."""
    from django.test import Client

    from tests.cast import sign_in

    sign_in(Client(SERVER_NAME="127.0.0.1"), agent).get(path)


def count_sql(agent: Any, path: str, form: dict[str, str] | None = None) -> int:
    """Return the number of statements of a page, or of sending a form there, without BEGIN, SET and COMMIT."""
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.cast import sign_in

    client = sign_in(Client(SERVER_NAME="127.0.0.1"), agent)
    ask = (lambda: client.get(path)) if form is None else (lambda: client.post(path, form))
    ask()
    with CaptureQueriesContext(connections["default"]) as ours, CaptureQueriesContext(connections["vault"]) as vault:
        answer = ask()
    if answer.status_code != (200 if form is None else 302):
        raise SystemExit(f"{path} answered {answer.status_code}.")
    statements = [query["sql"] for query in [*ours.captured_queries, *vault.captured_queries]]
    left_out = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ", "SELECT set_config(")
    return sum(not statement.startswith(left_out) for statement in statements)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
