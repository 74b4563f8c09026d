"""Which quoted lines repeat what was sent, and which somebody wrote in between."""

import time

from hypothesis import given
from hypothesis import strategies as st

from tickets.mail.folded import fold, folded_lines
from tickets.mail.known_text import KnownText, compare

SENT = """Hello Carol,

thank you for your mail. Which printer is it, and since when does it not work any more?
Please look at https://acme.example/Help/Printers first.

Since when?

Kind regards
Alice"""
TEXT = """On Tue, Mar 12, 2024 at 10:04 AM Acme Support <
help@acme.example> wrote:

> Hello Carol,
>
> thank you for your mail. Which
> printer is it, and since when does it not work any more?
> Please look at https://acme.example/help/printers first.
>
> Since when?
>
> Kind regards
> Alice"""
QUOTED = TEXT.split("\n")


def with_line(after: str, line: str) -> list[str]:
    """Return the quotation with a line put in."""
    at = next(index for index, one in enumerate(QUOTED) if after in one)
    return [*QUOTED[: at + 1], line, *QUOTED[at + 1 :]]


def test_a_quotation_that_was_wrapped_anew_repeats_what_was_sent():
    found = compare(QUOTED, [SENT])

    assert (found.elsewhere, found.added()) == (0, "")
    assert found.count == 9


def test_a_line_written_into_a_quotation_is_new():
    assert (
        compare(with_line("any more?", "> The blue one, in the hall."), [SENT]).added() == "The blue one, in the hall."
    )


def test_a_short_answer_is_new_though_its_word_was_sent_elsewhere():
    sent = [SENT, "Yes\n\nCarol"]

    assert compare(with_line("Since when?", "> Yes"), sent).added() == "Yes"
    assert compare(with_line("any more?", "> Yes"), sent).added() == "Yes"


def test_an_answer_behind_the_question_on_its_line_is_new():
    lines = [line.replace("Since when?", "Since when? Since Monday.") for line in QUOTED]

    assert compare(lines, [SENT]).added() == "Since when? Since Monday."


def test_short_lines_around_an_answer_are_still_known():
    found = compare(with_line("Since when?", "since monday"), [SENT])

    assert found.added() == "since monday"
    assert found.elsewhere == 1


def test_links_that_a_filter_rewrote_are_known_and_other_links_are_not():
    safe = "> https://safe.example/?url=https%3A%2F%2Facme.example%2FHelp%2FPrinters&data=1"

    assert compare(with_line("first.", safe), [SENT]).elsewhere == 0
    assert compare(with_line("first.", "> https://evil.example/help"), [SENT]).added() == "https://evil.example/help"


def test_a_quotation_of_something_else_is_not_in_the_conversation_and_not_added():
    lines = ["On 12 Mar 2024, at 10:04, Dan <dan@x.example> wrote:", "> Lunch at noon on Friday?", "> The usual place."]
    found = compare(lines, [SENT])

    assert (found.elsewhere, found.added()) == (2, "")


def test_what_programs_write_around_a_quotation_is_not_new():
    lines = [
        "-----Original Message-----",
        "From: Acme <help@acme.example>",
        "Sent: Tuesday, March 12, 2024 10:04 AM",
        "To: Carol <carol@x.example>",
        "Subject: Printer",
        "CAUTION: This email originated from outside of the organization.",
        *SENT.split("\n"),
        "Sent from my iPhone",
    ]
    found = compare(lines, [SENT])

    assert (found.elsewhere, found.added()) == (0, "")


def test_text_without_spaces_between_words_is_compared_too():
    sent = "小满，打印机坏了，请问是哪一台？从什么时候开始的？"
    found = compare(
        [
            "2024年3月12日 10:04，Acme <help@acme.example> 写道：",
            "> 小满，打印机坏了，",
            "> 蓝色的那台。",
            "> 请问是哪一台？从什么时候开始的？",
        ],
        [sent],
    )

    assert found.added() == "蓝色的那台。"


def test_a_conversation_knows_what_earlier_mails_quoted():
    known = KnownText()
    header = "From: Dan <dan@x.example>\nSent: 12 March 2024 10:04\nTo: Carol <carol@x.example>\nSubject: x"
    old = f"{header}\n\nLunch at noon on Friday?"

    first = fold(f"Please see.\n\n{old}", "Please see.", known)
    again = fold(f"Any news?\n\n{old}", "Any news?", known)

    assert (first.lines, first.elsewhere) == (5, 1)
    assert (again.lines, again.elsewhere) == (5, 0)


def test_the_writers_own_signature_is_folded_and_is_no_quotation():
    whole = "It works.\n\n-- \nCarol\nCustomer Ltd\n\n" + "\n".join(QUOTED)
    known = KnownText()
    known.add(SENT)
    found = fold(whole, "It works.", known)

    assert (found.lines, found.elsewhere, found.added) == (9, 0, "")
    assert "Customer Ltd" in found.text
    assert fold("It works.\n\n-- \nCarol", "It works.", KnownText()).is_signature


def test_a_signature_below_the_quotation_is_not_added():
    known = KnownText()
    known.add(SENT)

    assert fold("\n".join([*QUOTED, "", "-- ", "Carol", "Customer Ltd"]), "", known).added == ""


def test_folded_lines_are_those_that_are_not_new():
    assert folded_lines("a\n> q\nb\n> r\nc", "a\n\nb\nc") == ["> q", "> r"]
    assert folded_lines("Yes. On Tue, Mar 12, 2024 at 10:04 AM, a@x.example wrote:\n> q", "Yes.") == [
        "On Tue, Mar 12, 2024 at 10:04 AM, a@x.example wrote:",
        "> q",
    ]


def test_folded_lines_of_a_mail_whose_new_part_has_other_wraps():
    assert folded_lines("a b\nc\n> q", "a\nb\nc") == ["a b", "> q"]


LINES = st.lists(st.text(alphabet="ab >\n:.h", max_size=30), max_size=30)


@given(whole=LINES, new=LINES)
def test_what_is_folded_stands_in_the_mail(whole: list[str], new: list[str]):
    text = "\n".join(whole)
    lines = text.split("\n")

    assert all(any(one in line for line in lines) for one in folded_lines(text, "\n".join(new)))


@given(quoted=LINES, sent=LINES)
def test_every_quoted_line_gets_an_answer(quoted: list[str], sent: list[str]):
    lines = "\n".join(quoted).split("\n")
    found = compare(lines, sent)

    assert len(found.kinds) == len(found.lines) == len(lines)
    assert found.elsewhere <= len(lines)


def test_huge_quotations_are_compared_in_time():
    for text in (
        "> a\n" * 250_000,
        "a" * 1_000_000,
        "https://x.example/a " * 50_000,
        "On 12 Mar 2024 a@x.example wrote:\n" * 30_000,
    ):
        known = KnownText()
        known.add(f"x{text[::-1]}")
        began = time.process_time()
        fold(text, "zzz", known)

        assert time.process_time() - began < 4
