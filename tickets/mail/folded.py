"""Which lines of a mail a page folds, beside what is new in it: its quotations and its signature."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tickets.mail.device_words import is_device_signature
from tickets.mail.known_text import Comparison, KnownText
from tickets.mail.quote_frames import frame_lines
from tickets.mail.quote_introductions import glue_points
from tickets.mail.quote_marks import is_marked

_DELIMITER = re.compile(r"\s{0,3}(?:--|—|–|[-_=—–~*]{3,})\s{0,3}$")
_BLANK_RUN = re.compile(r"\n{3,}")


@dataclass(slots=True)
class Folded:
    """What a page folds, and how much of it the conversation does not hold elsewhere."""

    text: str = ""
    lines: int = 0  # with text, quoted
    elsewhere: int | None = None  # of them, not in the conversation; None where that was not found out
    added: str = ""  # what the writer put between or into quoted lines
    is_foreign: bool = False  # nothing of it is in the conversation
    is_signature: bool = False  # nothing is quoted


def fold(whole: str | None, new: str, known: KnownText) -> Folded:
    """Return what to fold of a mail, and remember its words as known from now on."""
    if not whole:
        known.add(new)
        return Folded()
    lines = folded_lines(whole, new)
    comparison = known.compare(*_quoted(lines))
    known.add(new)
    known.add("\n".join(line for line, kind in zip(comparison.lines, comparison.kinds, strict=True) if kind in "au"))
    return _result(lines, comparison)


def _result(lines: Sequence[str], comparison: Comparison) -> Folded:
    text = _BLANK_RUN.sub("\n\n", "\n".join(lines)).strip("\n").rstrip()
    count = comparison.count
    if not count:
        return Folded(text, sum(bool(line.strip()) for line in lines), is_signature=True)
    if not comparison.is_whole:
        return Folded(text, count, None, comparison.added())
    elsewhere = comparison.elsewhere
    return Folded(text, count, elsewhere, comparison.added(), is_foreign=elsewhere > 0 and not comparison.known)


def folded_lines(whole: str, new: str) -> list[str]:
    """Return the lines of a mail that are not new, in order."""
    wanted = [line.strip() for line in new.split("\n") if line.strip()]
    rest: list[str] = []
    at = 0
    for line in whole.split("\n"):
        text = line.strip()
        if at < len(wanted) and text == wanted[at]:
            at += 1
        elif at < len(wanted) and text.startswith(wanted[at]) and len(text) < 600 and glue_points([text], 0):
            rest.append(text[len(wanted[at]) :].strip())
            at += 1
        else:
            rest.append(line)
    if at < len(wanted):  # the new part was read from another form of the mail, with other wraps
        there = set(wanted)
        rest = [line for line in rest if line.strip() not in there]
    return rest


def _quoted(lines: Sequence[str]) -> tuple[list[str], set[int]]:
    """Return folded lines without the writer's own signature above, below or between, and which introduce the rest."""
    out: list[str] = []
    introductions: set[int] = set()
    frames: set[int] = set()
    inside = last_marked = False
    for index, line in enumerate(lines):
        marked = delimits = False
        if line and not line.isspace():
            marked = is_marked(lines, index)
            delimits = not marked and bool(_DELIMITER.match(line))
            if inside and last_marked and delimits:
                inside = False
            elif not inside and not marked and not delimits:
                frames = _introduction_at(lines, index)
            inside = inside or marked or index in frames
            last_marked = marked
        if inside:
            if index in frames:
                introductions.add(len(out))
            out.append(line)
    return out, introductions


def _introduction_at(lines: Sequence[str], index: int) -> set[int]:
    """Return the lines with which quoted history begins, if it does so on this line; a device's signature is none."""
    if is_device_signature(lines[index]):
        return set()
    frames = frame_lines(lines, range(index, min(len(lines), index + 4)))
    return frames if index in frames else set()
