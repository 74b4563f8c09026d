"""Private characters with which the text of an HTML mail remembers what its program said about quotes."""

import re

QUOTE_START = "\ue0f0"  # a line of its own: quoted history begins, up to its QUOTE_END
QUOTE_END = "\ue0f1"
QUOTE_REST = "\ue0f3"  # a line of its own: all that follows is quoted history
QUOTE_RULE = "\ue0f4"  # a line of its own: so it is, if the headers of a mail follow
ATTRIBUTION = "\ue0f2"  # before a line that only introduces a quote
LINES = frozenset((QUOTE_START, QUOTE_END, QUOTE_REST, QUOTE_RULE))
_MARKS = {ord(mark): None for mark in (*LINES, ATTRIBUTION)}
_ANY = re.compile("[\ue0f0-\ue0f4]")


def without_marks(text: str) -> str:
    """Return foreign text without characters that could be taken for marks."""
    return text if text.isascii() or not _ANY.search(text) else text.translate(_MARKS)


def strip_marks(text: str) -> str:
    """Return marked text as a reader should see it."""
    if text.isascii() or not _ANY.search(text):
        return text
    return "\n".join(line.translate(_MARKS) for line in text.split("\n") if line not in LINES)
