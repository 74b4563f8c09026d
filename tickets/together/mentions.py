"""@names in notes: whom they mean, and what cannot be told."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from accounts.models import Membership

_SIGN = re.compile(r"(?<![\w@])@(?=\w)")
_WORD = re.compile(r"[\w'’-]+(?:\.[\w'’-]+)*")


@dataclass
class Named:
    """Whom a text calls, and the names that call nobody for certain."""

    members: dict[UUID, Membership] = field(default_factory=dict)
    ambiguous: dict[str, list[Membership]] = field(default_factory=dict)  # as written -> everybody it could mean
    unseeing: dict[str, Membership] = field(default_factory=dict)  # may not see the ticket
    unknown: list[str] = field(default_factory=list)


def named_in(text: str, colleagues: Iterable[Membership], seeing: Iterable[UUID]) -> Named:
    """Return whom the @names of a text mean: a whole name, or a part of one where only one colleague has it.

    The longest name that stands there counts. Where a part of a name fits several, those who may see the ticket are
    preferred. An address is no mention.
    """
    found, known, may = Named(), list(colleagues), set(seeing)
    for sign in _SIGN.finditer(text):
        written, fitting = _fitting(text[sign.end() : sign.end() + 200], known)
        able = [one for one in fitting if one.pk in may]
        if len(able) == 1:
            found.members[able[0].pk] = able[0]
        elif len(able) > 1:
            found.ambiguous[written] = able
        elif fitting:
            found.unseeing[written] = fitting[0]
        elif written not in found.unknown:
            found.unknown.append(written)
    return found


def _fitting(after: str, colleagues: Sequence[Membership]) -> tuple[str, list[Membership]]:
    """Return the name that stands here as written, and everybody it could mean."""
    names = {one.pk: _folded(one.display_name) for one in colleagues}
    words = [word[0] for word in _WORD.finditer(_first_line(after))]
    for count in range(min(len(words), max((name.count(" ") + 1 for name in names.values()), default=1)), 0, -1):
        written = _folded(" ".join(words[:count]))
        whole = [one for one in colleagues if written in (names[one.pk], names[one.pk].replace(" ", ""))]
        if whole:
            return " ".join(words[:count]), whole
    first = words[0] if words else after[:20]
    return first, [one for one in colleagues if _folded(first) in names[one.pk].split(" ")]


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _folded(name: str) -> str:
    return " ".join(word for word in _WORD.findall(name.casefold()))
