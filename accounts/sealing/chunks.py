"""Sealed streams: AES-256-GCM in chunks of 1 MiB, under a key that seals one stream alone.

A chunk is bound to its stream, to its number and to whether it is the last, so that cut, swapped or doubled chunks do
not open. Neither side holds more than two chunks.
"""

from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.sealing.errors import SealingError

CHUNK = 1024 * 1024
TAG = 16


def seal_chunks(secret: bytes, place: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the stream sealed; pieces of any size come in, chunks of one size and a last one go out."""
    cipher, number = AESGCM(secret), 0
    blocks = _even(chunks)
    block = next(blocks, b"")
    while True:
        following = next(blocks, None)
        yield cipher.encrypt(_nonce(number), block, _bound(place, number, last=following is None))
        if following is None:
            return
        number, block = number + 1, following


def open_chunks(secret: bytes, place: str, read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield the plain stream, chunk by chunk; SealingError at the first that was altered or does not belong here."""
    cipher = AESGCM(secret)
    try:
        number, block = 0, read(CHUNK + TAG)
        while True:
            following = read(CHUNK + TAG)
            yield cipher.decrypt(_nonce(number), block, _bound(place, number, last=not following))
            if not following:
                return
            number, block = number + 1, following
    except InvalidTag:
        raise SealingError("The sealed file was altered or does not belong here.") from None


def _bound(place: str, number: int, *, last: bool) -> bytes:
    return f"{place}|{number}|{'last' if last else 'more'}".encode()


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")  # the key is used for this stream alone, so counting never repeats


def _even(chunks: Iterable[bytes]) -> Iterator[bytes]:
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        while len(buffer) >= CHUNK:
            yield bytes(buffer[:CHUNK])
            del buffer[:CHUNK]
    if buffer:
        yield bytes(buffer)
