"""Writes winmail.dat (TNEF) streams for tests: attributes and MAPI properties as Outlook lays them out."""

import struct

TITLE, DATA, BEGIN, PROPERTIES = 0x18010, 0x6800F, 0x69002, 0x69005
BODY, MESSAGE, CODEPAGE = 0x2800C, 0x69003, 0x69007

Property = tuple[int, int, bytes]  # name, type, content


def stream(*attributes: tuple[int, bytes]) -> bytes:
    """Return a whole stream of attributes, each with its checksum."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    for number, value in attributes:
        level = 2 if number in (TITLE, DATA, BEGIN, PROPERTIES) else 1
        out += struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
    return out


def file(title: str, content: bytes, *properties: Property) -> list[tuple[int, bytes]]:
    """Return the attributes of one file."""
    attributes = [(BEGIN, bytes(14)), (TITLE, title.encode("cp1252", "replace") + b"\0"), (DATA, content)]
    return [*attributes, (PROPERTIES, block(*properties))] if properties else attributes


def block(*properties: Property) -> bytes:
    """Return a block of MAPI properties; strings and bytes are padded to four."""
    out = struct.pack("<I", len(properties))
    for name, kind, content in properties:
        out += struct.pack("<HH", kind, name)
        if kind in (0x1E, 0x1F, 0x0D, 0x102):
            out += struct.pack("<II", 1, len(content)) + content + bytes(-len(content) % 4)
        else:
            out += content
    return out


def wide(text: str) -> bytes:
    """Return a string property of the newer sort."""
    return text.encode("utf-16-le") + b"\0\0"
