"""Asking the index: the only place that calls the functions in front of it, always with the reader's mailboxes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.sealing.keys import Kind, keys
from tickets.newest import Cursor
from tickets.search.codes import Codes, asking_codes
from tickets.search.expressions import Expression, as_query, either
from tickets.search.plan import Plan

_TICKETS = """
SELECT ticket_id, at FROM deskhero_search_tickets(%s::text[]::tsquery[], %s::tsquery, %s::uuid[], %s::timestamptz,
    %s::timestamptz, %s::timestamptz, %s::uuid, %s)
"""
_PLACES = """
SELECT id, ticket_id, kind FROM deskhero_search_places(%s::uuid[], %s::tsquery, %s::uuid[], %s::timestamptz,
    %s::timestamptz, %s)
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket that may belong to the answer, and the time it is sorted by."""

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

    def tickets(self, before: Cursor | None, most: int) -> list[Candidate]:
        """Return the tickets that have everything wanted and nothing unwanted, newest place first, from `before` on."""
        if not self.books:
            return []
        wanted = [as_query(one, self.books) for one in self.plan.wanted]
        unwanted = as_query(either(self.plan.unwanted), self.books) if self.plan.unwanted else None
        at, pk = before or (None, None)
        given = [wanted, unwanted, self.mailboxes, self.plan.since, self.plan.until, at, pk, most]
        with connection.cursor() as cursor:
            cursor.execute(_TICKETS, given)
            return [Candidate(*row) for row in cursor.fetchall()]

    def places(self, tickets: Collection[UUID], any_of: Iterable[Expression], most: int) -> list[Place]:
        """Return the rows of these tickets that hold any of it, newest first, so many of a ticket at most."""
        expressions = list(any_of)
        if not (self.books and tickets and expressions):
            return []
        query = as_query(either(expressions), self.books)
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, [list(tickets), query, self.mailboxes, self.plan.since, self.plan.until, most])
            return [Place(*row) for row in cursor.fetchall()]
