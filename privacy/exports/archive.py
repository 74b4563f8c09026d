"""A zip file as a stream: made while it is read, never whole in memory or on a disk."""

import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast

Entry = tuple[str, Iterable[bytes]]  # a name in the archive, and its content


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield the bytes of an archive of these entries, in order."""
    sink = _Sink()
    with zipfile.ZipFile(cast("BinaryIO", sink), "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for name, chunks in entries:
            with archive.open(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), "w", force_zip64=True) as file:
                for chunk in chunks:
                    file.write(chunk)
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


class _Sink:
    """Something to write to that cannot go back, as a stream cannot."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._at = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        raise OSError("a stream has no place to go back to")

    def flush(self) -> None:
        """Nothing waits here but what is taken next."""

    def taken(self) -> Iterator[bytes]:
        parts, self._parts = self._parts, []
        if parts:
            yield b"".join(parts)
