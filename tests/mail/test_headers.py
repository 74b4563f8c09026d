"""Headers: words, charsets, broken lines, dates and ids."""

from datetime import UTC, datetime

import pytest

from tickets.mail import parse
from tickets.mail.dates import parse_date
from tickets.mail.identifiers import message_ids
from tickets.mail.words import decode_words

WORDS = [
    ("plain", "plain"),
    ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    ("=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
    ("=?iso-8859-1?Q?Gr=FC=DFe?=", "Grüße"),
    ("Re: =?utf-8?q?Gr=C3=BC=C3=9Fe?= an alle", "Re: Grüße an alle"),
    ("=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=", "Grüße"),
    ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),
    ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
    ("=?utf-8?q?a?= =?iso-8859-1?q?=FC?=", "aü"),
    ("=?utf-8?q?a?=\t =?utf-8?q?b?= c", "ab c"),
    ("=?utf-8?q?two words?=", "two words"),
    ("=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
    ("=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    ("=?x-nothing?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    ("=?iso-8859-1?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    ("=?utf-8?q?Gr=FC=DFe?=", "Grüße"),
    ("=?utf-8?x?no?=", "=?utf-8?x?no?="),
    ("=?utf-8?q?cut_=C3=BC off", "cut ü off"),
    ("=?utf-8?q?cut_=C3=BC_off", "cut ü off"),
    ("a =? b ?= c", "a =? b ?= c"),
    ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
    ("=?gb2312?B?1tC5+g==?=", "中国"),
    ("=?big5?B?pKSw6g==?=", "中國"),
    ("=?ks_c_5601-1987?B?x9GxuQ==?=", "한국"),
    ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
    ("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
    ("=?windows-1252?Q?=80_10?=", "€ 10"),
    ("=?us-ascii?Q?=80_10?=", "€ 10"),
    ("=?utf-8?Q?what=3F?=", "what?"),
    ("=?UTF-8?Q?=F0=9F=98?= =?UTF-8?Q?=80?=", "😀"),
    ('"=?utf-8?q?=C3=BC?="', '"ü"'),
    ("=?utf-8?q??=", ""),
    ("[#12] =?utf-8?q?=C3=BC?=[x]", "[#12] ü[x]"),
]


@pytest.mark.parametrize(("text", "decoded"), WORDS)
def test_encoded_words_are_read_as_they_were_meant(text, decoded):
    assert decode_words(text) == decoded


SUBJECTS = [
    (b"Subject: one\r\n two\r\n", "one two"),
    (b"Subject: one\r\n\ttwo\r\n", "one two"),
    (b"Subject:no blank\r\n", "no blank"),
    (b"SUBJECT: upper\r\n", "upper"),
    (b"Subject : blank before the colon\r\n", "blank before the colon"),
    (b"Subject: caf\xe9\r\n", "café"),
    (b"Subject: caf\xc3\xa9\r\n", "café"),
    (b"Subject: \r\n folded at once\r\n", "folded at once"),
    (b"Subject: \xcf\xf0\xe8\xe2\xe5\xf2\r\nContent-Type: text/plain; charset=windows-1251\r\n", "Привет"),
    (b"Subject: first\r\nSubject: second\r\n", "first"),
    (b"Subject:\r\nSubject: second\r\n", "second"),
    (b"this line is broken\r\nSubject: after it\r\n", "after it"),
    (b"X-Broken\r\nSubject: after it\r\n", "after it"),
    (b"\xff\xfe broken\r\nSubject: after it\r\n", "after it"),
    (b"\r\n\r\nSubject: after blank lines\r\n", "after blank lines"),
    (b"From carol@x.example Tue Mar 12 10:04:00 2024\r\nSubject: after an mbox line\r\n", "after an mbox line"),
    (b">From carol@x.example Tue Mar 12 10:04:00 2024\r\nSubject: after an mbox line\r\n", "after an mbox line"),
    (b"\xef\xbb\xbfSubject: after a byte order mark\r\n", "after a byte order mark"),
    (b"Subject: with a \x00 nul\r\n", "with a  nul"),
    (b"Received: from a by b\r\n\r\nSubject: after a stray blank line\r\n", "after a stray blank line"),
    (b"Subject: =?utf-8?q?folded_?=\r\n =?utf-8?q?words?=\r\n", "folded words"),
    (b"Subject: \x1b$BF|K\\\x1b(B\r\n", "日本"),
    (b"", ""),
]


@pytest.mark.parametrize("newline", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize(("headers", "subject"), SUBJECTS)
def test_the_subject_survives_what_surrounds_it(headers, subject, newline):
    raw = headers + b"To: help@acme.example\r\n\r\nHello\r\n"

    mail = parse(raw.replace(b"\r\n", newline))

    assert mail.subject == subject.replace("  ", " ")
    assert mail.text == "Hello"
    assert [a.email for a in mail.to] == ["help@acme.example"]


def test_a_body_that_follows_without_a_blank_line_is_kept():
    mail = parse(b"From: a@b.example\nSubject: x\nHello there, this is text.\nAnd more: of it.\n")

    assert mail.subject == "x"
    assert mail.text == "Hello there, this is text.\nAnd more: of it."


DATES = [
    ("Tue, 12 Mar 2024 10:04:05 +0100", "2024-03-12T10:04:05+01:00"),
    ("12 Mar 2024 10:04:05 +0100", "2024-03-12T10:04:05+01:00"),
    ("Tue, 12 Mar 2024 10:04 +0100", "2024-03-12T10:04:00+01:00"),
    ("Tue, 12 Mar 2024 10:04:05 +0100 (CET)", "2024-03-12T10:04:05+01:00"),
    ("Tue, 12 Mar 2024 10:04:05 GMT", "2024-03-12T10:04:05+00:00"),
    ("Tue, 12 Mar 2024 10:04:05 EST", "2024-03-12T10:04:05-05:00"),
    ("Tue, 12 Mar 2024 10:04:05 GMT+0100", "2024-03-12T10:04:05+01:00"),
    ("Tue, 12 Mar 2024 10:04:05 +01:00", "2024-03-12T10:04:05+01:00"),
    ("Tue, 12 Mar 2024 10:04:05 -0000", "2024-03-12T10:04:05+00:00"),
    ("Tue, 12 Mar 2024 10:04:05", "2024-03-12T10:04:05+00:00"),
    ("Tue, 12 Mar 24 10:04:05 +0100", "2024-03-12T10:04:05+01:00"),
    ("2024-03-12T10:04:05+01:00", "2024-03-12T10:04:05+01:00"),
    ("2024-03-12 10:04:05 +0100", "2024-03-12T10:04:05+01:00"),
    ("2024-03-12T10:04:05Z", "2024-03-12T10:04:05+00:00"),
    ("2024-03-12T10:04:05.123Z", "2024-03-12T10:04:05+00:00"),
    ("Tue Mar 12 10:04:05 2024", "2024-03-12T10:04:05+00:00"),
    ("Tuesday, 12-Mar-24 10:04:05 GMT", "2024-03-12T10:04:05+00:00"),
    ("Mar 12, 2024 2:04 PM", "2024-03-12T14:04:00+00:00"),
    ("Tue, 12 Mar 2024 10:04:60 +0000", "2024-03-12T10:04:59+00:00"),
    ("Tue, 12 Mar 2024 10:04:05 +9999", "2024-03-12T10:04:05+00:00"),
    ("yesterday", None),
    ("", None),
    ("Tue, 99 Mar 2024 10:04:05 +0100", None),
    ("Tue, 12 Mar 0004 10:04:05 +0100", "2004-03-12T10:04:05+01:00"),
    ("Tue, 12 Mar 9999 10:04:05 +0100", None),
    ("1 " * 5000, None),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates_are_read_or_missing_never_wrong(text, expected):
    moment = parse_date(text)

    assert moment == (datetime.fromisoformat(expected) if expected else None)
    assert moment is None or moment.tzinfo is not None


def test_a_date_without_a_zone_is_utc():
    assert parse_date("12 Mar 2024 10:04") == datetime(2024, 3, 12, 10, 4, tzinfo=UTC)


IDS = [
    ("<a@b>", ["<a@b>"]),
    ("<a@b> <c@d>", ["<a@b>", "<c@d>"]),
    ("<a@b><c@d>", ["<a@b>", "<c@d>"]),
    ("<a@b>,\n <c@d>", ["<a@b>", "<c@d>"]),
    ("a@b", ["<a@b>"]),
    ("a@b c@d", ["<a@b>", "<c@d>"]),
    ("<a b@c>", ["<ab@c>"]),
    ("<a@b> <a@b>", ["<a@b>"]),
    ("Your message of Tuesday <a@b>", ["<a@b>"]),
    ("<>", []),
    ("", []),
    ("<no-at-sign>", ["<no-at-sign>"]),
]


@pytest.mark.parametrize(("text", "ids"), IDS)
def test_message_ids_come_out_alike_however_they_are_written(text, ids):
    assert message_ids(text) == ids
