"""Marking: where in a text stands what was asked for, and the piece of the text around it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tickets.mail.language import language_of
from tickets.search.expressions import Expression, terms_in
from tickets.search.folding import fold, unaccented
from tickets.search.stems import UNKNOWN, stems
from tickets.search.words import ADDRESS, BEGINNING, HOST, NUMBER, WORD, part_spans, parts_of, pieces_of
from tickets.visible import reveal

BEFORE, LENGTH = 80, 260  # letters of an excerpt before the first mark, and in all
LOOKED_AT = 60_000  # letters of a text; the rest is found, but not shown
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

    def spans(self, text: str, language: str) -> Iterator[Span]:
        """Yield where it stands in a text, in order."""
        queue: list[tuple[int, int, str]] = []
        longest = max(map(len, self.phrases), default=0)
        for start, end in part_spans(text):
            folded = fold(text[start:end])
            if self._has(folded, language):
                yield start, end
            if longest:
                queue = [*queue[1 - longest :], (start, end, unaccented(folded))]
                yield from self._phrase(queue)

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
    for start, stop in _joined(marks.spans(text, language or _language(text))):
        parts += [reveal(text[end:start]), format_html("<mark>{}</mark>", reveal(text[start:stop]))]
        end = stop
    return mark_safe("".join([*parts, reveal(text[end:])]))  # noqa: S308 - every part is escaped


def has_mark(text: str, marks: Marks) -> bool:
    """Return whether anything asked for stands in a text."""
    return next(marks.spans(text[:LOOKED_AT], _language(text)), None) is not None


def excerpt(texts: Iterable[str], marks: Marks) -> SafeString:
    """Return the piece of the first of these texts that has a mark, marked; else the beginning of the first one."""
    beginning = ""
    for text in texts:
        language = _language(text)
        if first := next(marks.spans(text[:LOOKED_AT], language), None):
            return marked(_around(text, first), marks, language)
        beginning = beginning or text.strip()
    return marked(_around(beginning, (0, 0)), marks)


def _language(text: str) -> str:
    return language_of(text) or UNKNOWN


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
