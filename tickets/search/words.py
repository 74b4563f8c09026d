"""Words: what of a text can be found. The same rules read mails and questions, so that both name the same things.

A term is a letter for its sort and what it says: w a word's stem, a an address, h a host, g a beginning, n the number
of a ticket.
"""

import re
from collections.abc import Iterator

from tickets.search.folding import fold, unaccented
from tickets.search.function_words import FUNCTION_WORDS
from tickets.search.stems import stems

VERSION = 1  # of these rules; rows made by other rules are made again by reindex_search
WORD, ADDRESS, HOST, BEGINNING, NUMBER = "w", "a", "h", "g", "n"
BEGINNINGS = (3, 4, 5, 6, 7, 8, 10, 12, 15, 18)  # letters of a beginning; between two of them a little more is found
MAX_LETTERS = 64  # of a word; what is longer is data, not language
MAX_JOINED = 40

# Vowels and accents that some scripts write as marks of their own belong to their word.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_LETTERS = rf"[\w{_MARKS}]+"
# A piece of text as people write it: words joined by one sign each, as in 7Q-20418, e-mail or anna@firm.example.
PIECE = re.compile(rf"{_LETTERS}(?:[-.@/+&:'’#=?%~]{_LETTERS})*")
_PART = re.compile(rf"[^\W_{_MARKS}][^\W_]*(?:[{_MARKS}]+[^\W_]*)*")
# Scripts that set no blanks between words.
_DENSE = r"\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_DENSE_RUN = re.compile(rf"[{_DENSE}]+|[^{_DENSE}]+")
_IS_DENSE = re.compile(rf"[{_DENSE}]")
_ADDRESS = re.compile(r"[^@/\s]+@[^@/\s]+\.[^@/\s.]+")
_JOINS = re.compile(r"[\w.-]+|(?=.*\d)[\w./:#+-]+")
_HOST = re.compile(r"(?:[^\W_][\w-]*\.)+[^\W\d_]{2,24}(?=[/:?#]|$)")


def pieces_of(text: str) -> list[str]:
    """Return the pieces of a text, folded, in their order."""
    return PIECE.findall(fold(text))


def parts_of(piece: str) -> list[str]:
    """Return the words of a folded piece, without the signs that join them; dense scripts two letters at a time."""
    if piece.isalnum() and (piece.isascii() or not _IS_DENSE.search(piece)):
        return [piece]
    return [word for part in _PART.findall(piece) for word in _split(part)]


def is_word(part: str) -> bool:
    """Return whether a part is worth keeping: not a letter alone, not a function word, not data."""
    if len(part) == 1:
        return bool(_IS_DENSE.match(part))
    return len(part) <= MAX_LETTERS and part not in FUNCTION_WORDS


def terms_of(piece: str, language: str) -> set[str]:
    """Return every term of a folded piece of a text in this language."""
    found = {WORD + stem for part in parts_of(piece) if is_word(part) for stem in stems(part, language)}
    if not piece.isalnum():
        if joined := joined_of(piece):
            found |= {WORD + stem for stem in stems(joined, language)}
        found |= exact_of(piece)
    return found


def joined_of(piece: str) -> str:
    """Return the piece without its signs, where it is one word to some and two to others: e-mail, 7Q-20418."""
    if len(piece) > MAX_JOINED or not _JOINS.fullmatch(piece) or _HOST.match(piece):
        return ""
    parts = parts_of(piece)
    return "".join(parts) if 2 <= len(parts) <= 5 and not _IS_DENSE.search(piece) else ""


def exact_of(piece: str) -> set[str]:
    """Return the address or the host that a folded piece is, as terms; nothing where it is neither."""
    if _ADDRESS.fullmatch(piece):
        return {ADDRESS + piece, HOST + piece.rpartition("@")[2]}
    host = _HOST.match(piece)
    return {HOST + host[0].removeprefix("www.")} if host else set()


def beginnings_of(text: str) -> set[str]:
    """Return the beginnings of every word of a text, for those who have not typed on yet."""
    return {
        BEGINNING + unaccented(part)[:length]
        for piece in pieces_of(text)
        for part in parts_of(piece)
        if is_word(part)
        for length in BEGINNINGS
        if length <= len(unaccented(part))
    }


def beginning_of(word: str) -> str:
    """Return the term that finds words beginning with this folded one, or nothing where it is too short to ask."""
    plain = unaccented(word)
    length = max((one for one in BEGINNINGS if one <= len(plain)), default=0)
    return BEGINNING + plain[:length] if length else ""


def part_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words of a text stand, in order; of dense scripts every two letters, as parts_of names them."""
    for found in _PART.finditer(text):
        if found[0].isascii() or not _IS_DENSE.search(found[0]):
            yield found.span()
            continue
        at = found.start()
        for run in _DENSE_RUN.findall(found[0]):
            size = 2 if _IS_DENSE.match(run) and len(run) > 1 else len(run)
            yield from ((at + place, at + place + size) for place in range(len(run) - size + 1))
            at += len(run)


def plain_words(text: str) -> str:
    """Return a text as its words between single blanks, folded and without accents: what phrases are looked up in."""
    return " ".join(unaccented(part) for piece in pieces_of(text) for part in _PART.findall(piece))


def _split(part: str) -> list[str]:
    if part.isascii() or not _IS_DENSE.search(part):
        return [part]
    words = []
    for run in _DENSE_RUN.findall(part):
        if _IS_DENSE.match(run) and len(run) > 1:
            words += [run[at : at + 2] for at in range(len(run) - 1)]
        else:
            words.append(run)
    return words
