"""The first tickets of a list in its order, a page at a time: mailbox by mailbox, and then merged.

A list of all mailboxes together would be read past every ticket of a mailbox the reader may not see. Read like this, a
page costs a few rows of an index for each mailbox, however many tickets there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, Q, QuerySet, UUIDField

from mailbox.models import Mailbox
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet

Cursor = tuple[Any, ...]  # the values of the last ticket shown by which a list is ordered, its id last
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Order:
    """By which columns a list is ordered; "-" is downwards. An index that begins with mailbox and state serves it."""

    key: str
    columns: tuple[str, ...]

    def after(self, cursor: Cursor) -> Q:
        """Return what comes after that ticket; the first column is bounded on its own, for an index to begin there."""
        rest, same = Q(), Q()
        for column, value in zip(self.columns, cursor, strict=True):
            name = column.removeprefix("-")
            rest |= same & Q(**{f"{name}__{'lt' if column != name else 'gt'}": value})
            same &= Q(**{name: value})
        first = self.columns[0]
        name = first.removeprefix("-")
        return Q(**{f"{name}__{'lte' if first != name else 'gte'}": cursor[0]}) & rest

    def backwards(self) -> "Order":
        """Return this order from its end: what comes after a ticket in it stood before that ticket."""
        turned = (column[1:] if column.startswith("-") else f"-{column}" for column in self.columns)
        return Order(self.key, tuple(turned))

    def cursor_after(self, ticket: Ticket) -> str:
        """Return what a link to the next page says."""
        return self.cursor_at(*(getattr(ticket, column.removeprefix("-")) for column in self.columns))

    def cursor_at(self, *values: Any) -> str:
        """Return what a link to what comes after these values says."""
        return "-".join(map(_said, values))

    def cursor_of(self, text: str) -> Cursor | None:
        """Return what a link said; ValueError where no link of ours said it."""
        if not text:
            return None
        readers = [_READ[column.removeprefix("-")] for column in self.columns]
        try:
            return tuple(read(part) for read, part in zip(readers, text.split("-"), strict=True))
        except OverflowError:
            raise ValueError(text) from None


NEWEST = Order("newest", ("-last_activity_at", "-pk"))
WAITING = Order("waiting", ("waiting_since", "pk"))
PRIORITY = Order("priority", ("-priority", "waiting_since", "pk"))
ORDERS = {one.key: one for one in (NEWEST, WAITING, PRIORITY)}


def newest(
    mailboxes: QuerySet[Mailbox],
    narrow: Callable[[TicketQuerySet], TicketQuerySet],
    before: Cursor | None,
    count: int,
    order: Order = NEWEST,
) -> QuerySet[Ticket]:
    """Return the first tickets in these mailboxes that `narrow` leaves, in this order, from `before` on.

    They are at least the first `count`; the caller cuts them there.
    """
    within = narrow(Ticket.objects.filter(mailbox=OuterRef("pk")))
    if before is not None:
        within = within.filter(order.after(before))
    first = ArraySubquery(within.order_by(*order.columns).values("pk")[:count])
    ids = mailboxes.order_by().annotate(newest=Func(first, function="unnest", output_field=UUIDField()))
    return Ticket.objects.filter(pk__in=ids.values("newest")).order_by(*order.columns)


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return str((value - _EPOCH) // timedelta(microseconds=1))
    return value.hex if isinstance(value, UUID) else str(value)


def _moment(text: str) -> datetime:
    return _EPOCH + timedelta(microseconds=int(text))


_READ: dict[str, Callable[[str], Any]] = {
    "last_activity_at": _moment,
    "waiting_since": _moment,
    "at": _moment,
    "stored_at": _moment,
    "priority": int,
    "pk": UUID,
}
