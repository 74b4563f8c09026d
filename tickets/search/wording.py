"""From what somebody typed to the terms under which the index may hold it."""

from collections.abc import Iterable

from tickets.search.expressions import Expression, all_of, either
from tickets.search.folding import fold, unaccented
from tickets.search.function_words import says_little
from tickets.search.stems import asked_stems
from tickets.search.words import (
    ADDRESS,
    HOST,
    NUMBER,
    WORD,
    beginning_of,
    exact_of,
    joined_of,
    parts_of,
    pieces_of,
)


def word_expressions(text: str, *, is_open: bool = False) -> list[Expression]:
    """Return what finds each piece of a text; nothing for pieces that say little. An open text may go on at its end."""
    if text.startswith("#") and text[1:].isdecimal():
        return [_number(text[1:])]
    pieces = pieces_of(text)
    last = len(pieces) - 1
    found = [_piece(piece, is_open=is_open and place == last) for place, piece in enumerate(pieces)]
    return [one for one in found if one is not None]


def beginning_expression(text: str) -> Expression | None:
    """Return what finds words that begin like this one: all that can be asked of the first letters typed."""
    pieces = pieces_of(text)
    return (beginning_of(pieces[-1]) or None) if len(pieces) == 1 and pieces[0].isalnum() else None


def phrase_expression(text: str) -> Expression | None:
    """Return what is in every row that may hold this phrase; None where all its words say little."""
    words = [part for piece in pieces_of(text) for part in parts_of(piece) if not says_little(part)]
    return all_of(_stems(word) for word in dict.fromkeys(words)) if words else None


def person_expression(sort: str, text: str) -> Expression | None:
    """Return what finds mails from or to a person, by name, address, host, or what stands before the @."""
    folded = fold(text).strip().strip("<>")
    if folded.startswith("@"):
        return f"{sort}{HOST}{folded[1:]}"
    if "@" in folded:
        return f"{sort}{folded}"
    names = [f"{sort}{unaccented(part)}" for piece in pieces_of(folded) for part in parts_of(piece) if len(part) > 1]
    if not names:
        return None
    host = [f"{sort}{HOST}{folded}"] if "." in folded and " " not in folded else []
    return either([all_of(names), *host, *([f"{sort}{folded}"] if host else [])])


def _piece(piece: str, *, is_open: bool) -> Expression | None:
    exact = exact_of(piece)
    if addresses := [term for term in exact if term.startswith(ADDRESS)]:
        return addresses[0]
    parts = [part for part in parts_of(piece) if part.isdecimal() or not says_little(part)]
    if not parts:
        return None
    ways: list[Expression] = [all_of(_words(parts, is_open=is_open)), *exact]
    if joined := joined_of(piece):
        ways += [f"{WORD}{stem}" for stem in sorted(asked_stems(joined))]
    return either(ways)


def _words(parts: list[str], *, is_open: bool) -> Iterable[Expression]:
    for place, part in enumerate(parts):
        ways: list[Expression] = [_stems(part)]
        if part.isdecimal() and len(part) < 10:
            ways.append(_number(part))
        if is_open and place == len(parts) - 1 and (beginning := beginning_of(part)):
            ways.append(beginning)
        yield either(ways)


def _stems(word: str) -> Expression:
    return either(f"{WORD}{stem}" for stem in sorted(asked_stems(word)))


def _number(digits: str) -> str:
    return f"{NUMBER}{int(digits)}"
