"""The files of the ledger: one in its own folder, one in a copy elsewhere, both on disk before an erasure begins."""

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.conf import settings

from privacy.ledger.lines import LedgerFault

NAME = "ledger.jsonl"
TAIL = 128 * 1024  # more than a line can have


def folders() -> list[Path]:
    """Return where the ledger lies: its own folder first."""
    return [Path(settings.LEDGER), Path(settings.LEDGER_COPY)]


def paths(name: str = NAME) -> list[Path]:
    """Return the file and its copy."""
    return [folder / name for folder in folders()]


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the ledger: one writer at a time, of whatever process."""
    try:
        for folder in folders():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folders()[0] / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LedgerFault(f"The folder of the erasure ledger cannot be used: {error.strerror}.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read(path: Path) -> list[bytes]:
    """Return the whole lines of a file; one that was cut off while it was written was never promised to anybody."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return []
    return text[: text.rfind(b"\n") + 1].splitlines(keepends=True)


def last_line(path: Path) -> bytes:
    """Return the last whole line, without reading the rest; nothing where there is none."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            tail = file.read()
    except FileNotFoundError:
        return b""
    whole = tail[: tail.rfind(b"\n") + 1]
    start = whole.rstrip(b"\n").rfind(b"\n") + 1
    return whole[start:]


def add(lines: Sequence[bytes]) -> None:
    """Write lines to both files and wait until they are on disk; on a failure both are as long as before."""
    text = b"".join(lines)
    done: list[tuple[Path, int]] = []
    try:
        for path in paths():
            with path.open("ab") as file:
                os.fchmod(file.fileno(), 0o600)
                size = _end_of_whole_lines(path)
                file.truncate(size)
                done.append((path, size))
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(path.parent)
    except OSError as error:
        for path, size in done:
            with contextlib.suppress(OSError):  # the next writer finds what is left of it
                os.truncate(path, size)
        raise LedgerFault(f"The erasure ledger cannot be written: {error.strerror}.") from None


def replace(path: Path, lines: Iterable[bytes]) -> None:
    """Write a whole file anew, in one step."""
    draft = path.with_suffix(".new")
    try:
        with draft.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise LedgerFault(f"The erasure ledger cannot be written: {error.strerror}.") from None


def _end_of_whole_lines(path: Path) -> int:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        tail = file.read()
    return size - (len(tail) - (tail.rfind(b"\n") + 1))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
