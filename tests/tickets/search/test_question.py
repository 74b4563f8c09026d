"""A question taken apart, as a table: what was typed, and what it means."""

from datetime import date

import pytest

from tickets.search.days import day_of
from tickets.search.question import MAX_LETTERS, MAX_PARTS, parse

TODAY = date(2026, 11, 25)


def said(text: str) -> list[str]:
    """Return the parts of a question as a person would read them out."""
    return [
        f"{'not ' if part.unwanted else ''}{part.sort} {part.day or part.value}{' …' if part.is_open else ''}"
        for part in parse(text, TODAY).parts
    ]


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("", []),
        ("   ", []),
        ("battery", ["word battery …"]),
        ("battery ", ["word battery"]),
        ("battery door", ["word battery", "word door …"]),
        ("bat* door ", ["word bat …", "word door"]),
        ("7Q-20418 ", ["word 7Q-20418"]),
        ("#1042 ", ["word #1042"]),
        ("anna@firm.example ", ["word anna@firm.example"]),
        ("https://firm.example/x ", ["word https://firm.example/x"]),
        ("at 12:30 ", ["word at", "word 12:30"]),
        ("Re: door ", ["word Re:", "word door"]),
        # exactly so
        ('"firmware update"', ["phrase firmware update"]),
        ("“firmware update”", ["phrase firmware update"]),
        ("„Neue Firmware“", ["phrase Neue Firmware"]),
        ('"not closed yet', ["phrase not closed yet"]),
        ('""', []),
        ('door"two words"', ["word door", "phrase two words"]),
        # without
        ("-battery", ["not word battery"]),
        ('-"two words"', ["not phrase two words"]),
        ("-is:closed", ["not is closed"]),
        ("e-mail ", ["word e-mail"]),
        # operators
        ("from:emma", ["from emma"]),
        ('FROM:"Emma Clarke"', ["from Emma Clarke"]),
        ("to:anna@firm.example", ["to anna@firm.example"]),
        ("cc:anna", ["to anna"]),
        ("is:open is:pending", ["is open", "is pending"]),
        ("is:waiting", ["is pending"]),
        ("IS:Closed", ["is closed"]),
        ("is:mine is:unassigned", ["is mine", "is unassigned"]),
        ("assignee:me", ["assignee me"]),
        ("assigned:none", ["assignee none"]),
        ('tag:"faulty goods"', ["tag faulty goods"]),
        ("-tag:recall", ["not tag recall"]),
        ("mailbox:orders", ["mailbox orders"]),
        ("has:attachment", ["has attachment"]),
        ("has:file", ["has attachment"]),
        ("before:2026-10-01", ["before 2026-10-01"]),
        ("after:2026-10", ["after 2026-10-01"]),
        ("after:7d", ["after 2026-11-18"]),
        (
            'battery "firmware update" -is:closed after:2026-10-01',
            ["word battery", "phrase firmware update", "not is closed", "after 2026-10-01"],
        ),
    ],
)
def test_what_was_typed_means(typed: str, meaning: list[str]) -> None:
    assert said(typed) == meaning
    assert parse(typed, TODAY).problems == ()


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("form:emma", "There is no operator “form:”"),
        ("subject:door", "There is no operator “subject:”"),
        ("from:", "Say behind “from:” what you look for."),
        ("-tag:", "Say behind “tag:” what you look for."),
        ('from:""', "Say behind “from:” what you look for."),
        ("is:green", "A ticket cannot be “green”. It is: open, pending"),
        ("has:money", "“has:” knows attachment only"),
        ("before:soon", "“soon” is no day."),
        ("after:2026-02-30", "“2026-02-30” is no day."),
        ("after:2026-13-01", "“2026-13-01” is no day."),
        ("before:99999d", "“99999d” is no day."),
        ("-before:2026-10-01", "“-before:” has no meaning."),
        ("x" * (MAX_LETTERS + 1), "letters at most"),
        ("word " * (MAX_PARTS + 1), "words and operators at most"),
    ],
)
def test_what_has_no_meaning_is_said_plainly(typed: str, problem: str) -> None:
    assert problem in " ".join(parse(typed, TODAY).problems)


def test_a_problem_hides_no_other() -> None:
    assert len(parse("foo:bar is:green before:soon", TODAY).problems) == 3


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-10-01", date(2026, 10, 1)),
        ("2026-1-9", date(2026, 1, 9)),
        ("2026-10", date(2026, 10, 1)),
        ("2025", date(2025, 1, 1)),
        ("Today", TODAY),
        ("yesterday", date(2026, 11, 24)),
        ("7d", date(2026, 11, 18)),
        ("2w", date(2026, 11, 11)),
        ("3m", date(2026, 8, 25)),
        ("11m", date(2025, 12, 25)),
        ("12m", date(2025, 11, 25)),
        ("1y", date(2025, 11, 25)),
        ("2026-02-29", None),
        ("1.10.2026", None),
        ("9999y", None),
        ("0000-01-01", None),
        ("d", None),
    ],
)
def test_a_day_is_read(written: str, day: date | None) -> None:
    assert day_of(written, TODAY) == day


def test_months_ago_end_with_the_month() -> None:
    assert day_of("1m", date(2026, 3, 31)) == date(2026, 2, 28)
    assert day_of("1m", date(2026, 12, 31)) == date(2026, 11, 30)
    assert day_of("1m", date(2026, 1, 31)) == date(2025, 12, 31)
