"""Every letter says what it means: the corpus of tests/mail/letters, class by class."""

import pytest

from tests.mail.letters import Letter, letters, understood
from tickets.mail import parse

LETTERS = letters()


@pytest.mark.parametrize("letter", LETTERS, ids=str)
def test_a_letter_is_understood(letter: Letter):
    assert understood(parse(letter.raw), list(letter.means)) == letter.means


@pytest.mark.parametrize("letter", [one for one in LETTERS if b"\x00" not in one.raw], ids=str)
def test_a_letter_with_bare_line_feeds_means_the_same(letter: Letter):
    names = [name for name in letter.means if name not in ("files", "contents")]  # a file keeps its own line ends

    assert understood(parse(letter.raw.replace(b"\r\n", b"\n")), names) == {name: letter.means[name] for name in names}


def test_there_are_letters_of_every_class_of_trouble():
    kinds = {letter.kind for letter in LETTERS}

    assert len(kinds) >= 18
    assert len(LETTERS) >= 200
    assert len({(letter.kind, letter.title) for letter in LETTERS}) == len(LETTERS)
