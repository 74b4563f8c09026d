"""Header surgery on raw mail: every byte that is not touched stays as it was."""

import re
from collections.abc import Iterator

END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


def split(raw: bytes) -> tuple[bytes, bytes]:
    """The header block with its last line end, and the rest with the empty line."""
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        return b"", raw
    found = END_OF_HEADERS.search(raw)
    if not found:
        return (raw if raw.endswith(b"\n") else raw + b"\r\n"), b"\r\n"
    first_end = found.start() + (2 if raw[found.start() : found.start() + 1] == b"\r" else 1)
    return raw[:first_end], raw[first_end:]


def fields(block: bytes) -> Iterator[bytes]:
    """The header fields of a block, folded lines included."""
    field = b""
    for line in block.splitlines(keepends=True):
        if line[:1] in (b" ", b"\t") and field:
            field += line
            continue
        if field:
            yield field
        field = line
    if field:
        yield field


def _is(field: bytes, name: str) -> bool:
    return field.split(b":", 1)[0].strip().lower() == name.lower().encode()


def value(raw: bytes, name: str) -> str:
    """The first field of that name, unfolded and undecoded; empty when there is none."""
    for field in fields(split(raw)[0]):
        if _is(field, name) and b":" in field:
            text = field.split(b":", 1)[1].decode("utf-8", "surrogateescape")
            return re.sub(r"\r?\n[ \t]", " ", text).strip()
    return ""


def without(raw: bytes, *names: str) -> bytes:
    """The mail with every field of these names taken out."""
    block, rest = split(raw)
    return b"".join(field for field in fields(block) if not any(_is(field, name) for name in names)) + rest


def replaced(raw: bytes, name: str, text: str) -> bytes:
    """The mail with one field of that name, at the top."""
    line = f"{name}: {text}\r\n".encode("utf-8", "surrogateescape")
    return line + without(raw, name)
