"""winmail.dat (TNEF), in which Outlook hides attachments: read with bounds, never trusted."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from tickets.mail.charsets import decode, tidy
from tickets.mail.rtf import decompress, read_rtf

SIGNATURE = b"\x78\x9f\x3e\x22"
FILES = 200
_TITLE, _DATA, _BEGIN, _PROPERTIES = 0x8010, 0x800F, 0x9002, 0x9005
_BODY, _MESSAGE_PROPERTIES, _CODEPAGE = 0x800C, 0x9003, 0x9007
_FIXED = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = (0x1E, 0x1F, 0x0D, 0x102)


@dataclass(slots=True)
class TnefFile:
    """One attachment in a winmail.dat."""

    name: str = ""
    content: bytes = b""
    content_type: str = ""
    content_id: str = ""


@dataclass(slots=True)
class Tnef:
    """What a winmail.dat holds."""

    files: list[TnefFile] = field(default_factory=list)
    text: str = ""
    html: str = ""


def read_tnef(data: bytes) -> Tnef | None:
    """Return what a TNEF stream holds, as far as it can be read, or None when it is none."""
    if not data.startswith(SIGNATURE):
        return None
    tnef = Tnef()
    codepage = "cp1252"
    for kind, value in _attributes(data):
        if kind == _BEGIN and len(tnef.files) < FILES:
            tnef.files.append(TnefFile())
        elif kind == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif kind == _BODY:
            tnef.text = decode(value.rstrip(b"\0"), codepage)
        elif kind == _MESSAGE_PROPERTIES:
            _read_message(tnef, value, codepage)
        elif tnef.files:
            _read_file(tnef.files[-1], kind, value, codepage)
    tnef.files = [one for one in tnef.files if one.content or one.name]
    return tnef


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 6
    while position + 9 <= len(data):
        _, kind, length = struct.unpack_from("<BII", data, position)
        position += 9
        if position + length > len(data):
            return
        yield kind & 0xFFFF, data[position : position + length]
        position += length + 2  # and its checksum


def _read_message(tnef: Tnef, value: bytes, codepage: str) -> None:
    rtf = b""
    for name, kind, content in _properties(value):
        if name == 0x1000:
            tnef.text = _string(kind, content, codepage) or tnef.text
        elif name == 0x1013:
            tnef.html = decode(content, codepage)
        elif name == 0x1009:
            rtf = decompress(content)
    if rtf and not tnef.text and not tnef.html:
        tnef.text, tnef.html = (tidy(form) for form in read_rtf(rtf))


def _read_file(file: TnefFile, kind: int, value: bytes, codepage: str) -> None:
    if kind == _TITLE:
        file.name = file.name or decode(value.rstrip(b"\0"), codepage)
    elif kind == _DATA:
        file.content = value
    elif kind == _PROPERTIES:
        for name, form, content in _properties(value):
            if name in (0x3707, 0x3704) and (name == 0x3707 or not file.name):
                file.name = _string(form, content, codepage) or file.name
            elif name == 0x3701 and not file.content:
                file.content = content[16:] if form == 0x0D else content
            elif name == 0x370E:
                file.content_type = _string(form, content, codepage).lower()
            elif name == 0x3712:
                file.content_id = _string(form, content, codepage).strip("<>")


def _string(kind: int, content: bytes, codepage: str) -> str:
    if kind == 0x1F:
        return content.decode("utf-16-le", "replace").rstrip("\0")
    return decode(content.rstrip(b"\0"), codepage)


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (name, type, content) of a block of MAPI properties until it ends or makes no sense."""
    if len(data) < 4:
        return
    position = 4
    try:
        for _ in range(min(struct.unpack_from("<I", data)[0], 2000)):
            kind, name = struct.unpack_from("<HH", data, position)
            position += 4
            if name >= 0x8000:
                position = _after_name(data, position)
            base = kind & 0x0FFF
            if base in _FIXED:
                count = 1
                if kind & 0x1000:
                    count = struct.unpack_from("<I", data, position)[0]
                    position += 4
                size = _FIXED[base] * count
                yield name, base, _piece(data, position, size)
                position += size
            elif base in _VARIABLE:
                count = struct.unpack_from("<I", data, position)[0]
                position += 4
                for _ in range(min(count, 1000)):
                    size = struct.unpack_from("<I", data, position)[0]
                    position += 4
                    yield name, base, _piece(data, position, size)
                    position += size + (-size % 4)
            else:
                return
    except struct.error:
        return


def _piece(data: bytes, position: int, size: int) -> bytes:
    if position + size > len(data):
        raise struct.error("the size lies")
    return data[position : position + size]


def _after_name(data: bytes, position: int) -> int:
    """Return where a property goes on after the name that a number above 0x8000 has."""
    position += 16
    kind = struct.unpack_from("<I", data, position)[0]
    if kind == 0:
        return position + 8
    size = struct.unpack_from("<I", data, position + 4)[0]
    return position + 8 + size + (-size % 4)
