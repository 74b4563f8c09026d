"""What an answer says: text, signature and quote, as plain text and as HTML."""

import time

import pytest

from mailbox.bodies import Body, Quote, paragraphs, text_of


def test_a_body_without_anything_below_is_only_its_text() -> None:
    assert Body("Hello\r\n\r\nthere  \r\n\r\n").as_text() == "Hello\n\nthere\n"


def test_the_delimiter_keeps_its_blank() -> None:
    assert "\n-- \nAlice" in Body("Hi", "Alice").as_text()


def test_quoted_lines_carry_one_more_mark_each() -> None:
    quote = Quote("On Monday Carol wrote:", "new\n\n> old\n>> older", "")

    assert Body("Hi", "", quote).as_text() == "Hi\n\nOn Monday Carol wrote:\n> new\n>\n>> old\n>>> older\n"


def test_an_introduction_stays_on_its_line() -> None:
    quote = Quote("On Monday\r\n.\r\nBcc: x wrote:", "new", "")

    assert "\nOn Monday . Bcc: x wrote:\n> new" in Body("Hi", "", quote).as_text()


@pytest.mark.parametrize("given", ["<b>x</b>", "</div><script>alert(1)</script>", '" onmouseover="x', "&lt;i&gt;"])
def test_nothing_that_was_typed_is_markup(given: str) -> None:
    html = Body(given, given, Quote(given, "", "")).as_html()

    assert "<b>" not in html
    assert "<script" not in html
    assert '" onmouseover' not in html
    assert "<i>" not in html


def test_paragraphs_lines_and_links_are_kept() -> None:
    html = paragraphs("one\ntwo\n\nsee https://acme.example/a?b=1&c=2")

    assert "<p>one<br>\ntwo</p>" in html
    assert '<a href="https://acme.example/a?b=1&amp;c=2" rel="nofollow">' in html


def test_control_characters_go_and_letters_stay() -> None:
    assert text_of("\ufeffa\x00b\x1b[31mc\td\u2028e\x85f\ud800") == "ab[31mc\td\u2028ef?"


def test_a_long_text_takes_no_time() -> None:
    text = "http://" + "a." * 50_000 + "\n" + "(" * 50_000 + "\n" + "&lt;" * 20_000
    began = time.process_time()
    Body(text, "", Quote("x", text, "")).as_html()

    assert time.process_time() - began < 3  # a hard ceiling, not a measurement


def test_layout_leaves_as_it_is_and_plain_text_beside_it() -> None:
    body = Body("Hi b", "Alice", html="<p>Hi <strong>b</strong></p>")

    assert body.as_text() == "Hi b\n\n-- \nAlice\n"
    assert "<p>Hi <strong>b</strong></p>" in body.as_html()


def test_what_is_passed_on_is_not_indented() -> None:
    body = Body("See below", "", Quote("---- Forwarded ----", "From: Carol\n\nHelp", "<p>Help</p>", is_forward=True))

    assert body.as_text() == "See below\n\n---- Forwarded ----\nFrom: Carol\n\nHelp\n"
    assert "<blockquote" not in body.as_html()
