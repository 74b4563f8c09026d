"""Answers that stream, read to their end."""

from typing import Any

from asgiref.sync import async_to_sync


def pieces_of(response: Any) -> list[bytes]:
    """Return the pieces of an answer, as a server would send them."""

    async def read() -> list[bytes]:
        return [piece async for piece in response.streaming_content]

    return async_to_sync(read)()


def whole(response: Any) -> bytes:
    """Return all of it."""
    return b"".join(pieces_of(response))
