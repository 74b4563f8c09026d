"""What is new in a mail, and what only repeats what was written before. Nothing is thrown away: it is folded."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tickets.mail import limits
from tickets.mail.marks import LINES, strip_marks
from tickets.mail.quote_introductions import LONGEST, glue_points
from tickets.mail.quote_reader import NEW, QUOTE, QuoteReader
from tickets.mail.signatures import signature_lines

SIGNATURE = "s"
_BLANK_RUN = re.compile(r"\n{3,}")


@dataclass(slots=True)
class Split:
    """Which lines of a text are new, quoted or signature; line by line, so that a page can fold exactly those."""

    lines: list[str]
    kinds: list[str]
    is_forward: bool = False
    tail: str = field(default="", repr=False)
    glued: set[int] = field(default_factory=set)  # lines that the source has at the end of the line before

    @property
    def quoted_lines(self) -> int:
        """Return how many lines with text are folded as quoted history."""
        return sum(
            kind == QUOTE and bool(line.strip()) and line not in LINES
            for line, kind in zip(self.lines, self.kinds, strict=True)
        )

    def new_text(self) -> str:
        """Return only what is new."""
        chosen = self._joined([index for index, kind in enumerate(self.kinds) if kind == NEW])
        return _BLANK_RUN.sub("\n\n", strip_marks(chosen)).strip("\n").rstrip() + self.tail

    def source(self) -> str:
        """Return the text as it came, whatever the kinds say."""
        return self._joined(range(len(self.lines))) + self.tail

    def _joined(self, chosen: Sequence[int]) -> str:
        if not self.glued:
            return "\n".join([self.lines[index] for index in chosen])
        parts: list[str] = []
        for number, index in enumerate(chosen):
            together = index in self.glued and number > 0 and chosen[number - 1] == index - 1
            parts.append(self.lines[index] if together or not number else f"\n{self.lines[index]}")
        return "".join(parts)


def new_part(marked_text: str, subject: str = "") -> tuple[str, int]:
    """Return what is new and how many quoted lines are folded; all of it when nothing in it would be new."""
    split = split_quotes(marked_text, subject)
    text = split.new_text()
    if not text.strip():
        return strip_marks(marked_text).strip("\n"), 0
    return text, split.quoted_lines


def split_quotes(marked_text: str, subject: str = "") -> Split:
    """Return every line of a text with what it is."""
    lines = marked_text.split("\n")
    tail = ""
    if len(lines) > limits.QUOTE_LINES:
        tail = "\n" + strip_marks("\n".join(lines[limits.QUOTE_LINES :]))
        lines = lines[: limits.QUOTE_LINES]
    lines, glued = _without_glue(lines)
    reader = QuoteReader(lines, subject)
    reader.read()
    split = Split(lines, reader.kinds, reader.is_forward, tail, glued)
    for start, end in signature_lines(lines, [kind == NEW for kind in split.kinds], is_forward=split.is_forward):
        split.kinds[start:end] = [SIGNATURE] * (end - start)
    return split


def _without_glue(lines: list[str]) -> tuple[list[str], set[int]]:
    """Cut lines in which an introduction follows on somebody's own words; return also which lines are such rests."""
    out: list[str] = []
    glued: set[int] = set()
    for index, line in enumerate(lines):
        points = glue_points(lines, index) if 20 < len(line) < LONGEST and _may_be_glued(line) else []
        for start, end in pairwise([0, *points, len(line)]):
            if start:
                glued.add(len(out))
            out.append(line[start:end])
    return out, glued


def _may_be_glued(line: str) -> bool:
    return "----" in line or "@" in line or ":" in line[-2:]
