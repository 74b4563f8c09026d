"""A zip file as a stream: no more than one piece of one file is in memory, and nothing plain touches a disk."""

import zipfile
from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any

Entry = tuple[str, Iterable[bytes]]


class _Pipe(RawIOBase):
    """Takes what the archive writes and hands it on."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        """It only writes."""
        return True

    def write(self, data: Any) -> int:
        """Keep a piece."""
        self.pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken, self.pieces = b"".join(self.pieces), []
        return taken


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield an archive of these files, in their order."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in entries:
            with archive.open(name, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    if taken := pipe.take():
                        yield taken
    yield pipe.take()


def safe_name(name: str, taken: set[str]) -> str:
    """Return a file name that no program unpacks to elsewhere, and that no other file here has."""
    bare = "".join(c if c.isalnum() or c in "._- ()" else "_" for c in name.replace("\\", "/").rpartition("/")[2])
    bare = bare.strip(". ")[-120:] or "file"
    found, number = bare, 1
    while found.casefold() in taken:
        number += 1
        stem, dot, ending = bare.rpartition(".")
        found = f"{stem}-{number}{dot}{ending}" if stem else f"{bare}-{number}"
    taken.add(found.casefold())
    return found
