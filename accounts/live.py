"""Live news: what changed, by id, to whoever has the organization's pages open.

News stands in a short stream of Redis, each with an id that grows. A page knows the id that was the newest when it was
made, and asks for what came since: nothing is missed between the page and its line, nor while the line was cut.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.quick import ask

KEPT = 2000  # news of an organization; who was away for longer than that looks at the whole page again
KEPT_FOR = 60 * 60  # seconds after the last of it
BEFORE_ALL = "0-0"


def channel(organization_id: UUID) -> str:
    """Return the Redis stream of an organization."""
    return f"desk:{organization_id}:news"


def publish(organization_id: UUID, what: str, **ids: Any) -> None:
    """Tell open pages, once the transaction commits, that something changed; ids and words of ours only.

    Without Redis nobody is told and nothing fails: pages show the truth when they are next loaded.
    """
    publish_all(organization_id, [news_of(what, **ids)])


def publish_all(organization_id: UUID, news: Sequence[dict[str, str]]) -> None:
    """Tell open pages likewise of many things, in one go."""
    transaction.on_commit(lambda: say(organization_id, *news))


def news_of(what: str, **ids: Any) -> dict[str, str]:
    """Return a piece of news; ids and words of ours only."""
    return {"what": what, **{name: str(value) for name, value in ids.items()}}


def say(organization_id: UUID, *news: dict[str, str]) -> None:
    """Put the news into the stream at once."""
    key = channel(organization_id)

    def add(client: Any) -> None:
        pipe = client.pipeline(transaction=False)
        for one in news:
            pipe.xadd(key, {"news": json.dumps(one)}, maxlen=KEPT, approximate=True)
        pipe.expire(key, KEPT_FOR)
        pipe.execute()

    ask(add, None)


def newest_id(organization_id: UUID) -> str:
    """Return the id of the newest news, BEFORE_ALL where there is none, "" where Redis does not answer.

    Asked before a page reads the database, it is where the page's line has to go on.
    """
    key = channel(organization_id)
    newest: list[Any] = ask(lambda client: client.xrevrange(key, count=1) or [(BEFORE_ALL, {})], [("", {})])
    return str(newest[0][0])
