"""What a path holds: one mail, an mbox file, a Maildir, or a folder of any of them; in the order of its names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tickets.archives.mbox import BEGINS, TooLarge, mails_in
from tickets.mail.limits import MAIL_BYTES

SINGLE = frozenset({".eml"})
MBOX = frozenset({".mbox", ".mbx"})
_FIELD = re.compile(rb"\s{0,20}(?:>?From |[A-Za-z][A-Za-z0-9-]{0,60}:)")
_OF_MAIL = re.compile(
    rb"^(?:From|To|Subject|Date|Received|Return-Path|Delivered-To|Message-ID|MIME-Version):",
    re.IGNORECASE | re.MULTILINE,
)
_FLAGS = re.compile(r"[:;!]2,([A-Za-z]*)$")  # of a Maildir file; some systems allow no colon in names
_EXPUNGED = re.compile(rb"^X-Mozilla-Status:\s*([0-9a-f]{4})\s*$", re.IGNORECASE | re.MULTILINE)
TOO_LARGE = f"It is larger than {MAIL_BYTES // 1024 // 1024} MB."
DELETED = "It is marked as deleted."
DRAFT = "It is a draft."


@dataclass(frozen=True)
class Source:
    """A mail in a file, or why there is none."""

    id: str  # the path as it was given; of a mail in an mbox file with # and its number
    raw: bytes = field(default=b"", repr=False)
    line: bytes = field(default=b"", repr=False)  # what stood before it in its mbox file
    error: str = ""


def sources(paths: Iterable[str]) -> Iterator[Source]:
    """Yield the mails at these paths one by one; what cannot be read yields its error and stops nothing."""
    for path in paths:
        try:
            yield from _at(Path(path), path, explicit=True)
        except OSError as error:
            yield Source(path, error=_why(error))


def _at(path: Path, name: str, *, explicit: bool) -> Iterator[Source]:
    if path.is_dir():
        yield from _maildir(path, name) if _is_maildir(path) else _folder(path, name)
    elif _is_mbox(path):
        yield from _mbox(path, name)
    elif explicit or path.suffix.lower() in SINGLE or _looks_like_mail(path):
        yield _single(path, name)


def _folder(path: Path, name: str) -> Iterator[Source]:
    """Everything in a folder that looks like mail; other files, and hidden ones, are none of it."""
    for inner in sorted(path.iterdir(), key=lambda one: one.name):
        if not inner.name.startswith(".") and not (inner.is_symlink() and inner.is_dir()):
            yield from _guarded(inner, f"{name.rstrip('/')}/{inner.name}")


def _maildir(path: Path, name: str) -> Iterator[Source]:
    """The mails in `cur` and `new` by name, which begins with the time of delivery; then its folders (Maildir++)."""
    mails = [inner for part in ("cur", "new") for inner in (path / part).iterdir()]
    for inner in sorted(mails, key=lambda one: one.name):
        if inner.is_file() and not inner.name.startswith("."):
            yield _in_maildir(inner, f"{name.rstrip('/')}/{inner.parent.name}/{inner.name}")
    for inner in sorted(path.iterdir(), key=lambda one: one.name):
        if inner.is_dir() and inner.name not in ("cur", "new", "tmp") and _is_maildir(inner):
            yield from _maildir(inner, f"{name.rstrip('/')}/{inner.name}")


def _in_maildir(path: Path, name: str) -> Source:
    found = _FLAGS.search(path.name)
    flags = found[1] if found else ""
    if "T" in flags:
        return Source(name, error=DELETED)
    return Source(name, error=DRAFT) if "D" in flags else _single(path, name)


def _single(path: Path, name: str) -> Source:
    try:
        if path.stat().st_size > MAIL_BYTES:
            return Source(name, error=TOO_LARGE)
        return _checked(Source(name, path.read_bytes()))
    except OSError as error:
        return Source(name, error=_why(error))


def _mbox(path: Path, name: str) -> Iterator[Source]:
    with path.open("rb") as file:
        for number, found in enumerate(mails_in(file, limit=MAIL_BYTES), 1):
            one = f"{name}#{number}"
            if isinstance(found, TooLarge):
                yield Source(one, error=TOO_LARGE)
            else:
                yield _checked(Source(one, found[1], found[0]))


def _checked(source: Source) -> Source:
    """A mail that its owner deleted stays in the file until that is compacted; nobody wants it back."""
    found = _EXPUNGED.search(source.raw, 0, 2000)
    return Source(source.id, error=DELETED) if found and int(found[1], 16) & 8 else source


def _guarded(path: Path, name: str) -> Iterator[Source]:
    try:
        yield from _at(path, name, explicit=False)
    except OSError as error:
        yield Source(name, error=_why(error))


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _is_mbox(path: Path) -> bool:
    if path.suffix.lower() in SINGLE | MBOX:
        return path.suffix.lower() in MBOX
    with path.open("rb") as file:
        beginning = file.read(4096).lstrip(b"\r\n")
    return beginning.startswith(BEGINS)


def _looks_like_mail(path: Path) -> bool:
    with path.open("rb") as file:
        beginning = file.read(4096)
    return bool(_FIELD.match(beginning) and _OF_MAIL.search(beginning))


def _why(error: OSError) -> str:
    return f"The file could not be read: {error.strerror or type(error).__name__}."
