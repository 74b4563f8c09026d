"""Files on their way out: a piece in memory at a time, and no scope or transaction held open while a line is slow."""

from collections.abc import AsyncIterator, Iterator
from itertools import chain

from asgiref.sync import sync_to_async


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Return the pieces with the first one read already, in the scope of whoever asks: the rest needs no database."""
    return chain([next(pieces, b"")], pieces)


async def streamed(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the pieces as the server asks for them; Django would read a plain iterator to its end first."""
    following = sync_to_async(lambda: next(pieces, b""), thread_sensitive=False)
    while piece := await following():
        yield piece
