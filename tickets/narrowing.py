"""What a list is narrowed to: a view, perhaps one mailbox, team, assignee, priority, age, some tags; and its order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from accounts.models import Membership
from mailbox.access import mailboxes_for
from mailbox.models import Mailbox
from tickets.lists import VIEWS, View
from tickets.models import Ticket, TicketTag
from tickets.models.ticket import TicketQuerySet
from tickets.newest import NEWEST, ORDERS, Order

NARROWERS = ("mailbox", "team", "assignee", "priority", "older", "tag")
PRIORITIES = {
    "urgent": (Ticket.Priority.URGENT,),
    "high": (Ticket.Priority.HIGH,),
    "important": (Ticket.Priority.URGENT, Ticket.Priority.HIGH),
    "normal": (Ticket.Priority.NORMAL,),
    "low": (Ticket.Priority.LOW,),
}
MAX_TAGS = 5  # in one list
MAX_DAYS = 3650
MY, NOBODY = "me", "nobody"  # assignees that are no id


@dataclass(frozen=True)
class Asked:
    """A view and what narrows it, as an address says it; empty where nothing does."""

    view: View
    mailbox: str = ""
    team: str = ""
    assignee: str = ""  # an id, or one of MY and NOBODY
    priority: str = ""  # a key of PRIORITIES
    older: str = ""  # days since something happened
    tag: str = ""  # ids with commas between them: a ticket has all of them
    order: Order = NEWEST
    quiet_since: datetime | None = None  # what `older` means, where that was worked out before

    @property
    def is_narrowed(self) -> bool:
        """Return whether it is less than the whole view."""
        return any(getattr(self, name) for name in NARROWERS)

    @property
    def tags(self) -> list[str]:
        """Return the ids of the tags that a ticket must have."""
        return [one for one in self.tag.split(",") if one]

    def but(self, **changed: Any) -> "Asked":
        """Return the same with something else in it; an order the view does not have gives way to its own."""
        new = replace(self, **changed)
        return replace(new, order=NEWEST) if new.view.is_done else new

    def query(self, *, view: str = "view") -> dict[str, str]:
        """Return it as an address says it; a ticket's address calls the view it came from `from`."""
        said = {view: self.view.key} | {name: value for name in NARROWERS if (value := getattr(self, name))}
        return said if self.order == NEWEST else said | {"sort": self.order.key}

    def url(self, slug: str, **more: str) -> str:
        """Return the address of the list; what is empty is left out."""
        said = self.query() | {name: value for name, value in more.items() if value}
        return f"{address_of('tickets:queue', slug)}?{urlencode(said)}"

    def mailboxes(self, me: Membership) -> QuerySet[Mailbox]:
        """Return the mailboxes the list is read from: all this member sees, or of them the one asked for."""
        found = mailboxes_for(me)
        return found.filter(pk=self.mailbox) if self.mailbox else found

    def narrow(self, me: Membership) -> Callable[[TicketQuerySet], TicketQuerySet]:
        """Return what leaves the tickets asked for, within `mailboxes`."""

        def narrowed(tickets: TicketQuerySet) -> TicketQuerySet:
            found = self.view.narrow(tickets, me).filter(self.columns(me))
            for tag in self.tags:
                found = found.filter(pk__in=TicketTag.objects.filter(tag_id=UUID(tag)).values("ticket_id"))
            return found

        return narrowed

    def slow_because(self) -> str:
        """Return why this list could not come at once however many tickets there are, or nothing."""
        if self.view.is_done and (self.assignee or self.priority):
            return _(
                "Among closed tickets and spam, Deskhero finds nothing quickly by assignee or priority: there are "
                "more of them every day. Narrow a list of what is open, or choose a mailbox, a team, a tag or an age."
            )
        return ""

    def columns(self, me: Membership) -> Q:
        """Return the conditions on the ticket's own columns, beside view and mailbox."""
        found = Q()
        if self.team:
            found &= Q(team_id=UUID(self.team))
        if self.assignee:
            found &= Q(assignee={MY: me.pk, NOBODY: None}.get(self.assignee, self.assignee))
        if self.priority:
            found &= Q(priority__in=PRIORITIES[self.priority])
        if self.older:
            found &= Q(last_activity_at__lte=self.quiet_since or self._quiet_since())
        return found

    # --- prepared statements (accounts.prepared) -------------------------------------------------------------------
    @property
    def shape(self) -> tuple[Any, ...]:
        """Return what makes the statement for it another one."""
        whose = self.assignee if self.assignee in (MY, NOBODY) else bool(self.assignee)
        filled = (bool(self.mailbox), bool(self.team), whose, bool(self.older), len(self.tags))
        return (self.view.key, self.order.key, self.priority, *filled)

    @property
    def values(self) -> list[Any]:
        """Return what is only filled into it."""
        person = "" if self.assignee in (MY, NOBODY) else self.assignee
        ids = [UUID(one) for one in (self.mailbox, self.team, person, *self.tags) if one]
        return [*ids, self._quiet_since()] if self.older else ids

    def with_values(self, values: Iterable[Any]) -> "Asked":
        """Return the same with other values in their places; the iterator is left behind the last of them."""
        following = iter(values)
        other: dict[str, Any] = {name: str(next(following)) for name in ("mailbox", "team") if getattr(self, name)}
        if self.assignee and self.assignee not in (MY, NOBODY):
            other["assignee"] = str(next(following))
        if self.tag:
            other["tag"] = ",".join(str(next(following)) for _ in self.tags)
        if self.older:
            other["quiet_since"] = next(following)
        return replace(self, **other)

    def _quiet_since(self) -> datetime:
        return timezone.now() - timedelta(days=int(self.older))


def asked_by(said: Mapping[str, Any], *, view: str = "view") -> Asked:
    """Return what an address or a saved view asks for; ValueError for a view nobody offered and for what is no id."""
    try:
        found = VIEWS[said.get(view, "open")]
        order = ORDERS[said.get("sort", NEWEST.key)]
    except KeyError:
        raise ValueError from None
    narrowers: dict[str, Any] = {name: _READ[name](said.get(name, "")) for name in NARROWERS}
    return Asked(found, **narrowers).but(order=order)


def _id(text: str) -> str:
    return str(UUID(text)) if text else ""


def _assignee(text: str) -> str:
    return text if text in (MY, NOBODY) else _id(text)


def _priority(text: str) -> str:
    if text and text not in PRIORITIES:
        raise ValueError(text)
    return text


def _days(text: str) -> str:
    if text and not 0 < int(text) <= MAX_DAYS:
        raise ValueError(text)
    return str(int(text)) if text else ""


def _tags(text: str) -> str:
    ids = sorted({_id(one) for one in text.split(",") if one})
    if len(ids) > MAX_TAGS:
        raise ValueError(text)
    return ",".join(ids)


_READ: dict[str, Callable[[str], str]] = {
    "mailbox": _id,
    "team": _id,
    "assignee": _assignee,
    "priority": _priority,
    "older": _days,
    "tag": _tags,
}
