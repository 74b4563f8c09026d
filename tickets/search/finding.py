"""Finding: the tickets that answer a question, newest first, a page at a time, counted as far as a page counts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from mailbox.models import Mailbox
from tickets.models import Ticket
from tickets.newest import Cursor, newest
from tickets.search.asking import Candidate, Index
from tickets.search.plan import Plan
from tickets.search.texts import Texts
from tickets.search.words import plain_words

PAGE = 25
CANDIDATES = 1_000  # tickets that one look takes from the index
CHECKED = 200  # tickets whose texts one look decrypts, for a phrase
STEP = 50
ROWS = 40  # of a ticket that may hold a phrase


@dataclass
class Found:
    """A page of an answer. `total` is how many there are from here on, or at least how many."""

    page: list[Candidate] = field(default_factory=list)
    total: int = 0
    is_at_least: bool = False
    older: Candidate | None = None  # the last one looked at, where there may be more behind it
    looked_back_to: datetime | None = None  # where the page is not full and there may be more before this


def find(plan: Plan, index: Index, before: Cursor | None) -> Found:
    """Return one page of the answer, from `before` on. What is shown of it asks for rights once more."""
    if plan.problems or plan.is_empty or not plan.mailboxes:
        return Found()
    stopped: Candidate | None = None
    if plan.wanted:
        candidates, stopped = index.tickets(before, CANDIDATES + 1)
        passing = _narrowed(plan, candidates[:CANDIDATES])
    else:
        candidates = _newest(plan, before)
        passing = candidates[:CANDIDATES]
    if len(candidates) > CANDIDATES:
        stopped = candidates[CANDIDATES - 1]
    if plan.must_be_checked:
        passing, unchecked = _checked(plan, index, passing)
        stopped = unchecked or stopped
    found = Found(passing[:PAGE], len(passing), is_at_least=stopped is not None)
    if len(passing) > PAGE:
        found.older = passing[PAGE - 1]
    elif stopped:
        found.older, found.looked_back_to = stopped, stopped.at
    return found


def _narrowed(plan: Plan, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave those that are as asked, in their order; what the index says alone needs no further look."""
    if not plan.conditions:
        return list(candidates)
    own = Ticket.objects.visible_to(plan.me).filter(pk__in=[one.id for one in candidates])
    left = set(plan.narrow(own).values_list("pk", flat=True))
    return [one for one in candidates if one.id in left]


def _newest(plan: Plan, before: Cursor | None) -> list[Candidate]:
    """Return the newest tickets that are as asked, where no word has to be found."""
    mailboxes = Mailbox.objects.filter(pk__in=[mailbox.pk for mailbox in plan.mailboxes])
    found = newest(mailboxes, plan.narrow, before, CANDIDATES + 1)
    return [Candidate(*row) for row in found.values_list("pk", "last_activity_at")[: CANDIDATES + 1]]


def _checked(plan: Plan, index: Index, candidates: Sequence[Candidate]) -> tuple[list[Candidate], Candidate | None]:
    """Return those that stand the check, up to one more than a page; and where the look ended, if before the end."""
    passing: list[Candidate] = []
    for start in range(0, len(candidates), STEP):
        some = candidates[start : start + STEP]
        left = _stand(plan, index, [one.id for one in some])
        passing += [one for one in some if one.id in left]
        is_last = start + STEP >= len(candidates)
        if not is_last and (len(passing) > PAGE or start + STEP >= CHECKED):
            return passing, some[-1]
    return passing, None


def _stand(plan: Plan, index: Index, tickets: Collection[UUID]) -> set[UUID]:
    left = set(tickets)
    if plan.unwanted and not plan.wanted:
        left -= {place.ticket_id for place in index.places(left, plan.unwanted, 1)}
    if plan.phrases or plan.unwanted_phrases:
        said = _said(plan, index, left)
        left = {
            ticket
            for ticket in left
            if said.get(ticket, set()) >= set(plan.phrases) and not said.get(ticket, set()) & set(plan.unwanted_phrases)
        }
    return left


def _said(plan: Plan, index: Index, tickets: Collection[UUID]) -> dict[UUID, set[str]]:
    """Return which of the phrases are really said in which ticket."""
    phrases = plan.phrases | plan.unwanted_phrases
    places = index.places(tickets, phrases.values(), ROWS)
    texts = Texts.behind(places)
    said: dict[UUID, set[str]] = {}
    for place in places:
        for text in texts.all_of(place):
            plain = f" {plain_words(text)} "
            said.setdefault(place.ticket_id, set()).update(phrase for phrase in phrases if f" {phrase} " in plain)
    return said
