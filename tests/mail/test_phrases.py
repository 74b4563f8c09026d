"""Tables of expressions: quick because most are ruled out by a piece of them, and never at the price of a miss."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.mail import automatic_words, bounce_words
from tickets.mail.phrases import Phrases, alternatives, needed, plainly

TABLES = [
    (f"{module.__name__.rpartition('.')[2]}.{name}", table)
    for module in (automatic_words, bounce_words)
    for name, table in vars(module).items()
    if isinstance(table, Phrases)
]
EXPRESSIONS = [
    pytest.param(pattern, id=f"{name}: {pattern.pattern[:50]}") for name, table in TABLES for _, pattern in table._all
]


def test_a_text_is_read_in_small_letters_and_on_one_line():
    assert plainly(" Out  of\r\nthe\tOFFICE İzin ") == "out of the office izin"


def test_bars_in_brackets_do_not_divide():
    assert alternatives("a | b(?:c | d)\ne") == ["a", "b(?:c | d)", "e"]


@pytest.mark.parametrize(
    ("expression", "pieces"),
    [
        ("undeliverable", ("undeliverable",)),
        ("could not (?:be )?deliver", ("could not ",)),
        ("(?:urgent|immediate)[^.]{0,9}call", ("urgent", "immediate")),
        ("colou?r", ("colo",)),
        (r"\bleave\b", ("leave",)),
        ("[ab]+", ("",)),
    ],
)
def test_a_piece_of_each_expression_is_known(expression: str, pieces: tuple[str, ...]):
    assert needed(expression) == pieces


@pytest.mark.parametrize("pattern", EXPRESSIONS)
def test_expressions_are_written_as_texts_are_read(pattern: re.Pattern[str]):
    assert pattern.pattern == pattern.pattern.lower()
    assert min(len(piece.encode()) for piece in needed(pattern.pattern)) >= 3, "too short to rule anything out"


@settings(max_examples=1000, deadline=None)
@given(st.data())
def test_whatever_matches_an_expression_has_its_piece(data: st.DataObject):
    pattern: re.Pattern[str] = data.draw(st.sampled_from(EXPRESSIONS)).values[0]
    text = data.draw(st.from_regex(pattern))

    assert any(piece in text for piece in needed(pattern.pattern))


def test_the_leftmost_expression_is_found_whatever_its_place_in_the_table():
    table = Phrases("deux | a+n | trois")

    found = table.search("un et deux")
    assert found is not None
    assert found.start() == 6
    assert table.search("an deux").group() == "an"
    assert table.search("quatre") is None
    assert table.is_in("trois")
