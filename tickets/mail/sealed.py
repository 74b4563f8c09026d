"""Signed and encrypted mail: what is only signed is readable without any key (S/MIME), the rest is named."""

import re

_SIGNED = bytes.fromhex("06092a864886f70d010702")
_ENVELOPED = (bytes.fromhex("06092a864886f70d010703"), bytes.fromhex("060b2a864886f70d0109100117"))
_MIME_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_CLEAR = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_DASHED = re.compile(r"^- (?=-)", re.MULTILINE)
_PIECES = 100_000


def is_smime(content_type: str, name: str) -> bool:
    """Tell whether a part claims to be an S/MIME envelope."""
    return content_type in _MIME_TYPES or (content_type == "application/octet-stream" and name.lower() == "smime.p7m")


def is_enveloped(data: bytes) -> bool:
    """Tell whether an S/MIME part is encrypted."""
    return any(identifier in data[:60] for identifier in _ENVELOPED)


def signed_content(data: bytes) -> bytes | None:
    """Return what an opaque S/MIME signature signs, or None when it holds nothing readable."""
    if _SIGNED not in data[:40]:
        return None
    try:
        info = _children(data, *_body(data, 0))
        signed = _children(data, *_body(data, _children(data, *info[1][1:])[0][0]))
        encapsulated = next(one for one in signed[1:] if data[one[0]] == 0x30)
        parts = _children(data, *encapsulated[1:])
        if len(parts) < 2:
            return None
        return _octets(data, *parts[1][1:], depth=0) or None
    except (IndexError, ValueError, StopIteration):
        return None


def _octets(data: bytes, start: int, end: int, *, depth: int) -> bytes:
    """Join the octet strings between two offsets, however they are cut up."""
    if depth > 6:
        raise ValueError("nested too deep")
    out: list[bytes] = []
    for position, body, body_end in _children(data, start, end):
        if data[position] == 0x04:
            out.append(data[body:body_end])
        elif data[position] == 0x24:
            out.append(_octets(data, body, body_end, depth=depth + 1))
    return b"".join(out)


def _body(data: bytes, position: int) -> tuple[int, int]:
    """Return where the content of the element at `position` begins and ends."""
    length = data[position + 1]
    if length < 0x80:
        return position + 2, position + 2 + length
    if length == 0x80:
        start = position + 2
        return start, _end_of_indefinite(data, start, 0)
    size = length & 0x7F
    if size > 5:
        raise ValueError("absurd length")
    start = position + 2 + size
    return start, start + int.from_bytes(data[position + 2 : start], "big")


def _end_of_indefinite(data: bytes, position: int, depth: int) -> int:
    if depth > 20:
        raise ValueError("nested too deep")
    for _ in range(_PIECES):
        if data[position : position + 2] == b"\0\0":
            return position
        if data[position + 1] == 0x80:
            position = _end_of_indefinite(data, position + 2, depth + 1) + 2
        else:
            position = _body(data, position)[1]
    raise ValueError("too many elements")


def _children(data: bytes, start: int, end: int) -> list[tuple[int, int, int]]:
    """Return (offset, content begins, content ends) of each element between two offsets."""
    found: list[tuple[int, int, int]] = []
    position = start
    while position < min(end, len(data)) and len(found) < _PIECES:
        body, body_end = _body(data, position)
        found.append((position, body, min(body_end, len(data))))
        position = body_end + (2 if data[position + 1] == 0x80 else 0)
    return found


def without_armour(text: str) -> str:
    """Return the text of a clear-signed PGP message without the signature around it."""
    start = text.find(_CLEAR)
    if start < 0:
        return text
    blank = text.find("\n\n", start)
    signature = text.find(_SIGNATURE, start)
    if blank < 0 or signature < blank:
        return text
    end = text.find(_END, signature)
    rest = text[end + len(_END) :] if end >= 0 else ""
    return text[:start] + _DASHED.sub("", text[blank + 2 : signature]).rstrip("\n") + rest


def is_pgp_message(text: str) -> bool:
    """Tell whether a text holds a PGP message that only somebody's key opens."""
    return "-----BEGIN PGP MESSAGE-----" in text
