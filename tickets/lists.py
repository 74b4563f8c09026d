"""The lists of the desk: what each holds, and what to say when it holds nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from tickets.models import Mention, Ticket
from tickets.models.ticket import TicketQuerySet


@dataclass(frozen=True)
class View:
    """A list of tickets with a name: what it holds, and what to say when it holds nothing."""

    key: str
    label: Any
    icon: str
    letter: str  # pressed after g
    narrow: Callable[[TicketQuerySet, Membership], TicketQuerySet]
    empty_title: Any
    empty_text: Any
    is_done: bool = False  # grows for ever: what is looked for in it must have an index, and nobody counts it
    waiting: Callable[[TicketQuerySet], TicketQuerySet] | None = None  # what alone is counted of what grows for ever
    by_mention: bool = False

    def counted_in(self, mailbox: Any, me: Membership) -> QuerySet[Any, Any]:
        """Return what its count in the side bar counts in a mailbox, by id."""
        if self.by_mention:
            return waiting_mentions(me).filter(waiting_mailbox=mailbox).values("waiting_ticket").distinct()
        tickets = Ticket.objects.filter(mailbox=mailbox)
        return (self.waiting(tickets) if self.waiting else self.narrow(tickets, me)).values("pk")


def waiting_mentions(me: Membership) -> QuerySet[Mention]:
    """Return the mentions of this member whose tickets are not done; several may be of one ticket."""
    return Mention.objects.filter(member=me, waiting_ticket__isnull=False)


VIEWS = {
    view.key: view
    for view in (
        View(
            "mine",
            gettext_lazy("Mine"),
            "user",
            "m",
            lambda tickets, me: tickets.open().assigned_to(me),
            gettext_lazy("Nothing waits for you"),
            gettext_lazy("Take a ticket from “Unassigned”, and it stands here until it is closed."),
        ),
        View(
            "unassigned",
            gettext_lazy("Unassigned"),
            "unassigned",
            "u",
            lambda tickets, _me: tickets.open().unassigned(),
            gettext_lazy("Somebody has every one of them"),
            gettext_lazy("New mail that nobody has taken yet appears here by itself."),
        ),
        View(
            "mentioned",
            gettext_lazy("Mentioned"),
            "at",
            "a",
            lambda tickets, me: tickets.unfinished().filter(pk__in=waiting_mentions(me).values("waiting_ticket")),
            gettext_lazy("Nobody has mentioned you"),
            gettext_lazy(
                "Where a colleague writes @ and your name in a note, the ticket stands here until it is closed."
            ),
            by_mention=True,
        ),
        View(
            "open",
            gettext_lazy("All open"),
            "inbox",
            "i",
            lambda tickets, _me: tickets.open(),
            gettext_lazy("Everything is answered"),
            gettext_lazy("New mail appears here by itself."),
        ),
        View(
            "pending",
            gettext_lazy("Waiting for them"),
            "state-pending",
            "p",
            lambda tickets, _me: tickets.pending(),
            gettext_lazy("No answer is being waited for"),
            gettext_lazy("A ticket stands here while the contact has the next word."),
        ),
        View(
            "snoozed",
            gettext_lazy("Snoozed"),
            "state-snoozed",
            "s",
            lambda tickets, _me: tickets.snoozed(),
            gettext_lazy("Nothing sleeps"),
            gettext_lazy("A snoozed ticket stands here until its time comes, or until the contact writes."),
        ),
        View(
            "closed",
            gettext_lazy("Closed"),
            "state-closed",
            "c",
            lambda tickets, _me: tickets.closed(),
            gettext_lazy("Nothing is closed yet"),
            gettext_lazy("A closed ticket opens again when its contact writes."),
            is_done=True,
        ),
        View(
            "spam",
            gettext_lazy("Spam"),
            "block",
            "x",
            lambda tickets, _me: tickets.spam(),
            gettext_lazy("No spam"),
            gettext_lazy("What a colleague or your mail provider calls spam stands here, and can be taken back."),
            is_done=True,
            waiting=lambda tickets: tickets.suspected(),
        ),
    )
}
COUNTED = tuple(key for key, view in VIEWS.items() if view.waiting or not view.is_done)
