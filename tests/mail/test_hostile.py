"""Mail that wants to harm: bounded time, bounded memory, and the sender and subject still known."""

# ruff: noqa: E501 - tables of words and samples read best unbroken

import base64
import io
import resource
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tickets.mail import classify, parse
from tickets.mail.guarded import looks_hostile, parse_in_child
from tickets.mail.html import clean_html
from tickets.mail.text import html_to_text

HEAD = b"From: Mallory <mallory@evil.example>\r\nSubject: Boo\r\n"
SECONDS = 5.0


@contextmanager
def seconds_at_most(limit: float) -> Iterator[None]:
    """Fail when what runs inside takes more processor time than that, children included; others' work does not count."""
    begun = _used()
    yield
    assert _used() - begun < limit


def _used() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


HOSTILE = {
    "64 kB of opening brackets in From": b"Subject: Boo\r\nFrom: " + b"(" * 64_000 + b"\r\n\r\nx",
    "60,000 addresses": HEAD + b"To: " + b", ".join(b"a%d@b.example" % n for n in range(60_000)) + b"\r\n\r\nx",
    "5,000 multiparts in one another": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000)),
    "20,000 parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
    "100,000 headers": HEAD + b"X-A: b\r\n" * 100_000 + b"\r\nbody",
    "a header of 10 MB": HEAD + b"X-A: " + b"a" * 10_000_000 + b"\r\n\r\n",
    "a line of 10 MB": HEAD + b"\r\n" + b"a" * 10_000_000,
    "3 MB of carriage returns": b"\r" * 3_000_000 + HEAD + b"\r\n",
    "30,000 parameters": HEAD + b"Content-Type: text/plain" + b"; a=b" * 30_000 + b"\r\n\r\nx",
    "5,000 sections of a file name": HEAD
    + b"Content-Disposition: attachment; "
    + b"; ".join(b"filename*%d*=%%41" % n for n in range(5000))
    + b"\r\n\r\nx",
    "100,000 uuencoded files": HEAD + b"\r\n" + b"begin 644 x\nend\n" * 100_000,
    "10,000 unfinished encoded words": b"From: mallory@evil.example\r\nSubject: Boo "
    + b"=?u?q?" * 10_000
    + b"\r\n\r\n",
    "200,000 open elements": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000,
    "50,000 open fonts": HEAD
    + b"Content-Type: text/html\r\n\r\n"
    + b"".join(b"<p><font size=%d>" % n for n in range(50_000)),
    "1 MB of quote marks": HEAD + b"\r\n" + b">" * 1_000_000,
    "60,000 introductions": HEAD + b"\r\n" + b"On 2024 x@y.example wrote:\n" * 60_000,
    "100,000 header blocks": HEAD + b"\r\n" + b"From: a@b.example\nSent: 2024\n" * 100_000,
    "50,000 titles": HEAD + b"\r\n" + b"----- a -----\n" * 50_000,
    "35,000 dashes between thoughts": HEAD
    + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    + "—\nThis is one sentence more.\n".encode() * 35_000,
    "40,000 ids as encoded words": HEAD + b"References: " + b"=?utf-8?q?=3Ca=40b=3E?= " * 40_000 + b"\r\n\r\nx",
    "5 MB of equal signs": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 5_000_000,
    "1 MB of blanks": HEAD + b"\r\n" + b" " * 1_000_000 + b"x:",
    "nothing but NULs": b"\0" * 1_000_000,
    "boundaries that are all the same": HEAD
    + b"Content-Type: multipart/mixed; boundary=x\n\n"
    + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 5000,
    "a bounce of 60,000 addresses": b"From: mailer-daemon@x.example\nSubject: failure notice\n\n"
    + b"5.1.1 a@b.example, " * 60_000,
    "base64 of nothing": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 5_000_000,
    "quoted-printable of blanks": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"= " * 2_000_000,
    "1 MB of backslashes": b"From: " + b"\\" * 1_000_000 + b"\r\nSubject: Boo\r\n\r\n",
    "a winmail.dat that lies": HEAD
    + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22\0\0"
    + b"\x01\x03\x90\x06\x00\xff\xff\xff\x7f" * 10_000,
    "256 kB of one folded header": HEAD + b"X-A: a\r\n" + b" a\r\n" * 65_000 + b"\r\nx",
    "1,000 headers of the same recipients": HEAD + b"To: a@b.example, c@d.example\r\n" * 9_000 + b"\r\nx",
    "60,000 references": HEAD
    + b"References: "
    + b" ".join(b"<%d@b.example>" % n for n in range(60_000))
    + b"\r\n\r\nx",
    "100,000 Received lines": HEAD + b"Received: from a by b; Tue, 12 Mar 2024 10:04:05 +0100\r\n" * 100_000 + b"\r\nx",
    "a header without a name": b":" * 1_000_000 + b"\r\n" + HEAD + b"\r\nx",
    "1 MB of blank lines in the headers": HEAD + b" \r\n" * 300_000 + b"X-A: b\r\n\r\nx",
    "10,000 mails in one another": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 10_000,
    "100,000 calendar lines that go on": HEAD
    + b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nSUMMARY:a"
    + b"\r\n b" * 100_000,
    "1 MB of soft line ends": HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 250_000,
    "1 MB in a charset of two bytes": HEAD + b"Content-Type: text/plain; charset=x\r\n\r\n" + b"\x82\xa0\xff" * 350_000,
    "an S/MIME envelope that lies": HEAD
    + b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\n"
    + bytes.fromhex("3080 0609 2a864886f70d010702 a080".replace(" ", ""))
    + b"\x30\x80" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_read_in_seconds(name):
    with seconds_at_most(SECONDS):
        mail = parse(HOSTILE[name])
        classify(mail)

    assert "\0" not in mail.text + mail.subject


