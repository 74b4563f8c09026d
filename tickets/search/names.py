"""Names in a search: colleagues, tags and mailboxes, found among those the reader knows anyway."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.sealing.keys import Kind, keys
from mailbox.models import Mailbox
from tickets.models import Tag, TicketTag
from tickets.search.folding import fold, unaccented
from tickets.search.question import Question

_Named = TypeVar("_Named")
NOBODY = ("none", "nobody")


class Names:
    """Turns names into conditions; what nobody and nothing is called becomes a problem."""

    def __init__(self, me: Membership, problems: list[str]) -> None:
        """Take who asks, and the list that problems are added to."""
        self.me, self.problems = me, problems

    def mailboxes(self, visible: list[Mailbox], question: Question) -> list[Mailbox]:
        """Return which of the mailboxes the reader may see are asked about."""
        left = visible
        for unwanted in (False, True):
            for value in question.values("mailbox", unwanted=unwanted):
                named = {one.pk for one in visible if _begins(one.address, value)}
                if not named:
                    self.problems.append(_("You see no mailbox called “%(name)s”.") % {"name": value})
                left = [one for one in left if (one.pk in named) is not unwanted]
        return left

    def conditions(self, question: Question) -> list[Q]:
        """Return what assignee: and tag: say about a ticket."""
        found = []
        for unwanted in (False, True):
            for value in question.values("assignee", unwanted=unwanted):
                condition = self._assignee(value)
                found.append(~condition if unwanted else condition)
            for value in question.values("tag", unwanted=unwanted):
                condition = self._tag(value)
                found.append(~condition if unwanted else condition)
        return found

    def _assignee(self, value: str) -> Q:
        if value.lower() == "me":
            return Q(assignee=self.me)
        if value.lower() in NOBODY:
            return Q(assignee=None)
        members = list(Membership.objects.filter(organization=self.me.organization_id).select_related("user"))
        keys.warm(Kind.PROFILE, {one.user_id for one in members})
        named = _called(members, value, lambda one: one.display_name)
        if not named:
            self.problems.append(_("Nobody here is called “%(name)s”.") % {"name": value})
        return Q(assignee__in=named)

    def _tag(self, value: str) -> Q:
        named = _called(Tag.objects.filter(organization=self.me.organization_id), value, lambda one: one.name)
        if not named:
            self.problems.append(_("There is no tag called “%(name)s”.") % {"name": value})
        return Q(pk__in=TicketTag.objects.filter(tag__in=named).values("ticket_id"))


def _called(things: Iterable[_Named], value: str, name_of: Callable[[_Named], str]) -> list[_Named]:
    """Return what is called exactly so, else what has words that begin so."""
    wanted = _plain(value)
    named = [(one, _plain(name_of(one))) for one in things]
    exactly = [one for one, name in named if name == wanted]
    return exactly or [one for one, name in named if all(f" {word}" in f" {name}" for word in wanted.split())]


def _begins(address: str, value: str) -> bool:
    return fold(address).startswith(fold(value).strip())


def _plain(name: str) -> str:
    return " ".join(unaccented(fold(name)).split())
