"""The lines of a quotation that programs write around it: introductions, headers, titles, rules, device signatures."""

import re
from collections.abc import Iterable, Sequence
from typing import overload

from tickets.mail import quote_words as words
from tickets.mail.device_words import REPLY_ABOVE, is_device_signature
from tickets.mail.quote_headers import header_block
from tickets.mail.quote_introductions import LONGEST, ends_introduction, introduction_start, strength
from tickets.mail.quote_marks import without_marks_of

_RULE = re.compile(r"[\s\-_=—–~*.]{2,}$")
_WARNING = re.compile(
    r"(?:originated|was sent|came|is) (?:from )?(?:an? )?(?:outside|external)|external (?:e-?mail|sender|message)|"
    r"ce (?:message|courriel) provient de l.ext|externe e-?mail|correo externo|messaggio esterno",
    re.IGNORECASE,
)
_TRIES = 200


def frame_lines(quoted: Sequence[str], among: Iterable[int]) -> set[int]:
    """Return, of some lines of a quotation, the indexes of those that no person wrote."""
    lines = _Unmarked(quoted)
    frames: set[int] = set()
    tries = _TRIES
    for index in among:
        line = lines[index]
        if index in frames or len(line) > LONGEST or not tries:
            continue
        if ends_introduction(line):
            tries -= 1
            frames.update(_introduction(lines, index))
        if index not in frames and (":" in line[:40] or "：" in line[:40]):
            tries -= 1
            frames.update(range(index, header_block(lines, index, 2)))
        if index not in frames and is_frame(line):
            frames.add(index)
    return frames


class _Unmarked(Sequence[str]):
    """Lines without their quote marks, which are taken off when a line is asked for."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        return without_marks_of(self.lines[at]) if isinstance(at, slice) else without_marks_of([self.lines[at]])[0]


def is_frame(line: str) -> bool:
    """Tell whether a line by itself is one that no person wrote."""
    text = line.strip()
    if len(text) > 300:
        return False
    if _RULE.match(text) or words.is_original_title(text) or words.is_unframed_title(text) or REPLY_ABOVE.match(text):
        return True
    return words.is_forward_title(text) or is_device_signature(text) or bool(_WARNING.search(text))


def _introduction(lines: Sequence[str], index: int) -> range:
    """Return the lines of the introduction that ends on this line."""
    floor = index
    while floor > 0 and index - floor < 5 and lines[floor - 1].strip():
        floor -= 1
    start = introduction_start(lines, index, floor)
    if start is None or strength(" ".join(line.strip() for line in lines[start : index + 1])) < 2:
        return range(0)
    return range(start, index + 1)
