"""A question taken apart: words, phrases and operators. Text in, parts out; nothing here knows a database or a key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tickets.search.days import day_of

MAX_LETTERS = 300
MAX_PARTS = 12
WORD, PHRASE = "word", "phrase"
OPERATORS = ("from", "to", "is", "assignee", "tag", "mailbox", "has", "before", "after")
STATES = ("open", "pending", "snoozed", "closed")
IS = (*STATES, "mine", "unassigned")
_SAME = {"cc": "to", "assigned": "assignee", "files": "attachment", "file": "attachment", "attachments": "attachment"}
_SAME |= {"waiting": "pending"}
_NAMES = frozenset({*OPERATORS, "cc", "assigned"})
_QUOTE = '"“”„«»'
_TOKEN = re.compile(
    rf"(?P<minus>-)?(?:(?P<name>[A-Za-z]{{2,20}}):(?!/)(?P<value>[{_QUOTE}][^{_QUOTE}]*(?:[{_QUOTE}]|$)|[^\s{_QUOTE}]+)"
    rf"|[{_QUOTE}](?P<phrase>[^{_QUOTE}]*)(?:[{_QUOTE}]|$)|(?P<word>[^\s{_QUOTE}]+))"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a question asks for, or wants left out."""

    sort: str  # word, phrase, or one of OPERATORS
    value: str
    unwanted: bool = False
    is_open: bool = False  # a word that may go on: the last one, or one that ends in *
    day: date | None = None  # of before: and after:


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and a sentence for everything in it that cannot be asked."""

    parts: tuple[Part, ...] = ()
    problems: tuple[str, ...] = ()

    def values(self, sort: str, *, unwanted: bool = False) -> list[str]:
        """Return what was said with an operator."""
        return [part.value for part in self.parts if part.sort == sort and part.unwanted == unwanted]


def parse(text: str, today: date) -> Question:
    """Return the parts of a question in their order. Nothing is guessed: what has no meaning becomes a problem."""
    if len(text) > MAX_LETTERS:
        return Question(problems=(_("A search has %(count)d letters at most.") % {"count": MAX_LETTERS},))
    parts: list[Part] = []
    problems: list[str] = []
    for found in _read(text, today):
        (problems if isinstance(found, str) else parts).append(found)  # type: ignore[arg-type]
    if len(parts) > MAX_PARTS:
        problems.append(_("A search has %(count)d words and operators at most.") % {"count": MAX_PARTS})
    return Question(tuple(parts), tuple(problems))


def _read(text: str, today: date) -> Iterator[Part | str]:
    for token in _TOKEN.finditer(text):
        unwanted = token["minus"] is not None
        if token["name"]:
            yield _operator(token["name"].lower(), token["value"].strip(_QUOTE).strip(), unwanted, today)
        elif token["phrase"] is not None:
            if token["phrase"].strip():
                yield Part(PHRASE, token["phrase"].strip(), unwanted)
        elif token["word"].endswith(":") and (name := token["word"][:-1].lower()) in _NAMES:
            yield _needs(name)
        else:
            word = token["word"].rstrip("*")
            is_open = not unwanted and (word != token["word"] or token.end() == len(text))
            yield Part(WORD, word, unwanted, is_open)


def _operator(name: str, value: str, unwanted: bool, today: date) -> Part | str:
    sort = _SAME.get(name, name)
    if sort not in OPERATORS:
        said = {"name": name, "value": value}
        return (
            _("There is no operator “%(name)s:”. Put the words in quotes to look for them: “%(name)s %(value)s”.")
            % said
        )
    if not value:
        return _needs(name)
    if sort in ("before", "after"):
        return _day(sort, value, unwanted, today)
    plain = _SAME.get(value.lower(), value.lower())
    if sort == "is" and plain not in IS:
        return _("A ticket cannot be “%(value)s”. It is: %(all)s.") % {"value": value, "all": ", ".join(IS)}
    if sort == "has" and plain != "attachment":
        return _("“has:” knows attachment only, not “%(value)s”.") % {"value": value}
    return Part(sort, plain if sort in ("is", "has") else value, unwanted)


def _day(sort: str, value: str, unwanted: bool, today: date) -> Part | str:
    day = day_of(value, today)
    if day is None:
        said = {"value": value}
        return _("“%(value)s” is no day. Write it as 2026-10-01, today, yesterday, 7d, 2w, 3m or 1y.") % said
    if unwanted:
        said = {"sort": sort}
        return _("“-%(sort)s:” has no meaning. Use before: instead of -after:, and after: instead of -before:.") % said
    return Part(sort, value, day=day)


def _needs(name: str) -> str:
    return _("Say behind “%(name)s:” what you look for.") % {"name": name}
