"""Many short expressions in many languages, searched quickly."""

import re
from collections.abc import Iterator

_CLOSING = {"(": ")", "[": "]", "{": "}"}


def plainly(text: str) -> str:
    """Return a text in small letters, with single blanks for all white space, as phrases are written."""
    return " ".join(text.lower().replace("i̇", "i").split())


def alternatives(table: str) -> list[str]:
    """Return the expressions of a table: one on each line, or several between ` | ` outside of brackets."""
    return [one.strip() for line in table.strip().split("\n") for one in split_outside(line, " | ") if one.strip()]


class Phrases:
    """A table of expressions; each is tried only on texts in which a piece of it stands literally."""

    def __init__(self, table: str) -> None:
        """Compile the table; expressions are matched against what `plainly` returns."""
        self._all = [(needed(one), re.compile(one)) for one in alternatives(table)]
        self._ascii = [(pieces, one) for pieces, one in self._all if any(piece.isascii() for piece in pieces)]

    def search(self, text: str) -> re.Match[str] | None:
        """Return where the leftmost of them stands in a plain text, or None."""
        return min(self._found(text), key=lambda found: found.start(), default=None)

    def is_in(self, text: str) -> bool:
        """Tell whether any of them stands in a plain text."""
        return next(self._found(text), None) is not None

    def _found(self, text: str) -> Iterator[re.Match[str]]:
        for pieces, pattern in self._ascii if text.isascii() else self._all:
            for piece in pieces:
                if piece in text:
                    if found := pattern.search(text):
                        yield found
                    break


def needed(expression: str) -> tuple[str, ...]:
    """Return pieces of which every match of an expression has at least one: the fewest and longest to be found."""
    choices: list[tuple[str, ...]] = [(run,) for run in _runs(expression)]
    choices += [
        tuple(max(_runs(one), key=len, default="") for one in split_outside(group, "|"))
        for group in _groups(expression)
    ]
    return max(choices, key=lambda pieces: (min(len(piece) for piece in pieces), -len(pieces)), default=("",))


def split_outside(text: str, separator: str) -> list[str]:
    """Return the stretches of a text between separators that stand in no bracket."""
    depth, start, found = 0, 0, []
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and text.startswith(separator, index):
            found.append(text[start:index])
            start = index + len(separator)
    return [*found, text[start:]]


def _runs(expression: str) -> Iterator[str]:
    """Yield the runs of characters that every match has."""
    run, index = "", 0
    while index < len(expression):
        char = expression[index]
        if char in "?*{":  # what stands before it may be missing
            yield run[:-1]
            run, index = "", _behind(expression, index)
        elif char in "([":
            yield run
            run, index = "", _behind(expression, index)
        elif char in ".^$+|\\":
            yield run
            run, index = "", index + (2 if char == "\\" else 1)
        else:
            run, index = run + char, index + 1
    yield run


def _groups(expression: str) -> Iterator[str]:
    """Yield what stands in the outermost brackets that must match."""
    index = 0
    while (index := expression.find("(?:", index)) >= 0:
        end = _behind(expression, index)
        if expression[end : end + 1] not in ("?", "*", "{"):
            yield expression[index + 3 : end - 1]
        index = end


def _behind(expression: str, index: int) -> int:
    """Return the index behind the group, class or quantifier that begins at `index`."""
    opening = expression[index]
    closing = _CLOSING.get(opening)
    if closing is None:
        return index + 1
    depth = 0
    while index < len(expression):
        char = expression[index]
        if char == "\\":
            index += 1
        elif char == "[" and opening == "(":
            index = _behind(expression, index) - 1
        elif char == opening and (opening != "[" or depth == 0):
            depth += 1
        elif char == closing:
            depth -= 1
            if depth == 0:
                return index + 1
        index += 1
    return index
