"""Which quoted lines surely repeat what a conversation already holds, and which somebody wrote in between.

Only letters and digits are compared: blanks, wraps, quote marks, case, signs and the addresses of links do not count.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize
from urllib.parse import unquote

from tickets.mail.quote_frames import frame_lines

KNOWN, FRAME, ADDED, UNKNOWN = "k", "f", "a", "u"
_LINK = re.compile(
    r"<?(?:https?://|www\.|mailto:|cid:)[^\s<>\"')\]]{1,2000}>?|\[(?:image|cid)[^\]\n]{0,200}\]", re.IGNORECASE
)
_SIGNS = re.compile(r"(?:[^\w\n]|_)+")
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_SHORT = 12  # letters; a line of fewer repeats something only together with its neighbours
_CHARS = 400_000  # letters that are remembered
_LINES = 2_000  # lines of one quotation that are compared
_WORK = 40_000_000  # letters that are searched through for one conversation
_LINKS = 400


@dataclass(slots=True)
class Comparison:
    """What each quoted line is; lines beyond the caps, and empty ones, are frame."""

    lines: list[str]
    kinds: list[str]
    is_whole: bool = True  # every line was compared

    @property
    def count(self) -> int:
        """Return how many quoted lines have text."""
        return sum(bool(line.strip("> \t")) for line in self.lines)

    @property
    def elsewhere(self) -> int:
        """Return how many of them say what the conversation does not hold."""
        return sum(kind in (ADDED, UNKNOWN) for kind in self.kinds)

    @property
    def known(self) -> int:
        """Return how many of them repeat what the conversation holds."""
        return sum(
            kind == KNOWN and bool(line.strip("> \t")) for line, kind in zip(self.lines, self.kinds, strict=True)
        )

    def added(self) -> str:
        """Return what somebody wrote between or into the quoted lines, without their marks."""
        text: list[str] = []
        for line, kind in zip(self.lines, self.kinds, strict=True):
            if kind == ADDED:
                text.append(line.strip().lstrip("> "))
            elif text and text[-1]:
                text.append("")
        return "\n".join(text).strip()


@dataclass(slots=True)
class KnownText:
    """The texts of a conversation so far."""

    letters: str = ""
    links: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)  # texts nobody has asked about yet
    work: int = _WORK
    last: str = ""  # the letters of the known line above
    place: int = 0  # behind what was found last: quotations go on where they were

    def add(self, text: str) -> None:
        """Remember one more text; it is read when something is compared with it, which most are never."""
        if text:
            self.unread.append(text)

    def _read(self) -> None:
        for text in self.unread:
            if len(self.letters) < _CHARS:
                self.letters += " " + "".join(_letters_of_lines(text[:_CHARS].split("\n")))
                if len(self.links) < _LINKS:
                    self.links.update(_addresses(text[:_CHARS]))
        self.unread.clear()

    def compare(self, quoted: Sequence[str], frames: Collection[int] = ()) -> Comparison:
        """Say of each quoted line what it is; a line is added only where most of what surrounds it is known.

        `frames` are lines of which it is clear already that no person wrote them.
        """
        self._read()
        lines = list(quoted)
        letters = _letters_of_lines(lines[:_LINES])
        kinds = [FRAME] * len(lines)
        whole = len(lines) <= _LINES
        self.last = ""
        for index, text in enumerate(letters):
            if not lines[index] or lines[index].isspace() or index in frames:
                continue
            if self.work <= 0:
                whole = False
                break
            if self._knows(letters, index, lines[index]):
                kinds[index] = KNOWN
                self.last = text or self.last
            else:
                kinds[index] = UNKNOWN
        for index in frame_lines(lines, [at for at, kind in enumerate(kinds) if kind == UNKNOWN]):
            kinds[index] = FRAME
        result = Comparison(lines, kinds, whole)
        if _is_recognised(kinds, letters):
            result.kinds = [ADDED if kind == UNKNOWN else kind for kind in kinds]
        return result

    def _knows(self, letters: Sequence[str], index: int, line: str) -> bool:
        text = letters[index]
        if not text:
            return self._knows_links(line)
        if _weight(text) >= _SHORT:
            return self._has(text)
        if self.last and self._has(self.last[-_SHORT:] + text):
            return True
        below = [one for one in letters[index + 1 : index + 8] if one][:3]
        return any(self._has(text + one[:_SHORT]) for one in below)

    def _has(self, text: str) -> bool:
        if self.letters.startswith(text, self.place):
            self.place += len(text)
            return True
        self.work -= len(self.letters)
        found = self.letters.find(text)
        if found >= 0:
            self.place = found + len(text)
        return found >= 0

    def _knows_links(self, line: str) -> bool:
        """Tell whether a line without words has only signs, or links that were sent, perhaps wrapped by a filter."""
        if "://" not in line and "www." not in line:
            return True
        return all(any(known in address for known in self.links) for address in _addresses(line))


def compare(quoted: Sequence[str], earlier: Iterable[str]) -> Comparison:
    """Say of quoted lines which of them repeat earlier texts of the conversation."""
    known = KnownText()
    for text in earlier:
        known.add(text)
    return known.compare(quoted)


def _letters_of_lines(lines: Sequence[str]) -> list[str]:
    """Return the letters and digits of each line in one form, without the addresses of its links."""
    text = "\n".join(line.replace("\n", " ") for line in lines)
    if "://" in text or "www." in text or "cid:" in text or "[image" in text or "mailto:" in text:
        text = _LINK.sub("", text)
    if not text.isascii():
        text = normalize("NFKC", text)
    return _SIGNS.sub("", text.casefold()).split("\n") if lines else []


def _weight(text: str) -> int:
    """Return how much letters say: one that is a word or half a word counts as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_IDEOGRAPHS.findall(text))


def _addresses(text: str) -> set[str]:
    """Return the links of a text without what programs change about them."""
    found = {unquote(link.strip("<>")).casefold().partition("://")[2].rstrip("/.,") for link in _LINK.findall(text)}
    return {address for address in found if len(address) > 3}


def _is_recognised(kinds: Sequence[str], letters: Sequence[str]) -> bool:
    """Tell whether enough of a quotation is known to be sure that the rest was written into it."""
    known = sum(_weight(text) for text, kind in zip(letters, kinds, strict=False) if kind == KNOWN)
    other = sum(_weight(text) for text, kind in zip(letters, kinds, strict=False) if kind == UNKNOWN)
    return known >= 30 and known >= other
