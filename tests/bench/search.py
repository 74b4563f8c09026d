"""Search: `python -m tests.bench.search SECONDS` measures the page of results as a signed-in agent sees it."""

import json
import os
import sys
from typing import Any
from urllib.parse import urlencode

import django

QUESTIONS = {
    "rare": "Q000777X ",
    "of 1 % of tickets": "halyard ",
    "of 20 % of mails": "harbour ",
    "in every mail": "delivery ",
    "two common words": "harbour delivery ",
    "a phrase of 1 %": '"halyard block jammed"',
    "a phrase of common words": '"harbour is closed"',
    "a beginning": "custo",
    "words and operators": "harbour is:open assignee:me after:1y ",
}


def main() -> None:
    """Measure, and print one JSON object."""
    django.setup()
    from accounts.models import Membership
    from accounts.tenancy import organization_scope
    from tests.bench.pages import collect_static, count_sql, latency, session_of
    from tests.bench.servers import web
    from tests.bench.world import SLUG
    from tickets.search.addresses import sealed_search

    collect_static()
    seconds = float(sys.argv[1]) / 2
    agent = Membership.objects.select_related("user", "organization").filter(organization__slug=SLUG, role="agent")[0]
    cookie = session_of(agent)
    found: dict[str, dict[str, Any]] = {}
    with web(dict(os.environ)) as (port, _):
        for name, text in QUESTIONS.items():
            with organization_scope(agent.organization):
                path = f"/{SLUG}/search/?{urlencode({'s': sealed_search(agent, text)})}"
            found[name] = {"sql": count_sql(agent, path), **latency(port, [path], cookie, seconds)}
    print(json.dumps(found))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
