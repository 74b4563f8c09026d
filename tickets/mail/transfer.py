"""Content-Transfer-Encoding undone: base64 and quoted-printable as sent, uuencode, format=flowed."""

import binascii
import re
from contextlib import suppress

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_REMARK = re.compile(r"\([^()]{0,200}\)")
_BREAK_BLANKS = re.compile(rb"=[ \t]+(?=\r?\n)|=[ \t]*\Z")
_BARE_EQUALS = re.compile(rb"=+(?==)")
_UU_BEGIN = re.compile(rb"(?:^|(?<=\n)|(?<=\r))begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n")


def undo_transfer_encoding(data: bytes, encoding: str) -> bytes:
    """Return the content of a part; an encoding that is unknown or does not fit leaves the bytes as they are."""
    name = _REMARK.sub("", encoding).strip().strip("\"';").lower()
    if name.startswith(("base64", "b64", "base-64")):
        return _base64(data)
    if name.startswith(("quoted", "q-p", "qp")):
        return _quoted_printable(data)
    if name.startswith(("x-uu", "uu", "x-uue")):
        found = _UU_BEGIN.search(data)
        return uudecode(data, found.end())[0] if found else uudecode(data, 0)[0]
    return data


def _quoted_printable(data: bytes) -> bytes:
    if b"= " in data or b"=\t" in data:
        data = _BREAK_BLANKS.sub(b"=", data)
    if b"==" in data:  # all but the last of a row are signs that were not encoded
        data = _BARE_EQUALS.sub(lambda found: b"=3D" * len(found[0]), data)
    return binascii.a2b_qp(data)


def _base64(data: bytes) -> bytes:
    cut = data.find(b"\n--")  # a boundary that was not recognised, or a signature
    encoded = data[:cut] if cut >= 0 else data
    end = encoded.find(b"=")
    if end >= 0 and encoded[end:].strip(b"\r\n \t="):  # several encoded pieces in a row, or text after the end
        return _base64_pieces(encoded)
    letters = encoded.translate(None, _NOT_BASE64)
    if len(letters) * 10 < len(encoded) * 8 and len(encoded) > 20 and _is_plain(encoded.strip(), len(letters)):
        return data  # says base64, is plain text
    return _quads(letters)


def _is_plain(text: bytes, letters: int) -> bool:
    return letters * 10 < len(text) * 8 and b" " in text


def _quads(letters: bytes) -> bytes:
    if len(letters) % 4 == 0 and not letters.endswith(b"==="):  # as it should be: no copy of what may be large
        with suppress(binascii.Error, ValueError):
            return binascii.a2b_base64(letters)
    letters = letters.rstrip(b"=")
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return b""


def _base64_pieces(data: bytes) -> bytes:
    out: list[bytes] = []
    for piece in re.split(rb"(?<==)[\r\n \t]+", data):
        body = piece.partition(b"=")[0].rstrip(b"\r\n \t")  # what follows the end in its own line nobody reads
        letters = body.translate(None, _NOT_BASE64)
        if len(letters) * 10 < len(body) * 9 or b" " in body.strip():
            break  # a footer that a list server put behind the encoded text
        out.append(_quads(letters))
    return b"".join(out) or _quads(data.translate(None, _NOT_BASE64 + b"="))


def uudecode(data: bytes, position: int) -> tuple[bytes, int]:
    """Return the decoded bytes that begin at `position`, and where the text goes on after `end`."""
    out: list[bytes] = []
    length = len(data)
    while position < length:
        newline = data.find(b"\n", position)
        stop = length if newline < 0 else newline
        line = data[position:stop].rstrip(b"\r")
        position = stop + 1
        if line.strip() == b"end" or line.startswith(b"===="):
            break
        if not line.strip() or line == b"`":
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:wanted]))
            except binascii.Error:
                try:
                    out.append(binascii.a2b_base64(line))
                except (binascii.Error, ValueError):
                    continue
    return b"".join(out), min(position, length)


def take_uuencoded(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Return the text around uuencoded files in it, and the files as (name, content)."""
    files: list[tuple[str, bytes]] = []
    text: list[bytes] = []
    position = 0
    while len(files) < 50:
        found = _UU_BEGIN.search(data, position)
        if not found or not re.search(rb"(?:^|\n)(?:end|====)\s*(?:\r?\n|\Z)", data[found.end() :]):
            break
        content, after = uudecode(data, found.end())
        text.append(data[position : found.start()])
        position = after
        files.append((found[1].decode("utf-8", "replace").strip(), content))
    text.append(data[position:])
    return b"".join(text), files


def unflow(text: str, *, delsp: bool) -> str:
    """Return format=flowed text (RFC 3676) with its soft line breaks joined, quote marks kept."""
    paragraphs: list[list[str]] = []  # each as its pieces: joined once, not line by line
    open_depth = -1  # of the paragraph that the last line left open
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:]
        body = body.removeprefix(" ")
        flowed = body.endswith(" ") and body != "-- "
        if flowed and delsp:
            body = body[:-1]
        if open_depth == depth and paragraphs and body != "-- ":
            paragraphs[-1].append(body)
        else:
            paragraphs.append([f"{'>' * depth} {body}" if depth else body])
        open_depth = depth if flowed else -1
    return "\n".join(map("".join, paragraphs))
