"""SECURITY 11: what a file is by its first bytes, beside what it says it is."""

import time
from io import BytesIO
from zipfile import ZipFile

import pytest

from tickets.mail.kinds import HEAD, claimed_kind, extension_of, kind_of, runs


def zipped() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    return buffer.getvalue()


BYTES = {
    "png": b"\x89PNG\r\n\x1a\n....",
    "jpeg": b"\xff\xd8\xff\xe0....",
    "gif": b"GIF89a....",
    "webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "heif": b"\x00\x00\x00\x18ftypheic....",
    "pdf": b"%PDF-1.7\n%....",
    "zip": zipped(),
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....",
    "rtf": b"{\\rtf1\\ansi",
    "packed": b"7z\xbc\xaf\x27\x1c..",
    "program": b"MZ\x90\x00" + b"\x00" * 80,
    "script": b"#!/bin/sh\nrm -r x\n",
    "html": b"<!DOCTYPE html><html><script>alert(1)</script>",
    "svg": b"<?xml version='1.0'?><!-- x --><svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
    "xml": b"<?xml version='1.0'?><invoice/>",
    "": b"Dear all,\n\nthe numbers are below.\n",
}
NAMES = {"html": ".html", "svg": ".svg", "xml": ".xml", "pdf": ".pdf", "png": ".png", "zip": ".docx", "ole": ".xls"}


@pytest.mark.parametrize("kind", BYTES)
def test_a_file_is_known_by_its_first_bytes(kind):
    assert kind_of(BYTES[kind]) == kind
    assert kind_of(BYTES[kind] + b"x" * 3 * HEAD) == kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xef\xbb\xbf  \n<html><body>", "html"),
        ("<html>".encode("utf-16"), "html"),
        (b"<!-- a --><!-- b -->\n<SCRIPT>", "html"),
        (b"<svg/onload=alert(1)>", "svg"),
        (b"junk before\n%PDF-1.4", "pdf"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", "html"),
        (b"BMW is a car", ""),
        (b"MZ is a pair of letters" * 9, ""),
        (b"#!important", ""),
        (b"a < b and <c:d>", ""),
        (b"<a:b>", ""),
        (b"", ""),
    ],
)
def test_beginnings_that_mislead(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "declared", "kind", "claimed"),
    [
        ("invoice.pdf", "application/pdf", "html", "pdf"),
        ("invoice.pdf", "application/octet-stream", "html", "pdf"),
        ("invoice", "application/pdf", "program", "pdf"),
        ("invoice.pdf", "application/pdf", "", "pdf"),
        ("photo.jpg", "image/jpeg", "svg", "jpg"),
        ("photo.jpg", "image/jpeg", "html", "jpg"),
        ("letter.docx", "application/zip", "html", "docx"),
        ("notes.txt", "text/plain", "html", "txt"),
        ("list.csv", "text/csv", "program", "csv"),
        ("old.xls", "application/vnd.ms-excel", "html", "xls"),
        # All is well with these.
        ("invoice.pdf", "application/pdf", "pdf", ""),
        ("invoice.PDF", "application/x-pdf", "pdf", ""),
        ("photo.jpg", "image/jpeg", "png", ""),  # a picture is a picture
        ("letter.docx", "application/zip", "ole", ""),  # with a password
        ("letter.doc", "application/msword", "rtf", ""),
        ("notes.txt", "text/plain; charset=x", "", ""),
        ("mail.eml", "message/rfc822", "", ""),
        ("mail.eml", "message/rfc822", "html", ""),
        ("page.html", "text/html", "html", ""),
        ("drawing.svg", "image/svg+xml", "svg", ""),
        ("data.bin", "application/octet-stream", "program", ""),
        ("unnamed", "", "html", ""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_told_by_what_it_says(name, declared, kind, claimed):
    assert claimed_kind(name, declared, kind) == claimed


@pytest.mark.parametrize("kind", [kind for kind in NAMES if kind])
def test_honest_files_raise_no_doubt(kind):
    assert claimed_kind(f"file{NAMES[kind]}", "application/octet-stream", kind_of(BYTES[kind])) == ""


@pytest.mark.parametrize(
    ("name", "kind"), [("a.exe", ""), ("a.SCR", ""), ("a.lnk", ""), ("a.js", ""), ("a.pdf", "program")]
)
def test_programs_are_known_by_name_or_by_bytes(name, kind):
    assert runs(name, kind)


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "exe", "a.example", ""])
def test_other_files_are_no_programs(name):
    assert not runs(name, "")


@pytest.mark.parametrize(("name", "extension"), [("a.PDF", "pdf"), ("a", ""), (".exe", ""), ("a.b.c", "c"), ("a.", "")])
def test_the_extension_is_what_follows_the_last_dot(name, extension):
    assert extension_of(name) == extension


@pytest.mark.parametrize("unit", [b"<!---->", b"<!--", b" ", b"a:b\n", b"<?xml", b"a: ", b"<?xml?>"])
def test_hostile_beginnings_are_looked_at_quickly(unit):
    started = time.process_time()
    kind_of(unit * 200_000)

    assert time.process_time() - started < 0.1
