"""The header lines that mail programs copy above what they quote: From, Sent, To, Subject, in any language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tickets.mail.quote_labels import LABELS
from tickets.mail.quote_words import DATE

_LABEL = re.compile(r"[\s*_|]{0,6}([^\W\d_][^:：\n]{0,28}?)[\s*_]{0,3}[:：]")
_INNER = re.compile(r"(?:(?<=\s)|(?<=\*))\*{0,2}([^\W\d_]{2,14})\*{0,2} ?[:：]")
_WIDE = {0x3000: None, 0xA0: 0x20}
_TECHNICAL = re.compile(
    r"(?:message-id|received|return-path|mime-version|content-type|delivered-to|in-reply-to|references|dkim-signature|"
    r"x-[\w-]{2,40}):\s",
    re.IGNORECASE,
)
_REACH = 16  # lines that a block may have


def label_of(line: str) -> str | None:
    """Return what a line's label means (from, sent, date, to, cc, subject, reply), or None when it has none."""
    found = _LABEL.match(line)
    if not found:
        return None
    word = found[1]
    if not word.isascii():
        word = word.translate(_WIDE)
    return LABELS.get(word.strip(" *_").lower())


@dataclass(slots=True)
class _Block:
    """What the lines of a block say so far."""

    seen: set[str] = field(default_factory=set)
    says_sent: bool = False  # not only some date
    has_address: bool = False
    has_date: bool = False

    def add(self, line: str, label: str) -> None:
        """Take in a line that begins with a label; some programs write several labels in one line."""
        self.has_address = self.has_address or "@" in line
        for kind in (label, *(LABELS.get(word.lower()) for word in _INNER.findall(line[:400]))):
            if kind in ("sent", "date"):
                self.says_sent = self.says_sent or kind == "sent"
                self.has_date = self.has_date or bool(DATE.search(line))
                self.seen.add("date")
            elif kind:
                self.seen.add(kind)

    def is_header(self, wanted: int) -> bool:
        """Tell whether this much is the header of a mail, when `wanted` labels make one."""
        if "from" in self.seen and len(self.seen) >= wanted:
            return wanted < 3 or self.has_address or {"subject", "date"} <= self.seen
        if not (self.has_address and self.has_date):
            return False
        return self.says_sent if "from" in self.seen else "to" in self.seen


def header_block(lines: Sequence[str], start: int, wanted: int) -> int:
    """Return where a block of header lines that begins at `start` ends, or 0 when none does."""
    if start >= len(lines) or label_of(lines[start]) is None or _is_evidence(lines, start):
        return 0
    block = _Block()
    end, stray = start, 0
    for index in range(start, min(len(lines), start + _REACH)):
        line = lines[index]
        if not line.strip():
            goes_on = index + 1 < len(lines) and label_of(lines[index + 1]) is not None
            if index - end > 1 or (block.is_header(3) and not goes_on):
                break
            continue
        label = label_of(line)
        if label:
            block.add(line, label)
            end, stray = index + 1, 0
            continue
        stray += 1
        block.has_address = block.has_address or "@" in line
        if stray > 3 or len(line) > 400:
            break
    return end if block.is_header(wanted) else 0


def _is_evidence(lines: Sequence[str], start: int) -> bool:
    """Tell whether technical header lines stand right above: somebody shows headers, no mail program does."""
    for index in range(start - 1, max(-1, start - 9), -1):
        if not lines[index].strip():
            return False
        if _TECHNICAL.match(lines[index].strip()):
            return True
    return False
