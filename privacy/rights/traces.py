"""What a person leaves in words: addresses, names, repeated lines; found in a text, and blacked out in it.

A whole address or a whole name is surely the person. A part of a name only may be: a human being decides about that.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

MARK = "█████"
SHORT = 12  # letters; a line of fewer repeats nobody
LEAST_PART = 3  # letters of a part of a name that is looked for
AROUND = 90  # characters shown on each side of what may be a name
_QUOTE = re.compile(r"^[\s>|]*")
_LETTERS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Traces:
    """The words by which a person is known, made ready to be looked for."""

    addresses: tuple[str, ...]
    names: tuple[str, ...] = ()
    lines: frozenset[bytes] = field(default=frozenset(), repr=False)  # what the person wrote, line by line
    sure: re.Pattern[str] | None = field(init=False, default=None, repr=False, compare=False)
    weak: re.Pattern[str] | None = field(init=False, default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the two expressions once."""
        whole = [name for name in self.names if len(name.split()) > 1]
        sure = [_address(one) for one in self.addresses] + [form for name in whole for form in _forms(name)]
        parts = {part for name in self.names for part in _LETTERS.findall(name) if len(part) >= LEAST_PART}
        object.__setattr__(self, "sure", _either(sure))
        object.__setattr__(self, "weak", _either(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sorted(parts)))

    def with_lines(self, texts: Iterable[str]) -> "Traces":
        """Return them with what the person wrote, so that copies of it are known again."""
        return Traces(self.addresses, self.names, frozenset(line for text in texts for line in line_digests(text)))

    def is_surely_in(self, text: str) -> bool:
        """Return whether a whole address or name of the person stands in the text."""
        return bool(self.sure and text and self.sure.search(fold(text)))

    def is_quoted_in(self, text: str) -> bool:
        """Return whether a line in it repeats what the person wrote."""
        return bool(self.lines and text) and any(digest in self.lines for digest in line_digests(text))

    def perhaps_in(self, text: str) -> str:
        """Return the words around what may name the person; nothing where only sure traces, or none, are there."""
        if not (self.weak and text):
            return ""
        bare = fold(text)
        taken = [found.span() for found in self.sure.finditer(bare)] if self.sure else []
        for found in self.weak.finditer(bare):
            if not any(start <= found.start() < end for start, end in taken):
                return " ".join(text[max(found.start() - AROUND, 0) : found.end() + AROUND].split())
        return ""

    def black_out(self, text: str, *, parts: bool = False) -> str:
        """Return the text without addresses, names and repeated lines of the person; `parts`: of names too."""
        kept = "\n".join(_without(text.split("\n"), self.lines)) if self.lines else text
        for pattern in (self.sure, self.weak if parts else None):
            kept = _cut(kept, pattern) if pattern else kept
        return kept

    def is_person(self, address: str, name: str = "") -> bool:
        """Return whether an address of a header is the person's, or a whole name without one."""
        if address:
            return fold(address.strip()) in {fold(one) for one in self.addresses}
        return bool(name) and self.is_surely_in(name)


def line_digests(text: str) -> Iterator[bytes]:
    """Yield what each line says, as a digest: without quote marks, blanks, signs and case; short lines say nothing."""
    for line in text.split("\n"):
        plain = "".join(_LETTERS.findall(fold(line)))
        if len(plain) >= SHORT:
            yield blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def fold(text: str) -> str:
    """Return the text without case and accents' forms, each character where it was, so that places stay comparable."""
    return "".join(_folded(character) for character in text) if not text.isascii() else text.lower()


def _folded(character: str) -> str:
    lower = unicodedata.normalize("NFKC", character).lower()
    return lower if len(lower) == 1 else character


def _address(address: str) -> str:
    local, _at, domain = fold(address.strip()).rpartition("@")
    tag = r"(?:\+[\w.+-]{1,64})?" if "+" not in local else ""  # mail to a tagged address is the person's too
    return rf"(?<![\w.+-]){re.escape(local)}{tag}(?:@|%40){re.escape(domain)}(?![\w-])"


def _forms(name: str) -> Iterator[str]:
    words = [re.escape(fold(word)) for word in name.split()]
    yield r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)"
    yield rf"(?<!\w){words[-1]},\s*" + r"\s+".join(words[:-1]) + r"(?!\w)"


def _either(patterns: Iterable[str]) -> re.Pattern[str] | None:
    found = [one for one in patterns if one]
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _cut(text: str, pattern: re.Pattern[str]) -> str:
    pieces, end = [], 0
    for found in pattern.finditer(fold(text)):
        pieces += [text[end : found.start()], MARK]
        end = found.end()
    return "".join([*pieces, text[end:]])


def _without(lines: Collection[str], known: frozenset[bytes]) -> Iterator[str]:
    """Yield the lines, one mark for each run of those that repeat the person."""
    is_out = False
    for line in lines:
        repeats = any(digest in known for digest in line_digests(line))
        if repeats and not is_out:
            yield f"{_QUOTE.match(line)[0]}{MARK}"  # type: ignore[index]
        if not repeats:
            yield line
        is_out = repeats or (is_out and not line.strip("> \t"))
