"""What sort of mail it is, why in words, and whether a machine may answer."""

# ruff: noqa: E501 - tables of samples read best unbroken

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mail.sorts import (
    DEAD,
    OURS,
    Sample,
    formal_reports,
    languages,
    letter,
    people,
    plain_bounces,
    programs,
    routes,
    wordings,
)
from tickets.mail import Classification, classify, parse
from tickets.mail.model import KINDS, ParsedMail
from tickets.mail.reasons import is_gone

SAMPLES = [
    pytest.param(sample, id=f"{module.__name__.rpartition('.')[2]}-{sample.name}")
    for module in (plain_bounces, formal_reports, languages, programs, routes, people, wordings)
    for sample in module.SAMPLES
]


def sort_of(raw: bytes) -> Classification:
    """Return how we sort a mail that came to our mailbox."""
    return classify(parse(raw), own_addresses=[OURS])


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_mail_is_known_for_what_it_is(sample: Sample):
    found = sort_of(sample.raw)

    assert found.kind == sample.kind, found.reason
    assert found.may_autorespond is sample.may, found.reason
    assert found.automatic is sample.automatic, found.reason
    assert sample.reason in found.reason
    assert found.reason.endswith(".")


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if one.values[0].kind in ("bounce", "delay", "receipt", "abuse")]
)
def test_a_report_names_whom_and_what_it_is_about(sample: Sample):
    found = sort_of(sample.raw).bounce

    assert found is not None
    if sample.recipients is not None:
        assert sorted(found.recipients) == sorted(sample.recipients)
    if sample.status is not None:
        assert found.status == sample.status
    if sample.about is not None:
        assert found.message_id == sample.about
    if sample.permanent is not None:
        assert found.permanent is sample.permanent


def test_every_sort_has_a_sample():
    assert {one.values[0].kind for one in SAMPLES} == set(KINDS)


def test_there_are_many_samples_and_each_has_its_own_name():
    names = [one.id for one in SAMPLES]

    assert len(names) == len(set(names)) >= 500


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_person_may_be_answered_automatically(kind: str):
    """DESIGN, section 3: automatic, distributed, reported, our own: never."""
    answered = [one.id for one in SAMPLES if one.values[0].kind == kind and sort_of(one.values[0].raw).may_autorespond]

    assert bool(answered) is (kind == "human")


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-generated", "Auto-Submitted: auto-replied", "Auto-Submitted: something-new", "Precedence: bulk",
        "Precedence: junk", "Precedence: list", "X-Precedence: bulk", "List-Id: <x>", "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: OOF", "X-Auto-Response-Suppress: AutoReply", "Return-Path: <>",
        "Return-Path: <MAILER-DAEMON>", f"From: {OURS}", "From: no-reply@x.example", "From: postmaster@x.example",
        "From: MAILER-DAEMON@x.example", f"Reply-To: {OURS}", f"X-Loop: {OURS}", "X-Loop: yes", "X-Autoreply: yes", "X-Failed-Recipients: a@x.example",
    ],
)  # fmt: skip
def test_each_of_these_headers_alone_forbids_an_automatic_answer(header: str):
    assert not sort_of(letter("Subject: The door", header)).may_autorespond


def test_the_reason_for_a_failure_is_in_words_an_agent_knows():
    raw = next(one.values[0].raw for one in SAMPLES if one.id == "formal_reports-hosted-mail")

    assert sort_of(raw).reason == f"Delivery to {DEAD} failed: the mailbox is full (5.2.2)."


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("postfix", True),
        ("qmail", True),
        ("exchange-online", True),
        ("sendmail-5", True),
        ("domino", True),
        ("imail", True),
        ("exchange-2010", False),  # full
        ("t-online", False),  # full
        ("exim", False),  # refused
        ("qmail-gave-up", False),  # their server did not answer
        ("mimecast", False),
    ],
)
def test_only_an_address_that_does_not_exist_is_gone(name: str, gone: bool):
    raw = next(one.raw for one in plain_bounces.SAMPLES if one.name == name)
    found = sort_of(raw).bounce

    assert found is not None
    assert is_gone(found) is gone, found


def test_many_recipients_are_counted_not_listed():
    fields = "\n".join(f"Final-Recipient: rfc822; p{n}@x.example\nAction: failed\nStatus: 5.1.1\n" for n in range(9))

    assert "p2@x.example and 6 more failed" in sort_of(formal_reports.report("Subject: failure", fields=fields)).reason


