"""Asking the index: the only place that calls the functions in front of it, always with the reader's mailboxes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from accounts.moments import read_moments
from accounts.sealing.keys import Kind, keys
from tickets.newest import Cursor
from tickets.search.codes import Codes, asking_codes
from tickets.search.expressions import Expression, as_query, either, rows_of, terms_in
from tickets.search.plan import Plan

_TICKETS = """
SELECT ticket_id, at FROM deskhero_search_tickets(%s::text[]::tsquery[], %s::tsquery, %s::uuid[], %s::timestamptz,
    %s::timestamptz, %s::timestamptz, %s::uuid, %s)
"""
_NEWEST = """
SELECT ticket_id, at FROM deskhero_search_newest(%s::text[]::tsquery[], %s::integer[], %s, %s::tsquery, %s::uuid[],
    %s::timestamptz, %s::timestamptz, %s::timestamptz, %s::uuid, %s)
"""
_SHARES = "SELECT lexeme, rows_with_it FROM deskhero_search_shares(%s::text[])"
_PLACES = """
SELECT id, ticket_id, kind FROM deskhero_search_places(%s::uuid[], %s::tsquery, %s::uuid[], %s::timestamptz,
    %s::timestamptz, %s)
"""


COMMON = 40_000  # rows: of what more rows have, not all are read
WALKED = 4_000  # rows that one look reads where everything wanted is common
LOOKED_AT = 500  # tickets that one look opens where only some of it is
LAST_ID = UUID(int=2**128 - 1)  # behind every ticket of the same moment


class Candidate(NamedTuple):
    """A ticket that may belong to the answer, and the time it is sorted by. A look takes a thousand of them."""

    id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A row that holds something of what was asked for."""

    id: UUID  # of the ticket, message or note
    ticket_id: UUID
    kind: int  # tickets.search.documents


def books_of(mailboxes: Collection[UUID]) -> list[Codes]:
    """Return the codes of these mailboxes, under every version of their keys that can still be opened."""
    keys.warm(Kind.MAILBOX, set(mailboxes))
    return [codes for mailbox in mailboxes for codes in asking_codes(mailbox)]


class Index:
    """The index as one member may ask it: in the plan's mailboxes and times, and under their keys."""

    def __init__(self, plan: Plan) -> None:
        """Open the keys of the mailboxes; one whose key was destroyed is not asked."""
        self.plan = plan
        self.mailboxes = [mailbox.pk for mailbox in plan.mailboxes]
        self.books = books_of(self.mailboxes)

    def tickets(self, before: Cursor | None, most: int) -> tuple[list[Candidate], Candidate | None]:
        """Return the tickets that have everything wanted and nothing unwanted, newest place first, from `before` on.

        And where the look ended, if before the end: of words that very many rows have, only the newest rows are read.
        """
        if not self.books:
            return [], None
        wanted = [as_query(one, self.books) for one in self.plan.wanted]
        unwanted = as_query(either(self.plan.unwanted), self.books) if self.plan.unwanted else None
        at, pk = before or (None, None)
        rest = [unwanted, self.mailboxes, self.plan.since, self.plan.until, at, pk]
        rows = self._rows()
        with connection.cursor() as cursor:
            read_moments(cursor)
            if max(rows) <= COMMON:
                cursor.execute(_TICKETS, [wanted, *rest, most])
                return [*map(Candidate._make, cursor.fetchall())], None
            rare = [n for n, many in enumerate(rows, 1) if many == min(rows)]
            walk = WALKED if min(rows) > COMMON else 0
            cursor.execute(_NEWEST, [wanted, rare, walk, *rest, LOOKED_AT])
            found = cursor.fetchall()
        ended = found.pop()[1] if found and found[-1][0] is None else None
        return [*map(Candidate._make, found)], Candidate(LAST_ID, ended) if ended else None

    def _rows(self) -> list[float]:
        """Return about how many rows have each thing wanted, as far as it is common."""
        terms = {term for one in self.plan.wanted for term in terms_in(one)}
        lexemes = [codes.code(term) for codes in self.books for term in terms]
        with connection.cursor() as cursor:
            cursor.execute(_SHARES, [lexemes])
            shares = dict(cursor.fetchall())
        return [rows_of(one, self.books, shares) for one in self.plan.wanted]

    def places(self, tickets: Collection[UUID], any_of: Iterable[Expression], most: int) -> list[Place]:
        """Return the rows of these tickets that hold any of it, newest first, so many of a ticket at most."""
        expressions = list(any_of)
        if not (self.books and tickets and expressions):
            return []
        query = as_query(either(expressions), self.books)
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, [list(tickets), query, self.mailboxes, self.plan.since, self.plan.until, most])
            return [Place(*row) for row in cursor.fetchall()]
