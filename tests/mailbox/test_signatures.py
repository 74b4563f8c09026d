"""Variables of texts: two words each, filled in once, and no way from them to anything else (SECURITY 55)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.signatures import SIGNATURE_VARIABLES, fill_in, unknown_variables

VALUES = {"agent": "Alice Agent", "sender": "Acme"}


def test_variables_are_filled_in_wherever_they_stand() -> None:
    assert fill_in("{agent}\n{sender} · {sender}\n+46 8 123", VALUES) == "Alice Agent\nAcme · Acme\n+46 8 123"


def test_a_line_of_nothing_but_an_empty_variable_is_left_out() -> None:
    assert fill_in("{agent}\n\n{sender}", {"agent": "", "sender": "Acme"}) == "Acme"
    assert fill_in("Greetings\n{agent}\n{sender}", {"agent": "", "sender": "Acme"}) == "Greetings\nAcme"


@pytest.mark.parametrize(
    "trick",
    [
        "{agent.__class__}", "{agent!r}", "{agent:>99999999}", "{0}", "{}", "{agent[0]}", "{{agent.x}}", "%(agent)s",
        "{{ agent.__class__.__mro__ }}", "{% debug %}", "${agent.x}", "{settings}", "{self}", "{ agent }",
    ],
)  # fmt: skip
def test_nothing_but_the_bare_word_is_a_variable(trick: str) -> None:
    assert fill_in(trick, VALUES) == trick


def test_a_value_that_looks_like_a_variable_stays_as_it_is() -> None:
    assert fill_in("{agent} {sender}", {"agent": "{sender}{agent}", "sender": "Acme"}) == "{sender}{agent} Acme"


def test_a_value_stays_on_its_line() -> None:
    assert fill_in("{agent}", {"agent": "Alice\r\nBcc: x@y.example"}) == "Alice Bcc: x@y.example"


def test_words_in_braces_that_are_no_variable_are_found() -> None:
    assert unknown_variables("{agent} {agnet} {number} {agnet} {x.y} {}", SIGNATURE_VARIABLES) == ["agnet", "number"]


@given(st.text(st.sampled_from("{}agentsdr.\n %_[]"), max_size=60), st.text(max_size=20))
def test_filling_in_never_raises_and_never_doubles(text: str, value: str) -> None:
    filled = fill_in(text, {"agent": value, "sender": "S"})

    assert len(filled) <= len(text) + text.count("{agent}") * len(value) + text.count("{sender}")
