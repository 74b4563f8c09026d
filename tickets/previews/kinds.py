"""Which files can be looked at in the page, by what they are and not by what they say they are."""

from tickets.inline import SHOWN
from tickets.mail.kinds import extension_of, runs

MAX_PICTURE = 10 * 1024 * 1024  # bytes that go to a browser to be drawn
MAX_THUMB = 2 * 1024 * 1024  # and those drawn small beside a mail
MAX_PIXELS = 50_000_000  # a small file may claim to be a picture of any size
MAX_PDF = 25 * 1024 * 1024
TEXT = frozenset({"", "xml"})
_BINARY = frozenset(
    ["mp3", "mp4", "mov", "avi", "wav", "ogg", "webm", "mkv", "db", "sqlite", "dat", "bin", "p7s", "p7m", "tar", "psd"]
)


def preview_of(name: str, kind: str | None, size: int) -> str:
    """Return how a file can be shown: "picture", "pdf", "text", or nothing. `kind` is None where nobody looked."""
    if kind is None or not size or runs(name, kind):
        return ""
    if kind in SHOWN:
        return "picture" if size <= MAX_PICTURE else ""
    if kind == "pdf":
        return "pdf" if size <= MAX_PDF else ""
    return "text" if kind in TEXT and extension_of(name) not in _BINARY else ""
