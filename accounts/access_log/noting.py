"""What a view says of itself and of what it shows; nothing is written here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest

from accounts.models import AccessEvent

View = TypeVar("View", bound=Callable[..., Any])
Verb = AccessEvent.Verb
MOST = 500  # ids of one event; beyond that the amount says how many there were


@dataclass
class Noted:
    """What one request showed, for its line in the log."""

    object_id: UUID | None = None
    others: dict[UUID, None] = field(default_factory=dict)
    amount: int = 0

    def add(self, ids: Iterable[UUID]) -> None:
        """Add things that stood on the page, each once."""
        for pk in ids:
            if pk not in self.others and pk != self.object_id:
                self.amount += 1
                if len(self.others) < MOST:
                    self.others[pk] = None

    def open(self, pk: UUID) -> None:
        """Name the thing the page is about; the first one stays."""
        if self.object_id is None:
            self.object_id = pk
            self.amount += pk not in self.others
            self.others.pop(pk, None)
        else:
            self.add([pk])


def opened(request: HttpRequest, thing: Model | UUID, *parts: Model | UUID) -> None:
    """Note what a page is about, and the parts of it that were asked for; the first thing noted is the main one."""
    if noted := getattr(request, "noted", None):
        noted.open(_id(thing))
        noted.add(_id(part) for part in parts)


def saw(request: HttpRequest, things: Iterable[Model | UUID], *, amount: int = 0) -> None:
    """Note what else was shown: rows of a list, hits of a search. `amount` counts what is too many to name."""
    if noted := getattr(request, "noted", None):
        noted.add(_id(thing) for thing in things)
        noted.amount += amount


def contentless(reason: str) -> Callable[[View], View]:
    """Mark a view that shows nothing of mail, contacts or drafts, and say why: it is not written down."""
    return _marked("contentless", reason)


def as_verb(verb: str) -> Callable[[View], View]:
    """Say what a view does where that is more than opening or changing: list, search, download, print, export."""
    return _marked("access_verb", verb)


def asks(view: View) -> View:
    """Mark a view whose POST asks a question and changes nothing, so that who only reads may ask it."""
    view.access_verb, view.is_question = Verb.SEARCH, True  # type: ignore[attr-defined]
    return view


def _marked(name: str, value: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, name, value)
        return view

    return mark


def _id(thing: Model | UUID) -> UUID:
    return thing if isinstance(thing, UUID) else thing.pk