# What the patterns of this package look for, over and over: a pattern that goes back would take hours.
REPEATED = [
    " ", "\t ", "a", "(", "()", '"', '\\"', "<", "<>", "&#", "a@b.example ", "@", ".", "-", "_", "a:", "=", "=?utf-8?q?",
    "a=b;", "*", "%4", ">", ">\n", "\r", " \n", "On ", "wrote: ", "http://", "1", "12/12/2024 10:10 ", "5.1.1 ", "#",
    "begin 644 ", "From: ", "--\n", "cid:", "<a ", "<!--", "{", "[", "BEGIN:VEVENT\n", "書", "😀", "Sent from my ",
    "-----BEGIN PGP SIGNED MESSAGE-----\n", "Final-Recipient: rfc822; a\n", "unsubscribe ", "\u00a0",
]  # fmt: skip


@pytest.mark.parametrize("unit", REPEATED)
def test_a_megabyte_of_anything_is_read_in_seconds(unit):
    body = (unit * (1_000_000 // len(unit.encode())))[:1_000_000]
    line = body[:60_000].replace("\r", " ").replace("\n", " ")
    head = f"From: {line} <m@evil.example>\r\nTo: {line}\r\nSubject: {line}\r\nReferences: {line}\r\nDate: {line}\r\n"
    parts = (
        f"--b\r\n\r\n{body}\r\n--b\r\nContent-Type: text/html\r\nContent-Disposition: {line}\r\n\r\n<p>{body}\r\n--b--"
    )

    with seconds_at_most(SECONDS):
        classify(parse(f"{head}\r\n{body}x:".encode()))
    with seconds_at_most(SECONDS):
        classify(parse(f"From: m@evil.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}".encode()))


def zip_bomb() -> bytes:
    """Return a file of 100 kB that unpacks to 100 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as file:
        for _ in range(100):
            file.write(bytes(1_000_000))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.zip", zip_bomb()),
        ("bomb.docx", zip_bomb()),
        ("bomb.gz", zlib.compress(bytes(50_000_000))),
        ("winmail.dat", b"\x78\x9f\x3e\x22\0\0" + zip_bomb()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_packed_is_never_unpacked(name, content):
    head = HEAD + f"Content-Type: application/zip; name={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()

    with seconds_at_most(1.0):
        mail = parse(head + base64.encodebytes(content))

    assert [(a.name, a.content) for a in mail.attachments] == [(name, content)]


def test_the_next_mail_is_read_as_if_nothing_had_happened():
    parse(HOSTILE["20,000 parts"])

    assert parse(HEAD + b"\r\nHello").text == "Hello"


@pytest.mark.parametrize(
    "name", ["60,000 addresses", "20,000 parts", "100,000 headers", "5,000 multiparts in one another"]
)
def test_what_was_left_out_is_said(name):
    mail = parse(HOSTILE[name])

    assert mail.error
    assert "\n" not in mail.error
    assert mail.from_.email == "mallory@evil.example"


def test_a_child_reads_the_same_as_the_parent():
    raw = (
        HEAD
        + b"To: a@b.example\r\nDate: 12 Mar 2024 10:04 +0100\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
        b"Hello \xc3\xbc\r\n--b\r\nContent-Type: image/png; name=a.png\r\n\r\n\x89PNG\r\n--b--\r\n"
    )

    assert parse_in_child(raw) == parse(raw)


def test_a_child_that_dies_leaves_sender_subject_and_a_reason(monkeypatch):
    monkeypatch.setattr("tickets.mail.limits.CHILD_CPU_SECONDS", -4)

    mail = parse_in_child(HEAD + b"\r\nHello")

    assert (mail.from_.email, mail.subject) == ("mallory@evil.example", "Boo")
    assert "too long" in mail.error


def test_ordinary_mail_is_not_taken_for_hostile():
    raw = HEAD + b"To: a@b.example\r\n\r\n" + b"A line of text that somebody wrote.\r\n" * 2000

    assert not looks_hostile(raw)


def test_a_mail_of_25_mb_needs_little_more_memory_than_itself():
    attachment = b"QUJD" * 18 + b"\r\n"
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee file\r\n--b\r\nContent-Type: application/pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + attachment * (25_000_000 // len(attachment)) + b"--b--\r\n"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    mail = parse(raw)

    assert mail.attachments[0].size > 17_000_000
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 150


PAGES = {
    "open elements": "<div>" * 200_000,
    "open links": "<b><a>" * 100_000,
    "open tables": "<table><tr><td>" * 50_000,
    "open fonts": "".join(f"<p><font size={n}>" for n in range(25_000)),
    "comments": "<!--" * 250_000,
    "one attribute": "<img alt='" + "a" * 1_000_000 + "'>",
    "many attributes": "<a " + "x=1 " * 250_000 + ">",
    "entities": "&amp" * 250_000,
    "styles": "<p style='" + "a:b;" * 250_000 + "'>x",
    "opening brackets": "<" * 1_000_000,
    "links": '<a href="https://x.example/">x</a>' * 30_000,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_cleaned_and_read_in_seconds(name):
    with seconds_at_most(SECONDS):
        clean_html(PAGES[name])
        html_to_text(PAGES[name])
