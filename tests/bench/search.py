"""Search: `python -m tests.bench.search SECONDS` measures the page of results as signed-in agents see it."""

import json
import os
import sys
from typing import Any
from urllib.parse import urlencode

import django

from tests.bench.multiply import RARE

QUESTIONS = {
    "rare": f"{RARE} ",
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
    from tests.bench.pages import collect_static, count_sql, session_of
    from tests.bench.servers import web
    from tests.bench.timing import alone, at_once, looking
    from tests.bench.world import SLUG
    from tickets.search.addresses import sealed_search

    collect_static()
    seconds = float(sys.argv[1]) / 2
    members = Membership.objects.select_related("user", "organization").filter(organization__slug=SLUG, role="agent")
    agents = list(members.order_by("pk"))
    cookies = [session_of(agent) for agent in agents]
    found: dict[str, dict[str, Any]] = {}
    with web(dict(os.environ)) as (port, _):
        for name, text in QUESTIONS.items():
            with organization_scope(agents[0].organization):
                paths = [f"/{SLUG}/search/?{urlencode({'s': sealed_search(agent, text)})}" for agent in agents]
            visits = [looking([path], cookie) for path, cookie in zip(paths, cookies, strict=True)]
            found[name] = {"sql": count_sql(agents[0], paths[0]), **alone(port, visits[0], seconds)}
            found[name]["ten"] = at_once(port, visits, seconds)
    print(json.dumps(found))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
