"""Marking: where in a text stands what was asked for, and the piece of the text around it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tickets.mail.language import READ as LANGUAGE_READ
from tickets.mail.language import language_of
from tickets.search.expressions import Expression, terms_in
from tickets.search.folding import fold, unaccented
from tickets.search.stems import UNKNOWN, stems
from tickets.search.words import ADDRESS, BEGINNING, HOST, NUMBER, WORD, part_spans, parts_of, pieces_of
from tickets.visible import reveal

BEFORE, LENGTH = 80, 260  # letters of an excerpt before the first mark, and in all
LOOKED_AT = 60_000  # letters of a text; the rest is found, but not shown
_NOWHERE = re.compile(r"(?!)")
_BLANKS = re.compile(r"\s+")
_QUOTE_SIGNS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
Span = tuple[int, int]


@dataclass(frozen=True)
class Marks:
    """What is marked: words by their stems, beginnings of words, and phrases as they stand."""

    stems: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    _known: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False)
    _likely: dict[str, bool] = field(default_factory=dict, compare=False)  # in some language
    _guessed: dict[str, str] = field(default_factory=dict, compare=False)  # the language of the text at hand

    @classmethod
    def of(cls, expressions: Iterable[Expression], phrases: Iterable[str]) -> "Marks":
        """Take what was asked for; the words of a phrase are marked where they stand together."""
        found: set[str] = set()
        beginnings: set[str] = set()
        for term in {term for expression in expressions for term in terms_in(expression)}:
            sort, word = term[0], term[1:]
            if sort == BEGINNING:
                beginnings.add(word)
            elif sort in (WORD, NUMBER):
                found.add(word)
            elif sort in (ADDRESS, HOST):
                found |= {unaccented(part) for piece in pieces_of(word) for part in parts_of(piece)}
        return cls(frozenset(found), tuple(beginnings), tuple(tuple(phrase.split()) for phrase in phrases))

    def spans(self, text: str, language: str = "") -> Iterator[Span]:
        """Yield where it stands in a text, in order; the text's language is guessed where none is given."""
        if not self.phrases:
            yield from self._words(text, language)
            return
        language = language or self.language_of(text)
        queue: list[tuple[int, int, str]] = []
        longest = max(map(len, self.phrases))
        for start, end in part_spans(text):
            folded = fold(text[start:end])
            if self._has(folded, language):
                yield start, end
            queue = [*queue[1 - longest :], (start, end, unaccented(folded))]
            yield from self._phrase(queue)

    def _words(self, text: str, language: str) -> Iterator[Span]:
        """Yield where single words stand. Most texts have none: they cost a look, and their language is not guessed."""
        candidates = self._first_letters.finditer(text) if text.isascii() else None
        for start, end in (found.span() for found in candidates) if candidates else part_spans(text):
            folded = fold(text[start:end])
            likely = self._likely.get(folded)
            if likely is None:
                likely = self._likely[folded] = self._may_begin(folded) and self._has(folded, UNKNOWN)
            if not likely:
                continue
            language = language or self.language_of(text)
            if self._has(folded, language):
                yield start, end

    def language_of(self, text: str) -> str:
        """Return the language a text is marked in; of the text asked for last it is known."""
        read = text[:LANGUAGE_READ]
        if read not in self._guessed:
            self._guessed.clear()
            self._guessed[read] = language_of(read) or UNKNOWN
        return self._guessed[read]

    @cached_property
    def _initials(self) -> frozenset[str]:
        return frozenset(word[0] for word in (*self.stems, *self.beginnings) if word)

    @cached_property
    def _first_letters(self) -> re.Pattern[str]:
        """Match the words of an ASCII text that begin as what is asked for: a stem keeps its word's first letter."""
        letters = re.escape("".join(sorted({*self._initials, *(one.upper() for one in self._initials)})))
        return re.compile(rf"(?<![^\W_])[{letters}][^\W_]*") if letters else _NOWHERE

    def _may_begin(self, folded: str) -> bool:
        plain = unaccented(folded)
        return plain[:1] in self._initials

    def _phrase(self, queue: Sequence[tuple[int, int, str]]) -> Iterator[Span]:
        words = tuple(word for _start, _end, word in queue)
        for phrase in self.phrases:
            if words[-len(phrase) :] == phrase:
                yield queue[-len(phrase)][0], queue[-1][1]

    def _has(self, folded: str, language: str) -> bool:
        known = self._known.get((folded, language))
        if known is None:
            plain = unaccented(folded)
            known = plain.startswith(self.beginnings) if self.beginnings else False
            known = known or plain in self.stems or not self.stems.isdisjoint(stems(folded, language))
            self._known[folded, language] = known
        return known


def marked(text: str, marks: Marks, language: str = "") -> SafeString:
    """Return a text for a page, escaped, what hides in it named, with the words marked."""
    parts, end = [], 0
    for start, stop in _joined(marks.spans(text, language)):
        parts += [reveal(text[end:start]), format_html("<mark>{}</mark>", reveal(text[start:stop]))]
        end = stop
    return mark_safe("".join([*parts, reveal(text[end:])]))  # noqa: S308 - every part is escaped


def has_mark(text: str, marks: Marks) -> bool:
    """Return whether anything asked for stands in a text."""
    return next(marks.spans(text[:LOOKED_AT]), None) is not None


def excerpt(texts: Iterable[str], marks: Marks) -> SafeString:
    """Return the piece of the first of these texts that has a mark, marked; else the beginning of the first one."""
    beginning = ""
    for text in texts:
        if first := next(marks.spans(text[:LOOKED_AT]), None):
            return marked(_around(text, first), marks, marks.language_of(text))
        beginning = beginning or text.strip()
    return marked(_around(beginning, (0, 0)), marks)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans that touch or overlap as one: a phrase and its words, letters of dense scripts."""
    joined: list[Span] = []
    for start, stop in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (min(start, joined[-1][0]), max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def _around(text: str, span: Span) -> str:
    """Return whole words around a place, on one line, with dots where something is left out."""
    start = max(span[0] - BEFORE, 0)
    if start:
        blank = _BLANKS.search(text, start, span[0])
        start = blank.end() if blank else start
    end = min(start + LENGTH, len(text))
    if end < len(text):
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        end = cut if cut > span[1] else end
    piece = _BLANKS.sub(" ", _QUOTE_SIGNS.sub("", text[start:end])).strip()
    return f"{'… ' if start else ''}{piece}{' …' if end < len(text) else ''}"
