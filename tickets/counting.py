"""How many tickets a list has, at a price that does not grow with the desk (docs/adr/0009-counts.md)."""

from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Membership
from tickets.models import Ticket, TicketTag
from tickets.narrowing import Asked

COUNT_UP_TO = 1000  # a count costs what it counts; beyond this the page says "999+"
_BEYOND = 1_000_000  # added for every mailbox that has more than was looked at


class Counted(Subquery):
    """How many rows a (cut) queryset has, within another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class _Scanned(Subquery):
    """How many rows of a cut queryset are hits, and _BEYOND more where it was cut at COUNT_UP_TO."""

    template = (
        "(SELECT COUNT(*) FILTER (WHERE is_hit) + CASE WHEN COUNT(*) >= %(cut)s THEN %(beyond)s ELSE 0 END"
        " FROM (%(subquery)s) AS scanned)"
    )
    output_field = IntegerField()


class _Summed(Subquery):
    template = "(SELECT SUM(in_mailbox) FROM (%(subquery)s) AS summed)"
    output_field = IntegerField()


def counted(ids: QuerySet[Any, Any]) -> Counted:
    """Return the count of a list that an index serves, as far as a page says it."""
    return Counted(ids.order_by()[:COUNT_UP_TO])


def scanned(wanted: Asked, me: Membership) -> Any:
    """Return the count of a narrowed list in what this member may see, as `said` reads it.

    In each mailbox at most COUNT_UP_TO tickets are looked at, found by an index; how many of them the rest of the
    conditions leaves is counted.
    """
    within = wanted.view.narrow(Ticket.objects.filter(mailbox=OuterRef("pk")), me)
    is_open = wanted.view.key in ("mine", "unassigned", "open")
    found, rest = (wanted.columns(me), Q()) if is_open else (Q(), wanted.columns(me))
    for tag in wanted.tags:
        rest &= Q(Exists(TicketTag.objects.filter(ticket=OuterRef("pk"), tag_id=tag)))
    hits = within.filter(found).order_by().annotate(is_hit=rest or Value(True)).values("is_hit")[:COUNT_UP_TO]
    mailboxes = wanted.mailboxes(me).order_by()
    return Coalesce(
        _Summed(mailboxes.annotate(in_mailbox=_Scanned(hits, cut=COUNT_UP_TO, beyond=_BEYOND)).values("in_mailbox")), 0
    )


def shown(count: int) -> str:
    """Return a count as text; nothing for none."""
    if count >= COUNT_UP_TO:
        return f"{COUNT_UP_TO - 1}+"
    return str(count) if count else ""


def said(scan: int) -> str:
    """Return what was scanned as text: "12", "12+" where not all could be looked at, nothing for none."""
    beyond, hits = divmod(scan, _BEYOND)
    if not beyond or hits >= COUNT_UP_TO:
        return shown(hits)
    return f"{hits}+" if hits else ""
