"""Documents: what of a ticket, a mail and a note is found by which words, and its codes as the index holds them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tickets.mail.language import language_of
from tickets.search.codes import Codes
from tickets.search.people import FROM, TO, Person
from tickets.search.stems import UNKNOWN
from tickets.search.words import NUMBER, pieces_of

TICKET, MESSAGE, NOTE = 1, 2, 3
MAX_TEXT = 400_000  # letters of one mail that are read
MAX_CODES = 6_000  # of one row; a mail of more different words is a log or a list
# Where a word stands, as Postgres' weights: D text, A subject, B people, C beginnings. Counts end at four: more would
# tell more than it helps. True positions are not kept (docs/search.md).
_COUNTS = ("", ":1", ":1,2", ":1,2,3", ":1,2,3,4")
_SUBJECT, _PEOPLE, _BEGINNINGS = ":5A", ":6B", ":7C"


@dataclass(frozen=True, slots=True)
class Document:
    """What is found together: the head of a ticket, one mail, or one note."""

    id: UUID  # of the ticket, message or note
    kind: int
    ticket_id: UUID
    organization_id: UUID
    mailbox_id: UUID
    at: datetime
    text: str = ""
    subject: str = ""
    files: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()  # found by name and address
    written_by: tuple[Person, ...] = ()  # from:
    sent_to: tuple[Person, ...] = ()  # to:
    number: int = 0  # of a ticket
    contact: str = ""  # the name of a ticket's contact: found by its beginning
    addresses: tuple[str, ...] = ()  # of that contact

    @property
    def language(self) -> str:
        """Return the language under whose stems it is kept."""
        return language_of(self.text or self.subject) or UNKNOWN


@dataclass
class _Lexemes:
    """The codes of one row with their places, as Postgres reads a tsvector."""

    codes: Codes
    language: str
    written: list[str] = field(default_factory=list)

    def text(self, text: str) -> None:
        tally: dict[str, int] = {}
        for piece, count in Counter(pieces_of(text[:MAX_TEXT])).items():
            for code in self.codes.of_piece(piece, self.language):
                tally[code] = tally.get(code, 0) + count
            if len(tally) > MAX_CODES:
                break
        self.written += [code + _COUNTS[min(4, count)] for code, count in tally.items()]

    def words(self, texts: Iterable[str], place: str) -> None:
        for text in texts:
            for piece in dict.fromkeys(pieces_of(text[:MAX_TEXT])):
                self.written += [code + place for code in self.codes.of_piece(piece, self.language)]

    def terms(self, terms: Iterable[str], place: str) -> None:
        self.written += [self.codes.code(term) + place for term in terms]

    def beginnings(self, texts: Iterable[str]) -> None:
        pieces = dict.fromkeys(piece for text in texts for piece in pieces_of(text))
        codes = dict.fromkeys(code for piece in pieces for code in self.codes.of_beginnings(piece))
        self.written += [code + _BEGINNINGS for code in codes]

    def role(self, sort: str, people: Iterable[Person]) -> None:
        for person in people:
            self.written += [code + _PEOPLE for code in self.codes.of_person(sort, person)]


def lexemes(document: Document, codes: Codes) -> str:
    """Return a document's codes with their places, as Postgres reads a tsvector."""
    found = _Lexemes(codes, document.language)
    found.text(document.text)
    found.words([document.subject], _SUBJECT)
    found.words(document.files, _COUNTS[1])
    found.words((part for person in document.people for part in person), _PEOPLE)
    found.role(FROM, document.written_by)
    found.role(TO, document.sent_to)
    if document.kind == TICKET:
        found.terms([f"{NUMBER}{document.number}"], _BEGINNINGS)
        found.words([document.contact, *document.addresses], _PEOPLE)
        names = [document.contact] if document.contact else [one.partition("@")[0] for one in document.addresses]
        found.beginnings([document.subject, *names])
    return " ".join(found.written)
