"""What is erased, in people's words: a few kinds they know, and the rest together. Places are those of the counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mailbox.models import Mailbox
from privacy import kin


@dataclass(frozen=True)
class Kind:
    """One line of a table of what goes."""

    title: Any
    places: tuple[str, ...]  # as DeletionCount names them


KINDS = (
    Kind(_("Messages"), ("tickets.Message",)),
    Kind(_("Originals of mails"), ("mailbox.InboundEmail", "mailbox.OutboundEmail")),
    Kind(_("Attachments"), ("tickets.Attachment",)),
    Kind(_("Notes and drafts"), ("tickets.Note", "tickets.Draft")),
    Kind(_("Tickets"), ("tickets.Ticket",)),
    Kind(_("Contacts"), ("tickets.Contact",)),
    Kind(_("Search codes"), ("tickets.SearchDocument",)),
    Kind(_("Files"), ("files",)),
)
_KNOWN = frozenset(place for kind in KINDS for place in kind.places)


@dataclass(frozen=True)
class Line:
    """A kind with its numbers; `after` is None as long as nobody has counted again."""

    title: Any
    before: int
    held: int = 0
    after: int | None = None


def lines(counts: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Return the numbers of a job by kind, each a mapping of place, before, held and after; kinds of nothing left out.

    A kind was counted again only when every place of it was.
    """
    by_place = {one["place"]: one for one in counts}
    grouped = [(kind.title, [by_place[place] for place in kind.places if place in by_place]) for kind in KINDS]
    rest = [one for place, one in by_place.items() if place not in _KNOWN]
    found = [_line(title, group) for title, group in [*grouped, (_("Everything else"), rest)] if group]
    return [line for line in found if line.before or line.after]


def present_counts(mailbox: Mailbox | None) -> list[Line]:
    """Return what there is now, of a mailbox or of the organization in scope, in kinds people know."""
    return [line for kind in KINDS if (line := Line(kind.title, _count(kind, mailbox))).before]


def _count(kind: Kind, mailbox: Mailbox | None) -> int:
    total = 0
    for place in kind.places:
        if "." not in place or place == "tickets.SearchDocument":  # closed to the tenant role, as codes should be
            continue
        model: type[models.Model] = apps.get_model(place)
        if mailbox is None:
            total += model._base_manager.count()
        elif ways := kin.paths(model, Mailbox):
            condition = Q()
            for way in ways:
                condition |= Q(**{way: mailbox.pk})
            total += model._base_manager.filter(condition).count()
    return total


def _line(title: Any, group: list[Mapping[str, Any]]) -> Line:
    after = [one["after"] for one in group]
    return Line(
        title,
        sum(one["before"] for one in group),
        sum(one["held"] for one in group),
        None if None in after else sum(after),
    )
