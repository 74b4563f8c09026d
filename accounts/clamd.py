"""A virus scanner that speaks the protocol of ClamAV's clamd: a file goes in by a stream, a verdict comes back.

CLAMD_URL names its socket, unix:///run/clamav/clamd.sock or tcp://127.0.0.1:3310; without it nothing is looked at, and
nothing says that it was. The scanner sees bytes, never whose they are or what they are called.
"""

import logging
import re
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

logger = logging.getLogger(__name__)

CONNECTING = 5.0  # seconds
LOOKING = 120.0  # seconds for one file, at most
PORT = 3310
PIECE = 64 * 1024  # bytes
LONGEST = 4096  # bytes of an answer
_FOUND = re.compile(r"stream: (\S{1,200}) FOUND")
# How clamd names a file it could not look into: a password, or more than it unpacks. That is not clean (SECURITY 14).
_NOT_LOOKED_INTO = ("Heuristics.Encrypted.", "Heuristics.Limits.")


class Finding(StrEnum):
    """What a scanner can say of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = "unknown"  # it could not look into it: a password, too large, damaged


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; of a virus its name, as its finders call it."""

    finding: Finding
    virus: str = ""


class ScannerDown(Exception):
    """The scanner does not answer; the file was not looked at."""


def is_set_up() -> bool:
    """Return whether files are looked at here at all."""
    return bool(settings.CLAMD_URL)


def is_up() -> bool:
    """Return whether the scanner answers now."""
    try:
        with _connected() as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except OSError:
        return False


def scan(pieces: Iterable[bytes]) -> Verdict:
    """Return what the scanner finds in a file; ScannerDown where it does not answer."""
    try:
        with _connected() as line:
            line.settimeout(LOOKING)
            _stream(line, pieces)
            return _verdict(_answer(line))
    except OSError as error:
        raise ScannerDown(type(error).__name__) from error


def _stream(line: socket.socket, pieces: Iterable[bytes]) -> None:
    """Send a file; where the scanner has heard enough it hangs up, and its answer says why."""
    try:
        line.sendall(b"zINSTREAM\0")
        for piece in _cut(pieces):
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass


def _cut(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces that are neither large nor empty: an empty one would end the stream."""
    for piece in pieces:
        for start in range(0, len(piece), PIECE):
            yield piece[start : start + PIECE]


def _answer(line: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < LONGEST:
        piece = line.recv(LONGEST)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(said: str) -> Verdict:
    if said == "stream: OK":
        return Verdict(Finding.CLEAN)
    if found := _FOUND.fullmatch(said):
        name = found[1].removesuffix(".UNOFFICIAL")
        return Verdict(Finding.UNKNOWN) if name.startswith(_NOT_LOOKED_INTO) else Verdict(Finding.INFECTED, name)
    if said.endswith("ERROR"):  # of this file alone: asking again would end the same way
        logger.warning("The virus scanner could not look into a file: %s", said[:200])
        return Verdict(Finding.UNKNOWN)
    raise ConnectionError("no answer that is understood")


@contextmanager
def _connected() -> Iterator[socket.socket]:
    url = urlsplit(settings.CLAMD_URL)
    if url.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with closing(line):
            line.settimeout(CONNECTING)
            line.connect(url.path)
            yield line
    else:
        with socket.create_connection((url.hostname or "", url.port or PORT), timeout=CONNECTING) as line:
            yield line
