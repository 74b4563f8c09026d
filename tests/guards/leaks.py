"""Search bytes for words that must not be there: as they are, and inside hex, base64 and compressed streams."""

import binascii
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

DEPTH = 4  # a session is base64 of zlib; a dump shows bytes as hex; so a leak may lie under several layers
LARGEST = 64 * 1024 * 1024  # of one inflated stream

_HEX = re.compile(rb"[0-9A-Fa-f]{24,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{20,}(?:\r?\n[A-Za-z0-9+/_-]+)*")
_STREAMS = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_URL_ALPHABET = bytes.maketrans(b"-_", b"+/")
_BREAKS = (b"=\r\n", b"=\n", b"\r\n ", b"\r\n\t", b"\n ", b"\n\t", b"\r\n", b"\n")
_CODES = ("utf-8", "utf-16-le", "utf-16-be")


@dataclass(frozen=True)
class Leak:
    """A word that was found: where, and under which layers."""

    word: str
    where: str
    layers: str


@dataclass
class Scanner:
    """Looks for words in anything it is shown and remembers every leak, without regard to case."""

    words: dict[str, str]  # what it is called -> the word
    leaks: set[Leak] = field(default_factory=set)
    scanned: int = 0
    places: int = 0

    def __post_init__(self) -> None:
        """Prepare the forms in which a word can lie in bytes."""
        self._forms = {name: tuple(word.lower().encode(code) for code in _CODES) for name, word in self.words.items()}
        # What all words begin with: most bytes have none of it, and need no closer look.
        beginning = os.path.commonprefix([word.lower() for word in self.words.values()])  # noqa: RUF071 - letters
        self._beginnings = tuple(beginning.encode(code) for code in _CODES)

    def scan(self, where: str, data: bytes) -> None:
        """Search one place, through every layer."""
        self.scanned += len(data)
        self.places += 1
        for layers, content in opened(data):
            self._look(where, layers, content)

    def _look(self, where: str, layers: str, content: bytes) -> None:
        lowered = content.lower()
        joined = lowered
        for folded in _BREAKS:
            joined = joined.replace(folded, b"")
        seen = [text for text in (lowered, joined) if any(beginning in text for beginning in self._beginnings)]
        for name, forms in self._forms.items() if seen else ():
            if any(form in text for text in seen for form in forms):
                self.leaks.add(Leak(name, where, layers))

    def report(self) -> str:
        """Return one line a leak, without the rest of what lay there."""
        found = sorted(f"{leak.word} in {leak.where} ({leak.layers})" for leak in self.leaks)
        return f"{len(found)} leaks in {self.places} places, {self.scanned} bytes:\n" + "\n".join(found)


def opened(data: bytes, layers: str = "as it is", depth: int = DEPTH) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes, and whatever they hold in hex, base64 or compressed, layer under layer."""
    yield layers, data
    if depth == 0:
        return
    for name, inner in _inside(data):
        if len(inner) >= 8:
            yield from opened(inner, name if layers == "as it is" else f"{layers} > {name}", depth - 1)


def _inside(data: bytes) -> Iterator[tuple[str, bytes]]:
    yield from (("compressed", inner) for inner in _inflated(data))
    yield from (("hex", inner) for inner in _unhexed(data))
    yield from (("base64", inner) for inner in _unbased(data))


def _inflated(data: bytes) -> Iterable[bytes]:
    view = memoryview(data)
    for match in _STREAMS.finditer(data):
        stream = zlib.decompressobj(31 if data[match.start()] == 0x1F else 15)
        try:
            yield stream.decompress(view[match.start() :], LARGEST)
        except zlib.error:
            yield _partly(view[match.start() :], gzip=data[match.start()] == 0x1F)


def _partly(view: memoryview, *, gzip: bool) -> bytes:
    """Return what comes out of a stream that breaks off, byte by byte before the fault."""
    stream, out = zlib.decompressobj(31 if gzip else 15), bytearray()
    try:
        for at in range(0, min(len(view), 4 * 1024 * 1024), 64):
            out += stream.decompress(view[at : at + 64])
    except zlib.error:
        pass  # the fault ends it; what came before is what we want
    return bytes(out)


def _unhexed(data: bytes) -> Iterable[bytes]:
    for match in _HEX.finditer(data):
        run = match.group()
        for start in (0, 1):
            even = run[start : start + (len(run) - start) // 2 * 2]
            yield binascii.unhexlify(even)


def _unbased(data: bytes) -> Iterable[bytes]:
    for match in _BASE64.finditer(data):
        run = re.sub(rb"\s", b"", match.group()).translate(_URL_ALPHABET)
        for start in range(4):
            length = (len(run) - start) // 4 * 4
            # A run cut to two or three letters at its end still says a byte or two.
            rest = (run[start + length :] + b"==")[:4] if len(run) - start - length > 1 else b""
            rest = rest.ljust(4, b"=") if rest else b""
            yield binascii.a2b_base64(run[start : start + length] + rest)
