"""Headers as lines: what Python's own folding gets wrong, done by hand.

It cuts a long Message-ID into encoded words, which no mail program reads as an id, and splits names with unusual
characters so that the address list can no longer be read.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from email.policy import EmailPolicy
from typing import Any
from urllib.parse import quote

WIDTH = 78
LONGEST = 300  # characters of one word or quoted name; a line may have 998 (RFC 5322, 2.1.1)
_IDS = frozenset({"message-id", "in-reply-to", "references"})
_PEOPLE = frozenset({"from", "to", "cc", "bcc"})
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_PLAIN_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,50}")
_PARAMETER_WIDTH = 48  # characters of one piece of a long parameter
_WORD_BYTES = 42  # 56 characters of base64; an encoded word has 75 at most (RFC 2047, 2)


class OutgoingPolicy(EmailPolicy):
    """Folds ids between ids, people between people, a subject between words, and a file name into numbered pieces."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Keep a subject as it was given: reading it here would decode what only looks like an encoded word."""
        if name.lower() == "subject":
            return name, str(value)
        return super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        """Return the header as lines, each with its line end."""
        if name.lower() in _IDS:
            return _lines(name, str(value).split())
        if name.lower() in _PEOPLE:
            return _lines(name, _people(value.addresses))
        if name.lower() == "subject":
            return _lines(name, _words(str(value)))
        if name.lower() == "content-disposition" and "filename" in value.params:
            return _lines(name, [f"{value.content_disposition};", *_file_name(value.params["filename"])])
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the header as it is sent."""
        return self.fold(name, value).encode("ascii")


def attached_as(name: str) -> str:
    """Return a Content-Disposition that Python reads back as exactly this name, whatever it holds."""
    return f"attachment; filename*=utf-8''{quote(name, safe='')}"


OUTGOING = OutgoingPolicy(linesep="\r\n", max_line_length=WIDTH)


def _lines(name: str, pieces: Iterable[str]) -> str:
    """Join the pieces by blanks and begin a new line where one would grow too long."""
    lines, line = [], f"{name}:"
    for piece in pieces:
        if len(line) + 1 + len(piece) > WIDTH and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {piece}"
    return "\r\n".join([*lines, line]) + "\r\n"


def _people(addresses: Iterable[Any]) -> Iterator[str]:
    people = list(addresses)
    for number, person in enumerate(people, 1):
        pieces = [*_phrase(person.display_name), f"<{person.addr_spec}>" if person.display_name else person.addr_spec]
        yield from pieces[:-1]
        yield pieces[-1] + ("," if number < len(people) else "")


def _phrase(name: str) -> list[str]:
    if not _is_plain(name):
        return list(_encoded(name))
    if _ATOMS.fullmatch(name):
        return name.split()
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return [quoted] if len(quoted) < LONGEST else list(_encoded(name))


def _words(text: str) -> list[str]:
    return text.split() if _is_plain(text) else list(_encoded(text))


def _is_plain(text: str) -> bool:
    """Whether it can stand as it is; what looks like an encoded word, or is one endless word, cannot."""
    longest = max(map(len, text.split()), default=0)
    return text.isascii() and text.isprintable() and "=?" not in text and longest < LONGEST


def _file_name(name: str) -> Iterator[str]:
    """The parameter as it is, or percent-encoded and cut into pieces that programs join again (RFC 2231, 3 and 4)."""
    if _PLAIN_FILE.fullmatch(name):
        yield f'filename="{name}"'
        return
    pieces = [""]
    for character in name:
        coded = quote(character, safe="")
        if len(pieces[-1]) + len(coded) > _PARAMETER_WIDTH:
            pieces.append("")
        pieces[-1] += coded
    if len(pieces) == 1:
        yield f"filename*=utf-8''{pieces[0]}"
        return
    for number, piece in enumerate(pieces):
        start = "utf-8''" if number == 0 else ""
        yield f"filename*{number}*={start}{piece}" + (";" if number < len(pieces) - 1 else "")


def _encoded(text: str) -> Iterator[str]:
    """Encoded words, cut between characters; blanks between two of them do not count."""
    chunk = b""
    for character in text:
        piece = character.encode("utf-8")
        if len(chunk) + len(piece) > _WORD_BYTES:
            yield f"=?utf-8?b?{base64.b64encode(chunk).decode()}?="
            chunk = b""
        chunk += piece
    if chunk:
        yield f"=?utf-8?b?{base64.b64encode(chunk).decode()}?="
