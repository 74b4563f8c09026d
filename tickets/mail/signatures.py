"""Which of the new lines are a signature: below two dashes, a card below a rule, or what telephones add."""

import re
from collections.abc import Iterator, Sequence

from tickets.mail.device_words import is_device_signature

_DELIMITER = re.compile(r"(?:--|—|–|- -|-- \s*)\s{0,3}$")
_RULE = re.compile(r"\s{0,3}(?:__+|[-=—–~*]{3,})\s{0,3}$")
_HEADING_RULE = re.compile(r"\s{0,3}[-=~]{3,}\s{0,3}$")
_CONTACT = re.compile(r"https?://|\bwww\.|\S@\S|(?<!\d)\+?\d[\d\s()/.-]{6,18}\d(?!\d)")
_LINK = re.compile(r"https?://\S{1,300}")
_ENDS = (".", "!", "?", "。", "！", "？")
_STOPS = (*_ENDS, ":", ";", ",")
_REACH = 60  # lines below that are looked at, empty ones too
_WORD = re.compile(r"[^\W\d_]+")
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def signature_lines(lines: Sequence[str], is_new: Sequence[bool], *, is_forward: bool) -> Iterator[tuple[int, int]]:
    """Yield the stretches of new lines (start, end) that are a signature; the first new line never is one."""
    reader = _Signatures(lines, is_new, is_forward)
    index = 0
    while index < len(lines):
        end = reader.end_of(index) if is_new[index] and lines[index].strip() else index
        if end > index:
            yield index, end
        index = max(end, index + 1)


class _Signatures:
    """Looks at one new line after another."""

    def __init__(self, lines: Sequence[str], is_new: Sequence[bool], is_forward: bool) -> None:
        self.lines, self.is_new, self.is_forward = lines, is_new, is_forward
        self.has_text = False
        self.listing = 0  # a long part after two dashes is a list, and so are the dashes at its end
        self.devices: dict[int, bool] = {}

    def end_of(self, index: int) -> int:
        """Return where the signature that begins on this line ends; the line itself when none does."""
        if self.has_text and not self.is_forward:
            end = self._below_dashes(index) or self._below_rule(index)
            if end:
                return end
        if (self.has_text or not all(self.is_new)) and self._is_device(index) and self._few_follow(index):
            return index + 1
        self.has_text = True
        return index

    def _below_dashes(self, index: int) -> int:
        if index < self.listing or not _DELIMITER.match(self.lines[index]) or self._parts_thoughts(index):
            return 0
        end = index
        while end < len(self.lines) and self.is_new[end]:
            end += 1
        size = sum(bool(one.strip()) for one in self.lines[index + 1 : end])
        if size <= (25 if self.lines[index].startswith("-- ") else 12):
            return end
        self.listing = end
        return 0

    def _parts_thoughts(self, index: int) -> bool:
        """Tell whether a line is a long dash as people set it between two thoughts: sentences follow."""
        if self.lines[index].strip() not in ("—", "–"):
            return False
        below = range(index + 1, min(len(self.lines), index + _REACH))
        return any(self.is_new[line] and _is_sentence(self.lines[line].strip()) for line in below)

    def _below_rule(self, rule: int) -> int:
        """Return where a card of name and contact below a rule ends, or 0 when what follows is no card."""
        if not _RULE.match(self.lines[rule]):
            return 0
        end = rule + 1
        card: list[str] = []
        while end < len(self.lines) and self.is_new[end]:
            text = self.lines[end].strip()
            if text and not _RULE.match(text) and not self._is_device(end):
                card.append(text)
            end += 1
            if len(card) > 12 or end - rule > _REACH:
                return 0
        return end if _is_card(card, under_heading=self._is_underline(rule)) else 0

    def _is_underline(self, rule: int) -> bool:
        """Tell whether a rule stands under a heading, as people draw tables."""
        above = self.lines[rule - 1].strip() if rule else ""
        return bool(above) and not above.endswith(_STOPS) and bool(_HEADING_RULE.match(self.lines[rule]))

    def _is_device(self, index: int) -> bool:
        if index not in self.devices:
            self.devices[index] = len(self.lines[index]) < 400 and is_device_signature(self.lines[index])
        return self.devices[index]

    def _few_follow(self, index: int) -> bool:
        """Tell whether hardly anything of the writer's own stands below in the same stretch."""
        own = 0
        for below in range(index + 1, len(self.lines)):
            if not self.is_new[below] or own > 4:
                break
            if below - index > _REACH:
                return False
            own += bool(self.lines[below].strip()) and not self._is_device(below)
        return own <= 4


def _is_card(lines: Sequence[str], *, under_heading: bool) -> bool:
    """Tell whether lines are somebody's name and addresses, and not running text or a table."""
    if under_heading or not lines or any(_reads_on(text) for text in lines):
        return False
    if any(_CONTACT.search(text) for text in lines):
        return True
    return len(lines) <= 4 and all(_is_name_like(text) for text in lines)


def _reads_on(text: str) -> bool:
    """Tell whether a line is part of running text."""
    if len(text) > 110 or (len(_IDEOGRAPHS.findall(text)) > 14):
        return True
    count = len(_WORD.findall(_LINK.sub("", text)))
    return count > (12 if _CONTACT.search(text) else 8) or (count > 6 and text.endswith(_ENDS))


def _is_sentence(text: str) -> bool:
    return text.endswith(_ENDS) and len(_WORD.findall(text)) > 3


def _is_name_like(text: str) -> bool:
    return len(_WORD.findall(text)) <= 5 and not text.endswith(_STOPS)
