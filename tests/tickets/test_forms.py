"""People as agents write them (SECURITY 17): what is read is what stands there."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from mailbox.addresses import one_line
from tickets.forms import PeopleField, ReplyForm, written

NASTY = st.text(st.sampled_from("ab ,;\"\\()<>@:\r\n\t\x00\u2028öå'=?"), max_size=60)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("a@x.example", [("", "a@x.example")]),
        ("Ann <a@x.example>, b@x.example", [("Ann", "a@x.example"), ("", "b@x.example")]),
        ("a@x.example; b@x.example\nc@x.example", [("", f"{one}@x.example") for one in "abc"]),
        ('"Lee, Ann" <a@x.example>', [("Lee, Ann", "a@x.example")]),
        ('"Lee; \\"Ann\\"" <a@x.example>', [('Lee; "Ann"', "a@x.example")]),
        ("A@x.example, a@X.example", [("", "A@x.example")]),
        ("Åsa Öberg <asa@x.example>", [("Åsa Öberg", "asa@x.example")]),
        ("< a@x.example >,,", [("", "a@x.example")]),
        ("info@bücher.example", [("", "info@bücher.example")]),
    ],
)
def test_people_are_read_as_mail_programs_write_them(text, people):
    assert PeopleField().clean(text) == people


@pytest.mark.parametrize(
    "text",
    [
        "ann", "a@", "a@x.example, nobody", "<>", "a b c", "a@x.example b@x.example", "<a@x.example", "a@x.example>",
        "<a@x.example><b@x.example>", '"a@x.example', "Ann <a@x.example> <b@x.example>", "group: a@x.example",
        "(note) a@x.example", "a@x.example (note)", '"a,b"@x.example', "jörg@x.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_named(text):
    with pytest.raises(ValidationError):
        PeopleField().clean(text)


def test_letters_before_the_at_are_explained():
    with pytest.raises(ValidationError, match="only a to z without accents"):
        PeopleField().clean("Jörg <jörg@x.example>")


def test_what_was_written_reads_back_the_same():
    people = [("Lee, Ann", "a@x.example"), ("Åsa", "b@x.example"), ("", "c@x.example"), ('Q "U" T\\', "d@x.example")]

    assert PeopleField().clean(written(people)) == people


@given(st.lists(NASTY, min_size=1, max_size=4))
def test_no_name_changes_who_gets_it(names):
    people = [(one_line(name), f"p{number}@x.example") for number, name in enumerate(names)]

    assert PeopleField().clean(written(list(zip(names, [a for _, a in people], strict=True)))) == people


@given(NASTY)
def test_nobody_is_read_who_does_not_stand_there(text):
    try:
        people = PeopleField(required=False).clean(text)
    except ValidationError:
        return
    assert all(address in text for _name, address in people)
    assert len(people) <= text.count("@")


def test_an_answer_leaves_only_from_an_address_of_the_mailbox():
    said = {"to": "a@x.example", "text": "Hi", "sender": "ceo@bank.example"}
    form = ReplyForm(said, senders=["help@acme.example", "hello@acme.example"])

    assert not form.is_valid()
    assert "sender" in form.errors
    assert ReplyForm({**said, "sender": "hello@acme.example"}, senders=["hello@acme.example"]).is_valid()
