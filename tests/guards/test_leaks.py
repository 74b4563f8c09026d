"""The scanner of the canary test finds what was planted, in each disguise; so a clean report means something."""

import base64
import gzip
import os
import zlib
from collections.abc import Callable

import pytest

from tests.guards.leaks import Scanner

WORD = "Kanarie7f3Quince"
TEXT = f"Dear {WORD}, your order is on its way.".encode()

DISGUISES: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "in capitals": lambda data: data.upper(),
    "utf-16": lambda data: data.decode().encode("utf-16-le"),
    "hex": lambda data: data.hex().encode(),
    "hex in capitals": lambda data: data.hex().upper().encode(),
    "hex after an odd digit": lambda data: b"a" + data.hex().encode(),
    "base64": base64.b64encode,
    "base64, one byte on": lambda data: base64.b64encode(b"1" + data),
    "base64, two bytes on": lambda data: base64.b64encode(b"12" + data),
    "base64 after a letter": lambda data: b"k" + base64.b64encode(data),
    "base64 without padding": lambda data: base64.b64encode(data[: data.index(WORD.encode()) + len(WORD)]).rstrip(b"="),
    "base64 in lines": lambda data: base64.encodebytes(os.urandom(100) + data),
    "base64 of web addresses": lambda data: base64.urlsafe_b64encode(b"\xfb\xff\xfe" * 3 + data),
    "quoted-printable": lambda data: data.replace(b"Quince", b"Qu=\r\nince"),
    "folded header": lambda data: data.replace(b"Quince", b"Qu\r\n ince"),
    "zlib": zlib.compress,
    "zlib, fastest": lambda data: zlib.compress(data, 1),
    "zlib, smallest": lambda data: zlib.compress(data, 9),
    "zlib, stored": lambda data: zlib.compress(data, 0),
    "gzip": gzip.compress,
    "zlib in a row of bytes": lambda data: os.urandom(50) + zlib.compress(data) + os.urandom(50),
    "zlib cut short": lambda data: zlib.compress(data + os.urandom(3000))[:-1000] + b"\xff" * 100,
    "a session": lambda data: base64.urlsafe_b64encode(zlib.compress(data)).rstrip(b"=") + b":1abc:signature",
    "zlib as a dump shows bytes": lambda data: b"7\t\\\\x" + zlib.compress(data).hex().encode() + b"\t\\N\n",
    "base64 as a dump shows bytes": lambda data: b"\\\\x" + base64.b64encode(data).hex().encode(),
    "zlib in base64 in hex in gzip": lambda data: gzip.compress(base64.b64encode(zlib.compress(data)).hex().encode()),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_word_is_found(disguise: str) -> None:
    scanner = Scanner({"subject": WORD})

    scanner.scan("here", b"before \x00\xff " + DISGUISES[disguise](TEXT) + b" \x00 after")

    assert {(leak.word, leak.where) for leak in scanner.leaks} == {("subject", "here")}


def test_noise_is_no_leak() -> None:
    scanner = Scanner({"subject": WORD})
    noise = os.urandom(300_000)

    scanner.scan("noise", noise + noise.hex().encode() + base64.b64encode(noise) + zlib.compress(noise))

    assert not scanner.leaks
    assert scanner.places == 1


def test_a_report_names_the_place_and_not_what_else_lay_there() -> None:
    scanner = Scanner({"subject": WORD, "body": "Absent9z"})
    scanner.scan("table tickets_ticket", zlib.compress(TEXT))

    assert "subject in table tickets_ticket (compressed)" in scanner.report()
    assert "order" not in scanner.report()
    assert "body" not in scanner.report()
