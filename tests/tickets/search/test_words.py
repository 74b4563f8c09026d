"""Words: the text of a mail and the question for it must meet in one term, in every language and spelling."""

import pytest

from tickets.search.expressions import terms_in
from tickets.search.stems import stems
from tickets.search.wording import word_expressions
from tickets.search.words import beginnings_of, parts_of, pieces_of, plain_words, terms_of


def meet(text: str, language: str, asked: str) -> bool:
    """Return whether any term of the question is one of the text's."""
    kept = {term for piece in pieces_of(text) for term in terms_of(piece, language)}
    return bool(kept & {term for one in word_expressions(asked) for term in terms_in(one)})


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "Two batteries arrived", "battery"),
        ("en", "It was delivered", "deliver"),
        ("nl", "De facturen kloppen niet", "factuur"),
        ("nl", "Kapotte zakken", "zak"),
        ("de", "Die Lieferungen fehlen", "Lieferung"),
        ("de", "Häuser", "hauser"),
        ("de", "Müller", "Mueller"),
        ("de", "Müller", "Muller"),
        ("de", "Straße", "strasse"),
        ("sv", "Cyklarna är trasiga", "cyklar"),
        ("sv", "Bromsarna", "broms"),
        ("fr", "Les commandes livrées", "livré"),
        ("fr", "élève", "eleve"),
        ("es", "Las facturas pagadas", "factura"),
        ("da", "Pæne cykler", "paene"),
        ("pl", "Zamówienie", "zamowienie"),
        ("", "Smørrebrød", "smorrebrod"),
        ("ja", "配送状況の確認", "配送"),
        ("en", "Order 7Q-20418 is late", "7q20418"),
        ("en", "Order 7Q20418 is late", "7Q20418"),
        ("en", "Write to anna@firm.example", "anna@firm.example"),
        ("en", "See https://www.firm.example/terms", "firm.example"),
        ("en", "Send an e-mail", "email"),
    ],
)
def test_a_question_meets_the_text(language: str, text: str, asked: str) -> None:
    assert meet(text, language, asked)


@pytest.mark.parametrize(
    ("text", "asked"),
    [("The door is shut", "window"), ("anna@firm.example", "anna@other.example"), ("The", "the")],
)
def test_what_is_not_there_does_not_meet(text: str, asked: str) -> None:
    assert not meet(text, "en", asked)


def test_a_short_text_is_kept_under_the_stems_of_every_language() -> None:
    assert stems("lieferungen", "?") >= stems("lieferungen", "de") | stems("lieferungen", "en")


def test_beginnings_start_at_the_third_letter() -> None:
    assert {"gbat", "gbatt", "gbatteri"} <= beginnings_of("Batteries")
    assert "gba" not in beginnings_of("Batteries")


def test_scripts_without_blanks_give_every_two_letters() -> None:
    assert parts_of("配送状況") == ["配送", "送状", "状況"]


def test_plain_words_are_what_phrases_are_looked_up_in() -> None:
    assert plain_words("Die  Straße, (neu)\nist  zu.") == "die strasse neu ist zu"
