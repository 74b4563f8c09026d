"""Outlook's third form of a text: compressed RTF in a winmail.dat, as plain text or as the HTML that it hides."""

import re
import struct

from tickets.mail.charsets import decode

LONGEST = 2 * 1024 * 1024  # bytes of RTF that are read
_COMPRESSED, _AS_IT_IS = 0x75465A4C, 0x414C454D
# What every stream may refer back to before it has said anything (MS-OXRTFCP, 2.1.2.1).
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_CODEPAGE = re.compile(rb"\\ansicpg([0-9]{3,5})")
_UNSEEN = frozenset(
    [
        b"fonttbl",
        b"colortbl",
        b"stylesheet",
        b"info",
        b"pict",
        b"object",
        b"header",
        b"footer",
        b"footnote",
        b"themedata",
    ]
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–",
    b"emdash": "—",
}  # fmt: skip


def decompress(data: bytes) -> bytes:
    """Return the RTF of a compressed stream (MS-OXRTFCP), as far as it can be read."""
    if len(data) < 16:
        return b""
    size, kind = struct.unpack_from("<II", data, 4)
    size = min(size, LONGEST)
    if kind == _AS_IT_IS:
        return data[16 : 16 + size]
    return _unfold(data, size) if kind == _COMPRESSED else b""


def _unfold(data: bytes, size: int) -> bytes:
    """Undo the compression: each flag says that a byte follows, or where in the last 4096 some stand already."""
    window = bytearray(_DICTIONARY)  # all that was said; a reference counts from its start, modulo 4096
    position = 16
    start = len(_DICTIONARY)
    while position < len(data) and len(window) - start < size:
        flags = data[position]
        position += 1
        for bit in range(8):
            if not flags >> bit & 1:
                window += data[position : position + 1]
                position += 1
                continue
            pair = int.from_bytes(data[position : position + 2], "big")
            position += 2
            back = (len(window) - (pair >> 4)) % 4096
            if back == 0 or position > len(data):  # a reference to here ends the stream
                return bytes(window[start : start + size])
            for _ in range((pair & 15) + 2):
                window.append(window[len(window) - back] if back <= len(window) else 0)
    return bytes(window[start : start + size])


def read_rtf(rtf: bytes) -> tuple[str, str]:
    """Return (text, HTML) of RTF: the HTML that it was made of if it carries that, else the text a reader sees."""
    found = _CODEPAGE.search(rtf[:2000])
    reader = _Reader(f"cp{found[1].decode()}" if found else "cp1252", html=b"\\fromhtml" in rtf[:2000])
    for token in _TOKEN.finditer(rtf[:LONGEST]):
        reader.take(token)
    reader.flush()
    written = "".join(reader.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()
    return ("", written) if reader.html else (written, "")


class _Reader:
    """Writes what is seen; groups that are not, and words that only say how it looks, leave nothing."""

    def __init__(self, charset: str, *, html: bool) -> None:
        self.charset = charset
        self.html = html
        self.out: list[str] = []
        self.bytes = bytearray()  # letters of one charset, which may take several bytes
        self.groups: list[tuple[bool, int]] = []
        self.unseen = False
        self.stand_ins = 1  # how many letters follow \u for old programs
        self.skip = 0
        self.starred = False

    def take(self, token: re.Match[bytes]) -> None:
        """Read one token."""
        word, number, code, sign, brace, letters = token.groups()
        if brace:
            self._group(brace)
        elif word is not None:
            self._word(word, int(number) if number else None)
        elif code is not None or sign is not None or letters is not None:
            self._letters(bytes.fromhex(code.decode()) if code else letters or self._sign(sign))

    def flush(self) -> None:
        """Write the letters that wait."""
        if self.bytes:
            self.out.append(decode(bytes(self.bytes), self.charset))
            self.bytes.clear()

    def _group(self, brace: bytes) -> None:
        self.skip = 0
        if brace == b"{":
            if len(self.groups) < 500:
                self.groups.append((self.unseen, self.stand_ins))
        elif self.groups:
            self.unseen, self.stand_ins = self.groups.pop()
        self.starred = False

    def _sign(self, sign: bytes) -> bytes:
        if sign == b"*":
            self.starred = True
        return {b"~": b"\xa0", b"_": b"-"}.get(sign, sign if sign in (b"\\", b"{", b"}") else b"")

    def _letters(self, letters: bytes) -> None:
        skipped = min(self.skip, len(letters))
        self.skip -= skipped
        if not self.unseen:
            self.bytes += letters[skipped:]

    def _word(self, word: bytes, number: int | None) -> None:
        if word == b"htmltag":
            self.unseen = False
        elif word == b"htmlrtf" and self.html:
            self.unseen = number != 0
        elif word in _UNSEEN or self.starred:
            self.unseen = True
        elif word == b"uc":
            self.stand_ins = min(max(number or 0, 0), 10)
        elif not self.unseen and word in _SIGNS:
            self._write(_SIGNS[word])
        elif not self.unseen and word == b"u" and number is not None:
            self._write(chr(number % 0x10000))
            self.skip = self.stand_ins
        self.starred = False

    def _write(self, text: str) -> None:
        self.flush()
        self.out.append(text)
