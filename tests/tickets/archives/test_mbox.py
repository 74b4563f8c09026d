"""mbox files: where one mail ends and the next begins (RFC 4155), whatever program wrote them."""

import io
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.archives.mbox import TooLarge, mails_in

FIRST = b"From: carol@customer.example\nSubject: One\n\nHello.\n"
SECOND = b"From: dan@customer.example\nSubject: Two\n\nHi.\n"
LINE = b"From carol@customer.example Mon Nov  2 10:00:00 2026\n"


def read(data: bytes, limit: int = 1_000_000) -> list[bytes]:
    return [b"too large" if isinstance(one, TooLarge) else one[1] for one in mails_in(io.BytesIO(data), limit=limit)]


def test_mails_come_in_their_order_with_the_line_before_them():
    found = list(mails_in(io.BytesIO(LINE + FIRST + b"\n" + LINE + SECOND), limit=1000))

    assert found == [(LINE, FIRST), (LINE, SECOND)]


def test_the_last_mail_may_end_anyhow():
    assert read(LINE + FIRST + b"\n" + LINE + SECOND + b"\n") == [FIRST, SECOND]
    assert read(LINE + FIRST + b"\n" + LINE + SECOND.rstrip()) == [FIRST, SECOND.rstrip()]


def test_line_ends_of_windows_are_line_ends_too():
    data = (LINE + FIRST + b"\n" + LINE + SECOND).replace(b"\n", b"\r\n")

    assert read(data) == [FIRST.replace(b"\n", b"\r\n"), SECOND.replace(b"\n", b"\r\n")]


@pytest.mark.parametrize(
    "line",
    [
        b"From - Tue Nov 03 09:12:44 2026\n",  # Thunderbird
        b"From 1650234@xxx Tue Nov 03 09:12:44 +0000 2026\n",  # Takeout
        b"From ???@??? Tue Nov  3 09:12:44 2026\n",  # Eudora
        b"From MAILER-DAEMON Tue Nov  3 09:12:44 2026\n",
        b"From carol@customer.example Tue Nov  3 09:12 2026\n",
        b"From carol@customer.example\n",  # no time at all: the next line is a header
        b"From -\n",
    ],
)
def test_lines_of_many_programs_stand_between_mails(line):
    assert read(line + FIRST + b"\n" + line + SECOND) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "sentence",
    [
        b"From here on the door stays open.\n",
        b"From 10:30 on nobody was there.\n",
        b"From 2026 on we close at ten.\n",
        b"From carol@customer.example\nI heard that it is open.\n",
    ],
)
def test_a_sentence_that_begins_with_from_ends_no_mail(sentence):
    mail = b"Subject: One\n\nHello.\n\n" + sentence + b"Regards\n"

    assert read(LINE + mail + b"\n" + LINE + SECOND) == [mail, SECOND]


def test_a_beginning_without_a_blank_line_before_it_is_none():
    mail = FIRST + LINE

    assert read(LINE + mail + b"\n" + LINE + SECOND) == [mail, SECOND]


@pytest.mark.parametrize(
    ("kept", "meant"),
    [
        (b">From here on", b"From here on"),
        (b">>From here on", b">From here on"),
        (b"> From here on", b"> From here on"),
        (b">Fromage", b">Fromage"),
    ],
)
def test_escaped_lines_come_back(kept, meant):
    assert read(LINE + b"Subject: One\n\n" + kept + b"\n") == [b"Subject: One\n\n" + meant + b"\n"]


@given(
    st.lists(st.lists(st.sampled_from([b"From ", b">From ", b"x", b"", b" ", b"Subject: y", LINE.strip()])), max_size=5)
)
def test_whatever_was_written_by_the_rules_is_read_as_it_was(mails):
    """The rules of mboxrd: every line that begins with From behind any number of marks gets one more mark."""
    written = [b"Subject: z\n\n" + b"".join(line + b"\n" for line in lines) for lines in mails]
    escaped = [re.sub(rb"^(>*From )", rb">\1", mail, flags=re.MULTILINE) for mail in written]

    assert read(b"".join(LINE + mail + b"\n" for mail in escaped)) == written


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_to_their_end(data):
    assert sum(map(len, read(data))) <= len(data)


def test_a_mail_that_is_too_large_is_said_to_be_and_the_next_one_is_read():
    large = b"Subject: Large\n\n" + b"word " * 1000 + b"\n"

    assert read(LINE + large + b"\n" + LINE + SECOND, limit=500) == [b"too large", SECOND]


def test_a_line_of_megabytes_is_no_beginning_and_takes_no_memory():
    def endless():
        yield LINE + b"Subject: One\n\n"
        yield from (b"From carol@customer.example 10:00 2026 " * 1600 for _ in range(500))
        yield b"\n\n" + LINE + SECOND

    tracemalloc.start()
    found = read_stream(endless(), limit=100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found == [b"too large", SECOND]
    assert peak < 3_000_000


def read_stream(chunks, limit: int) -> list[bytes]:
    class Stream(io.RawIOBase):
        rest = b""

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            self.rest = self.rest or next(chunks, b"")
            part, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
            buffer[: len(part)] = part
            return len(part)

    file = io.BufferedReader(Stream())
    return [b"too large" if isinstance(one, TooLarge) else one[1] for one in mails_in(file, limit=limit)]


@pytest.mark.parametrize(
    ("data", "mails"), [(b"", []), (b"\n\n\n", []), (b"Subject: One\n\nHello.\n", [b"Subject: One\n\nHello.\n"])]
)
def test_what_is_hardly_an_mbox_is_read_too(data, mails):
    assert read(data) == mails