def test_addresses_of_ours_are_compared_without_regard_to_case():
    found = classify(parse(letter("Subject: The door", f"From: {OURS.upper()}")), own_addresses=[OURS.title()])

    assert found.kind == "own"


TEXTS = st.text(max_size=300) | st.sampled_from(
    ["a@b.example", "<a@b.example>: ", "550 5.1.1 ", "Message-ID: <", "Final-Recipient: rfc822; ", "Action: failed\n", "\n\n",
     "out of office ", "delivery has failed ", "Received: ", "\x00", "İ", "undeliverable: ", "?"]
)  # fmt: skip
HEADERS = st.sampled_from(
    ["From", "To", "Subject", "Return-Path", "Auto-Submitted", "Precedence", "X-Failed-Recipients", "X-Loop", "References",
     "Authentication-Results", "Received", "X-Forefront-Antispam-Report", "X-MS-Exchange-Organization-SCL", "Sender",
     "Content-Type", "X-Auto-Response-Suppress", "Delivered-To"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(HEADERS, st.lists(TEXTS, max_size=4)), max_size=8), st.lists(TEXTS, max_size=12))
def test_any_headers_and_any_words_have_a_sort(headers: list[tuple[str, list[str]]], words: list[str]):
    head = "".join(f"{name}: {' '.join(' '.join(values).split())}\n" for name, values in headers)
    found = sort_of(f"{head}\n{''.join(words)}".encode("utf-8", "surrogatepass"))

    assert found.kind in KINDS
    assert found.reason.endswith(".")
    assert not (found.may_autorespond and found.kind != "human")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_damaged_mail_still_has_a_sort(seed: int):
    chance = random.Random(seed)
    raw = bytearray(chance.choice(SAMPLES).values[0].raw)
    for _ in range(chance.randint(1, 30)):
        at = chance.randrange(len(raw) + 1)
        raw[at : at + chance.randint(0, 40)] = chance.choice(
            [b"", b"\n", b"\n\n", b"--xyz", b"<", b"@", b"\xff", b": ", b"5.1.1"]
        )

    assert sort_of(bytes(raw)).kind in KINDS


LONG = {
    "an address without end": "a@" + "b." * 500_000,
    "local parts without end": "a" * 1_000_000,
    "addresses of addresses": "a@b.c@" * 170_000,
    "addresses": "a@b.example " * 80_000,
    "labels": "recipient: " * 90_000,
    "brackets": "<" * 1_000_000,
    "blanks": " " * 1_000_000 + "x",
    "line ends": "\n" * 1_000_000,
    "codes": "5.1.1.1." * 120_000,
    "replies": "550 " * 250_000,
    "fields": "Final-Recipient: rfc822; a\n" * 38_000,
    "folded fields": "Action: failed\n" + " a\n" * 330_000,
    "message ids": "Message-ID:\n" * 80_000,
    "absence": "on vacation until " * 55_000,
    "promises": "urgent " * 140_000,
    "beginnings of copies": "the original message " * 48_000,
    "colons": ":" * 1_000_000,
    "dashes": "-" * 1_000_000,
    "parentheses": "(" * 1_000_000,
}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("place", ["subject", "body", "header", "report"])
def test_hostile_text_is_sorted_in_bounded_time(name: str, place: str):
    text = LONG[name]
    flat = " ".join(text.split())[:60_000]
    raws = {
        "subject": letter(f"Subject: {flat}", "Return-Path: <>"),
        "body": letter("Subject: Undeliverable: x", "From: MAILER-DAEMON@x.example", "In-Reply-To: <x@y>", body=text),
        "header": letter(
            "Subject: x",
            f"X-Failed-Recipients: {flat}",
            f"Authentication-Results: {flat}",
            f"X-Loop: {flat}",
            f"Sender: {flat}",
        ),
        "report": formal_reports.report("Subject: Undelivered", fields=text, words=text, copy=text),
    }
    mail = parse(raws[place])

    assert min(seconds_to_sort(mail) for _ in range(2)) < 0.1


def seconds_to_sort(mail: ParsedMail) -> float:
    """Return the time on the processor that sorting takes."""
    begun = time.process_time()
    classify(mail, own_addresses=[OURS])
    return time.process_time() - begun
