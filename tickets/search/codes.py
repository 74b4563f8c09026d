"""Codes: what stands in the index for a term. Keyed for each mailbox, so that one mailbox's say nothing of another's.

A code is 48 bits of HMAC-SHA-256 under the mailbox's own search key, as eight letters. Without the key nobody can make
one; with a million terms in a mailbox, two of them share a code once in five hundred mailboxes.
"""

import hmac
import threading
import time
from binascii import b2a_base64
from collections import OrderedDict
from collections.abc import Callable, Iterable
from uuid import UUID

from django.conf import settings

from accounts.sealing.keys import Key, Kind, keys
from tickets.search.people import person_terms
from tickets.search.words import BEGINNING, beginnings_of, terms_of

BITS = 48
MAX_BOOKS = 64  # mailboxes whose words a process remembers
MAX_PIECES = 30_000  # of one of them: about 6 MB
_NOTHING: dict[str, tuple[str, ...]] = {}
_LETTERS = bytes.maketrans(b"+/", b"-_")


class Codes:
    """The codes of one version of one mailbox's key; remembers those of the words it met."""

    def __init__(self, key: Key) -> None:
        """Take the key of the mailbox."""
        self._secret, self.version = key.subkey("search"), key.version
        self._of_piece: dict[str, dict[str, tuple[str, ...]]] = {}
        self._remembered = 0
        self.used_at = time.monotonic()

    def code(self, term: str) -> str:
        """Return the code of a term."""
        digest = hmac.digest(self._secret, term.encode("utf-8", "surrogatepass"), "sha256")
        return b2a_base64(digest[: BITS // 8], newline=False).translate(_LETTERS).decode()

    def of_piece(self, piece: str, language: str) -> tuple[str, ...]:
        """Return the codes of every term of a piece of a text."""
        found = self._of_piece.get(language, _NOTHING).get(piece)
        return self._remember(language, piece, lambda: terms_of(piece, language)) if found is None else found

    def of_beginnings(self, piece: str) -> tuple[str, ...]:
        """Return the codes of the beginnings of a piece of a text."""
        return self._remember(BEGINNING, piece, lambda: beginnings_of(piece))

    def of_person(self, sort: str, person: tuple[str, str]) -> tuple[str, ...]:
        """Return the codes by which from: or to: finds a person."""
        return self._remember(sort, "\n".join(person), lambda: person_terms(sort, person))

    def _remember(self, shelf: str, name: str, terms: Callable[[], Iterable[str]]) -> tuple[str, ...]:
        known = self._of_piece.setdefault(shelf, {})
        found = known.get(name)
        if found is None:
            if self._remembered >= MAX_PIECES:
                self._of_piece, self._remembered = {shelf: (known := {})}, 0
            found = known[name] = tuple(self.code(term) for term in terms())
            self._remembered += 1
        return found


class _Shelf:
    """The codes of the mailboxes at work; one that was not asked for as long as keys are kept goes with its words."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._books: OrderedDict[bytes, Codes] = OrderedDict()

    def of(self, key: Key) -> Codes:
        """Return the codes under this key."""
        name, now = key.subkey("search"), time.monotonic()
        with self._lock:
            codes = self._books.pop(name, None) or Codes(key)
            self._books[name] = codes
            codes.used_at = now
            for other in [n for n, book in self._books.items() if book.used_at < now - settings.KEY_CACHE_SECONDS]:
                del self._books[other]
            while len(self._books) > MAX_BOOKS:
                self._books.popitem(last=False)
        return codes


_shelf = _Shelf()


def writing_codes(mailbox_id: UUID) -> Codes:
    """Return the codes under which a mailbox's new rows are kept; raises what the key's absence raises."""
    return _shelf.of(keys.current(Kind.MAILBOX, mailbox_id))


def asking_codes(mailbox_id: UUID) -> list[Codes]:
    """Return the codes under which a mailbox may have rows, newest first; none where its key was destroyed."""
    return [_shelf.of(key) for key in keys.usable(Kind.MAILBOX, mailbox_id)]
