"""winmail.dat: the files that Outlook hides in it come out, and what lies costs nothing."""

import struct

import pytest

from tests.mail.winmail import BODY, CODEPAGE, MESSAGE, block, file, stream, wide
from tickets.mail import parse
from tickets.mail.rtf import decompress
from tickets.mail.tnef import read_tnef

HEAD = b"From: carol@customer.example\r\n"
WINMAIL = b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n"


def letter(winmail: bytes, text: str = "Hello") -> bytes:
    """Return a mail of a text and a winmail.dat."""
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
    return head + text.encode() + b"\r\n--b\r\n" + WINMAIL + winmail + b"\r\n--b--\r\n"


def names(raw: bytes) -> list[str]:
    """Return the names of what a mail carries."""
    return [attachment.name for attachment in parse(raw).attachments]


def test_the_files_of_a_winmail_take_its_place():
    mail = parse(letter(stream(*file("plan.pdf", b"PDF"), *file("photo.jpg", b"JPG"))))

    assert [(a.name, a.content) for a in mail.attachments] == [("plan.pdf", b"PDF"), ("photo.jpg", b"JPG")]
    assert mail.text == "Hello"
    assert mail.error is None


def test_an_empty_file_is_a_file():
    winmail = stream(*file("empty.txt", b""), *file("plan.pdf", b"PDF"))

    assert names(letter(winmail)) == ["empty.txt", "plan.pdf"]


def test_a_long_name_beyond_ascii_wins_over_the_short_one():
    winmail = stream(*file("UEBUNG~1.PDF", b"PDF", (0x3707, 0x1F, wide("Übung für alle.pdf"))))

    assert names(letter(winmail)) == ["Übung für alle.pdf"]


def test_a_name_is_read_in_the_codepage_of_the_stream():
    winmail = stream(
        (CODEPAGE, struct.pack("<II", 1251, 0)), *file("x", b"1", (0x3707, 0x1E, "План.pdf\0".encode("cp1251")))
    )

    assert names(letter(winmail)) == ["План.pdf"]


def test_type_and_content_id_are_kept_and_a_picture_is_shown_in_its_place():
    picture = file("a.png", b"PNG", (0x370E, 0x1F, wide("image/png")), (0x3712, 0x1F, wide("<one@x>")))
    winmail = stream((MESSAGE, block((0x1013, 0x102, b'<p>Hi <img src="cid:one@x"></p>'))), *picture)

    mail = parse(HEAD + WINMAIL + winmail)

    assert mail.text == "Hi"
    assert [(a.name, a.content_type, a.inline) for a in mail.attachments] == [("a.png", "image/png", True)]


def test_a_mail_that_is_only_a_winmail_shows_the_text_in_it():
    assert parse(HEAD + WINMAIL + stream((BODY, "Grüße aus Köln\0".encode("cp1252")))).text == "Grüße aus Köln"


def test_the_text_in_a_winmail_is_not_shown_twice():
    assert parse(letter(stream((BODY, b"Hello\0"), *file("a.txt", b"1")))).text == "Hello"


def test_properties_of_every_kind_before_the_name_are_stepped_over():
    properties = [
        (0x0E21, 0x03, b"\1\0\0\0"),
        (0x3001, 0x1F, wide("shown")),
        (0x7FFE, 0x0B, b"\1\0\0\0"),
        (0x3007, 0x40, bytes(8)),
        (0x3703, 0x1E, b".pdf\0"),
        (0x3707, 0x1F, wide("plan.pdf")),
    ]

    assert names(letter(stream(*file("x", b"1", *properties)))) == ["plan.pdf"]


def test_an_embedded_message_is_kept_as_a_file():
    embedded = file("Re: plan", b"", (0x3701, 0x0D, bytes(16) + b"inner"), (0x3707, 0x1F, wide("Re plan.msg")))

    mail = parse(letter(stream(*embedded)))

    assert [(a.name, a.content) for a in mail.attachments] == [("Re plan.msg", b"inner")]


@pytest.mark.parametrize("cut", [0, 5, 14, 30, 60, -1])
def test_a_winmail_that_was_cut_off_gives_what_is_there(cut):
    whole = stream(*file("a.txt", b"one"), *file("b.txt", b"two"))

    mail = parse(letter(whole[:cut]))

    assert mail.text == "Hello"
    assert mail.error is None
    assert len(mail.attachments) in (1, 2)


def test_a_file_that_only_has_the_name_is_kept_as_it_came():
    assert names(letter(b"this is no TNEF")) == ["winmail.dat"]
    assert read_tnef(b"this is no TNEF") is None


@pytest.mark.parametrize("count", [0x7FFFFFFF, 0xFFFFFFFF])
def test_counts_that_lie_are_not_believed(count):
    lying = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, count) + b"ab"

    assert names(letter(stream(*file("a.txt", b"1"), (0x69005, lying)))) == ["a.txt"]


def test_names_in_a_winmail_are_made_safe():
    assert names(letter(stream(*file("..\\..\\boot.ini", b"1")))) == ["boot.ini"]


def compressed(rtf: bytes, *, really: bool) -> bytes:
    """Return RTF as Outlook stores it: as it is, or with a flag for each eight bytes and an end mark."""
    if not really:
        return struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    out, written = b"", 207
    for at in range(0, len(rtf), 8):
        out += b"\0" + rtf[at : at + 8]
    written += len(rtf)
    if len(rtf) % 8:
        flagged = len(rtf) - len(rtf) % 8
        out = out[: flagged // 8 * 9] + bytes([1 << (len(rtf) % 8)]) + rtf[flagged:]
    else:
        out += b"\1"
    out += struct.pack(">H", written % 4096 << 4)
    return struct.pack("<IIII", len(out) + 12, len(rtf), 0x75465A4C, 0) + out


RTF = [
    (rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Hello\par\tab there \b you\b0 .}", "Hello\n\tthere you."),
    (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
    (rb"{\rtf1\ansi\ansicpg932 \'93\'fa\'96\'7b}", "日本"),
    (rb"{\rtf1\ansi\uc1 Gr\u252?\u223?e \{you\} a\\b}", "Grüße {you} a\\b"),
    (rb"{\rtf1{\*\generator Outlook}{\info{\title No}}Seen\~now{\pict 00ff}}", "Seen\xa0now"),
    (rb"{\rtf1\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 To {\*\htmltag84 <b>}you\htmlrtf \par}}", "To you"),
    (rb"{\rtf1\ansi \u-10179?\u-8704?}", "😀"),
    (b"{\\rtf1 unfinished {\\b very", "unfinished very"),
    (b"", ""),
]  # fmt: skip


@pytest.mark.parametrize("really", [True, False])
@pytest.mark.parametrize(("rtf", "text"), RTF)
def test_a_text_that_is_only_rich_text_is_read(rtf, text, really):
    winmail = stream((MESSAGE, block((0x1009, 0x102, compressed(rtf, really=really)))))

    assert parse(HEAD + WINMAIL + winmail).text == text


def test_references_back_are_followed():
    # Two references: to what every stream knows ("{\\rtf1\\ansi"), and to a byte just written, five times over.
    packed = (
        bytes([0b0000_1001])
        + struct.pack(">H", 0 << 4 | 9)
        + b" "
        + b"a"
        + struct.pack(">H", (207 + 12) << 4 | 3)
        + b"}"
    )

    assert decompress(struct.pack("<IIII", 0, 19, 0x75465A4C, 0) + packed) == rb"{\rtf1\ansi aaaaaa}"
