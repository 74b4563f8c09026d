"""SECURITY 9: characters that hide, turn or imitate are shown for what they are."""

import pytest

from tickets import visible
from tickets.visible import hides, imitates, named, reveal


@pytest.mark.parametrize(
    "sign",
    [
        "\u202e",
        "\u202d",
        "\u2066",
        "\u200f",
        "\u061c",
        "\u200b",
        "\ufeff",
        "\u00ad",
        "\x07",
        "\x1b",
        "\x85",
        "\u3164",
        "\U000e0041",
    ],
)
def test_what_hides_is_named(sign):
    text = f"invoice{sign}fdp.exe"

    assert hides(text)
    assert f"U+{ord(sign):04X}" in reveal(text)
    assert sign not in reveal(text)
    assert named(text) == f"invoice[U+{ord(sign):04X}]fdp.exe"


@pytest.mark.parametrize(
    "text",
    ["invoice.pdf", "Übung für Anfänger.pdf", "отчёт 2024.pdf", "報告書.pdf", "תקציב.xlsx", "تقرير.docx",
     "οδηγίες v2.txt", "می‌خواهم.txt", "👩‍👩‍👧.png", "café.txt", "\u200fתקציב\u200f 2024.pdf"],
)  # fmt: skip
def test_honest_names_stay_as_they_are(text):
    assert not hides(text)
    assert not imitates(text)
    assert reveal(text) == text


@pytest.mark.parametrize(
    ("text", "stranger"),
    [
        ("invоice.pdf", "о"),  # a Cyrillic o
        ("раypal.com", "р"),  # Cyrillic er and a
        ("Αmazon", "Α"),  # a Greek alpha
        ("отчeт.doc", "e"),  # a Latin e among Cyrillic
        ("ｐay.pdf", "ｐ"),  # a wide p
        ("𝐩ay.pdf", "𝐩"),  # a mathematical p
    ],
)
def test_letters_of_another_alphabet_are_marked(text, stranger):
    assert imitates(text)
    assert f">{stranger}</mark>" in reveal(text)


def test_nothing_in_a_text_becomes_an_element():
    text = "<b>x</b>\u202e<img src=x onerror=alert(1)>&amp; раypal"

    shown = reveal(text)
    assert "<b>" not in shown
    assert "<img" not in shown
    assert "&amp;amp;" in shown


def test_letters_that_are_not_looked_at_have_nothing_to_reveal():
    plain = [chr(code) for code in range(0x3000) if not visible._ODD.search(chr(code))]
    assert len(plain) > 500
    assert not [one for one in plain if hides(one) or imitates(one) or visible._shown(one)]
    assert not imitates("".join(plain))
