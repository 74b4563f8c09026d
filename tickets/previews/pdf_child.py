"""A page of a PDF as a picture, drawn in a process that may die without harm: no scripts, no forms, no links.

    python -m tickets.previews.pdf_child PAGE < file.pdf

It writes the number of pages (four bytes) and a PNG; page 0 draws nothing. This module knows nothing of Deskhero.
"""

import resource
import sys
import zlib
from struct import pack

import pypdfium2

WIDTH, HEIGHT = 1100, 3000  # pixels at most
CPU_SECONDS = 8
MEMORY_BYTES = 1024 * 1024 * 1024


def drawn(data: bytes, number: int) -> tuple[int, bytes]:
    """Return how many pages there are, and page `number` (from 1) as a PNG."""
    document = pypdfium2.PdfDocument(data)
    count = len(document)
    if not 1 <= number <= count:
        return count, b""
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
    picture = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, fill_color=(255, 255, 255, 255))
    return count, png(bytes(picture.buffer), picture.width, picture.height, picture.stride, picture.n_channels)


def png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """Return rows of bytes (grey, RGB or RGBA) as a PNG."""
    row = width * channels
    rows = b"".join(b"\0" + pixels[start : start + row] for start in range(0, stride * height, stride))
    colours = {1: 0, 3: 2, 4: 6}[channels]
    head = pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 6)), _chunk(b"IEND", b"")]
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    pages, picture = drawn(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.buffer.write(pages.to_bytes(4, "big") + picture)
