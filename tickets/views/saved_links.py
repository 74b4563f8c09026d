"""The saved views beside the list: a member's own, and those that somebody shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from accounts.addresses import address_of
from accounts.models import Membership, Organization
from accounts.prepared import for_reader
from accounts.requests import DeskRequest
from tickets.counting import said, scanned
from tickets.models import SavedView
from tickets.narrowing import Asked, asked_by

COUNTED_VIEWS = 20  # the others stand there without a count


@dataclass
class SavedLink:
    """A saved view as the side bar shows it; `asked` is nothing where what it asks for is no more."""

    view: SavedView
    asked: Asked | None
    url: str
    current: bool
    count_display: str = ""


def saved_of(me: Membership) -> QuerySet[Any, Any]:
    """Return the views this member has saved or that are shared, as values."""
    found = SavedView.objects.filter(Q(owner=me) | Q(is_shared=True), organization_id=me.organization_id)
    return found.order_by("pk").values("id", "organization_id", "owner_id", "name", "is_shared", "query")


def saved_links(
    views: Sequence[SavedView], known: Mapping[str, set[str]], me: Membership, slug: str, *, current: str = ""
) -> list[SavedLink]:
    """Return them by name; of a colleague's view that asks for a mailbox the reader may not see there is nothing."""
    links = [_link(view, known, me, slug, current) for view in views]
    return sorted((link for link in links if link), key=lambda one: (one.view.name.casefold(), one.view.pk))


def count_saved(request: DeskRequest, links: Sequence[SavedLink]) -> None:
    """Write beside the views how much they hold, with one query for all of them; none where there are none."""
    countable = [link for link in links if link.asked and not link.asked.view.is_done]
    counted = {f"view_{n}": link for n, link in enumerate(countable[:COUNTED_VIEWS])}
    if not counted:
        return
    asked = [link.asked for link in counted.values() if link.asked]
    values = [value for one in asked for value in one.values]
    shape = tuple(one.shape for one in asked)
    row = for_reader("saved counts", request, partial(_counts, asked), *values, shape=shape)[0]
    for name, link in counted.items():
        link.count_display = said(row[name])


def _counts(asked: Sequence[Asked], request: DeskRequest, *values: Any) -> QuerySet[Any, Any]:
    following = iter(values)
    counts = {f"view_{n}": scanned(one.with_values(following), request.membership) for n, one in enumerate(asked)}
    return Organization.objects.filter(pk=request.organization.pk).annotate(**counts).values(*counts)


def _link(view: SavedView, known: Mapping[str, set[str]], me: Membership, slug: str, current: str) -> SavedLink | None:
    try:
        asked = asked_by(view.query)
    except ValueError:
        asked = None
    if asked and asked.mailbox and asked.mailbox not in known["mailbox"] and view.owner_id != me.pk:
        return None
    if asked is None or not _is_whole(asked, known):
        return SavedLink(view, None, address_of("tickets:saved_view", slug, view.pk), str(view.pk) == current)
    return SavedLink(view, asked, asked.url(slug, saved=str(view.pk)), str(view.pk) == current)


def _is_whole(asked: Asked, known: Mapping[str, set[str]]) -> bool:
    """Return whether everything it asks for is still there."""
    named = all(not (chosen := getattr(asked, name)) or chosen in known[name] for name in ("mailbox", "team"))
    return named and known["tag"].issuperset(asked.tags)
