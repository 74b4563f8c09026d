"""Similar tickets: those that share the rarest words of a ticket, in whichever mailbox the reader may see.

The words come from the ticket's own mails and not from its rows: under each mailbox's key they have other codes.
"""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db import connection

from tickets.mail.language import language_of
from tickets.models import Message, Ticket, TicketSequence
from tickets.search.asking import books_of
from tickets.search.expressions import as_query, either
from tickets.search.stems import UNKNOWN
from tickets.search.words import WORD, pieces_of, terms_of

MAILS = 12  # the newest of the ticket
MAX_LETTERS = 20_000  # of each
MAX_WORDS = 100
RARE_PERCENT = 3  # of the tickets
_SIMILAR = """
SELECT ticket_id FROM deskhero_search_similar(%s, %s::text[]::tsquery[], %s::integer[], %s::integer[], %s::text[],
    %s, %s::uuid[], %s)
"""


def similar_to(ticket: Ticket, mailboxes: Collection[UUID], most: int) -> list[UUID]:
    """Return the tickets in these mailboxes that share at least three rare words with this one, likest first."""
    words = _words(ticket)
    books = books_of(mailboxes)
    if not (words and books):
        return []
    queries = [as_query(either(terms), books) for terms in words]
    codes = [(n, book.code(term)) for n, terms in enumerate(words, start=1) for term in terms for book in books]
    with connection.cursor() as cursor:
        cursor.execute(
            _SIMILAR,
            [
                ticket.pk,
                queries,
                list(words.values()),
                [n for n, _code in codes],
                [code for _n, code in codes],
                _common(),
                list(mailboxes),
                most,
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def _common() -> int:
    """Return how many rows may have a word that is still rare: a few where there are few tickets."""
    tickets = TicketSequence.objects.values_list("last", flat=True).first() or 0
    return min(max(tickets * RARE_PERCENT // 100, 3), 400)


def _words(ticket: Ticket) -> dict[tuple[str, ...], int]:
    """Return the words of a ticket as their terms, and how often each is there; the most frequent and longest first."""
    mails = Message.objects.filter(ticket=ticket).defer("html", "whole_text").order_by("-at", "-pk")[:MAILS]
    counted: Counter[tuple[str, ...]] = Counter()
    for text in [ticket.subject, *(mail.new_text[:MAX_LETTERS] for mail in mails)]:
        language = language_of(text) or UNKNOWN
        for piece, times in Counter(pieces_of(text)).items():
            if terms := tuple(sorted(term for term in terms_of(piece, language) if term.startswith(WORD))):
                counted[terms] += times
    ranked = sorted(counted.items(), key=lambda one: (-one[1], -len(one[0][0]), one[0]))
    return dict(ranked[:MAX_WORDS])
