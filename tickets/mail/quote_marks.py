"""Lines that begin with quote marks (`> `), and what only looks like them."""

import re
from collections.abc import Sequence

from tickets.mail import quote_words as words

_MARKER = re.compile(r"\s{0,3}>")
_INDENTED = re.compile(r"\s{4,12}>+\s")
_MARKS = re.compile(r"\s{0,12}(?:>\s?){1,20}")
_CLOSING = re.compile(r"\s{0,3}>\s{0,2}([^\s:：]{2,24}(?:\s[^\s:：]{2,24}){0,2})?\s{0,2}[:：]\s{0,3}$")


def is_marked(lines: Sequence[str], index: int) -> bool:
    """Tell whether a line carries a quote mark."""
    line = lines[index]
    if _MARKER.match(line):
        return not line.rstrip().endswith("<<")  # >>> decoration <<<
    if not _INDENTED.match(line):
        return False
    return any(0 <= near < len(lines) and _INDENTED.match(lines[near]) for near in (index - 1, index + 1))


def run_end(lines: Sequence[str], start: int) -> int:
    """Return where the quoted lines that begin at `start` end, with lines that a wrap cut off from them."""
    end = start + 1
    while end < len(lines) and (is_marked(lines, end) or _is_cut_off(lines, end)):
        end += 1
    return end


def _is_cut_off(lines: Sequence[str], index: int) -> bool:
    """Tell whether a line without a mark is surely the rest of the quoted line above it, lost by a wrap."""
    above, line = lines[index - 1].rstrip(), lines[index].strip()
    if not line or len(line) > 200 or not is_marked(lines, index - 1):
        return False
    opened = max(above.rfind("(http"), above.rfind("<http"))
    if opened >= 0 and not above[opened:].endswith((")", ">")) and " " not in line.rstrip(") >"):
        return True
    sandwiched = index + 1 < len(lines) and is_marked(lines, index + 1)
    if not sandwiched:
        return False
    if line[0] in "(<" and "http" in line[:6] and " " not in line.rstrip(") >"):
        return True
    return len(above) > 60 and above.endswith(",") and line[:1].islower() and len(line) < len(above)


def without_marks_of(lines: Sequence[str]) -> list[str]:
    """Return lines without their quote marks."""
    return [_MARKS.sub("", line, count=1) for line in lines]


def closes_introduction(above: str, line: str) -> bool:
    """Tell whether the mark that begins a line only closes the address that the line above opened."""
    if above.rfind("<") <= above.rfind(">") and not above.lstrip().lower().startswith("mailto:"):
        return False
    found = _CLOSING.match(line)
    return found is not None and (not found[1] or bool(words.WROTE.search(found[1])))


def is_prompt(lines: Sequence[str]) -> bool:
    """Tell whether marked lines are what a Python prompt shows."""
    return all(line.startswith((">>> ", ">>>")) and not line.startswith(">>>>") for line in lines)
