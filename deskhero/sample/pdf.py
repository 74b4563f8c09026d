"""Small real PDFs: one page with a title, lines and a table, in the fonts every reader has."""

import tomllib
import zlib
from functools import cache
from pathlib import Path
from typing import Any

_PAPERS = Path(__file__).with_name("papers.toml")
_LEFT, _RIGHT, _TOP = 64, 531, 770


@cache
def papers() -> dict[str, dict[str, Any]]:
    """Return what each paper says, by file name."""
    return tomllib.loads(_PAPERS.read_text())


def paper(name: str) -> bytes:
    """Return that paper as a PDF; the same name gives the same bytes."""
    page = papers()[name]
    return _document(_content(page["title"], page["head"], page["table"], page["foot"]))


def _content(title: str, head: list[str], table: list[list[str]], foot: list[str]) -> bytes:
    drawn = [_text(_LEFT, _TOP, 20, title, bold=True), f"0.7 w {_LEFT} {_TOP - 12} m {_RIGHT} {_TOP - 12} l S"]
    height = _TOP - 40
    for line in head:
        drawn.append(_text(_LEFT, height, 10.5, line))
        height -= 16
    height -= 20
    for number, row in enumerate(table):
        bold = number == 0 or (number == len(table) - 1 and not row[1])
        for x, cell in zip((_LEFT, 360, 450), row, strict=False):
            drawn.append(_text(x, height, 10.5, cell, bold=bold))
        drawn.append(f"0.4 w {_LEFT} {height - 6} m {_RIGHT} {height - 6} l S")
        height -= 22
    height -= 20
    for line in foot:
        drawn.append(_text(_LEFT, height, 9.5, line))
        height -= 15
    return "\n".join(drawn).encode("cp1252", "replace")


def _text(x: float, y: float, size: float, text: str, *, bold: bool = False) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{'B' if bold else 'R'} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _document(content: bytes) -> bytes:
    packed = zlib.compress(content)
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font %s >> >>"
        % b"<< /R 5 0 R /B 6 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(written)
