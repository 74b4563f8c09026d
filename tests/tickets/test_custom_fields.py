"""Custom fields: defined by admins, filled in by agents, never lost by either."""

import pytest
from django.utils import translation

from accounts.errors import ActionRefused
from tickets.actions.define_field import (
    MAX_FIELDS,
    change_field,
    make_field,
    retire_field,
    shift_field,
    take_up_field,
)
from tickets.actions.merge import merge_tickets
from tickets.actions.set_fields import set_fields
from tickets.custom_fields import BadValue, read_value, shown_value, value_of
from tickets.models import CustomField, Event, Ticket

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def make(bob):
    """Makes a field of tickets, as the admin."""

    def made(name="Order", kind="text", words=(), subject="ticket"):
        return make_field(subject=subject, kind=kind, name=name, words=words, by=bob)

    return made


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def names():
    return [one.name for one in CustomField.objects.all().of_tickets().in_use()]


# --- Values ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  AL26  05512 ", "AL26 05512"),
        ("text", "", ""),
        ("number", "1234.50", "1234.50"),
        ("number", "12,5", "12.5"),
        ("number", "−3", "-3"),
        ("number", "1e3", "1000"),
        ("date", "2026-11-25", "2026-11-25"),
        ("choice", "Blue", "Blue"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(make, kind, typed, kept):
    assert read_value(make(kind=kind, words=["Blue", "Red"]), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("text", "x" * 501, "500 letters at most"),
        ("number", "twelve", "is a number"),
        ("number", "NaN", "is a number"),
        ("number", "Infinity", "is a number"),
        ("number", "1_000", "is a number"),
        ("number", "1,000,000", "is a number"),
        ("number", "1e99", "18 digits at most"),
        ("number", "1" * 19, "18 digits at most"),
        ("date", "25.11.2026", "year, month and day"),
        ("date", "2026-02-30", "year, month and day"),
        ("choice", "Green", "one of the words"),
    ],
)
def test_what_is_no_value_is_refused_in_a_sentence_that_names_the_field(make, kind, typed, says):
    with pytest.raises(BadValue, match=says) as told:
        read_value(make(name="Delivery", kind=kind, words=["Blue", "Red"]), typed)
    assert "Delivery" in str(told.value)


def test_values_are_shown_as_people_write_them(make):
    with translation.override("en"):
        assert shown_value(make(kind="date"), "2026-11-25") == "25 November 2026"
        assert shown_value(make("Sum", kind="number"), "1234.50") == "1,234.50"
        assert shown_value(make("Order number"), "<b>x</b>") == "<b>x</b>"
        assert shown_value(make("Count", kind="number"), "") == ""


# --- On a ticket -----------------------------------------------------------------------------------------------------
def test_values_are_set_changed_and_taken_away_and_the_history_says_which_field(make, ticket, alice):
    order, count = make(), make("Count", kind="number")
    set_fields(ticket, changes={order: ("", "AL26"), count: ("", "3")}, by=alice)
    assert (value_of(order, fresh(ticket).fields), value_of(count, fresh(ticket).fields)) == ("AL26", "3")

    set_fields(ticket, changes={order: ("AL26", ""), count: ("3", "3")}, by=alice)

    assert fresh(ticket).fields == {count.pk.hex: "3"}
    told = [(event.verb, event.field, event.by) for event in Event.objects.order_by("pk")]
    assert told == [("field_changed", order, alice), ("field_changed", count, alice), ("field_changed", order, alice)]


def test_a_value_that_somebody_changed_meanwhile_is_not_lost(make, ticket, alice, bob):
    order, count = make(), make("Count", kind="number")
    set_fields(ticket, changes={order: ("", "AL26")}, by=bob)

    with pytest.raises(ActionRefused, match="It is now: AL26"):
        set_fields(ticket, changes={count: ("", "3"), order: ("", "AL27")}, by=alice)

    assert fresh(ticket).fields == {order.pk.hex: "AL26"}
    set_fields(ticket, changes={order: ("AL26", "AL27")}, by=alice)
    assert fresh(ticket).fields == {order.pk.hex: "AL27"}


def test_nothing_is_set_where_one_value_is_bad(make, ticket, alice):
    with pytest.raises(ActionRefused, match="is a number"):
        set_fields(ticket, changes={make(): ("", "AL26"), make("Count", kind="number"): ("", "many")}, by=alice)

    assert fresh(ticket).fields is None
    assert not Event.objects.exists()


def test_fields_of_contacts_and_retired_ones_are_not_set_on_a_ticket(make, ticket, alice, bob):
    retired = make()
    retire_field(retired, by=bob)

    for field in (retired, make("Customer number", subject="contact")):
        with pytest.raises(ActionRefused, match="no longer asked for"):
            set_fields(ticket, changes={field: ("", "x")}, by=alice)


def test_a_merged_ticket_has_no_fields_to_set(acme, mailbox, make, ticket, alice, bob):
    from tests.factories import make_ticket

    merge_tickets(ticket, into=make_ticket(acme, mailbox=mailbox), by=bob)
    with pytest.raises(ActionRefused, match="merged into #"):
        set_fields(ticket, changes={make(): ("", "x")}, by=alice)


# --- Defining --------------------------------------------------------------------------------------------------------
def test_fields_stand_in_their_order_and_are_shifted(make, bob):
    for name in ("One", "Two", "Three"):
        make(name)
    two = next(one for one in CustomField.objects.all() if one.name == "Two")

    shift_field(two, up=True, by=bob)
    assert names() == ["Two", "One", "Three"]
    shift_field(two, up=True, by=bob)
    assert names() == ["Two", "One", "Three"]
    shift_field(two, up=False, by=bob)
    shift_field(two, up=False, by=bob)
    assert names() == ["One", "Three", "Two"]


def test_a_retired_field_keeps_its_values_and_comes_back_with_them(make, ticket, alice, bob):
    field = make()
    set_fields(ticket, changes={field: ("", "AL26")}, by=alice)

    retire_field(field, by=bob)
    assert names() == []
    assert value_of(field, fresh(ticket).fields) == "AL26"
    take_up_field(field, by=bob)

    assert names() == ["Order"]


def test_renaming_and_other_words_leave_values_as_they_are(make, ticket, alice, bob):
    field = make(kind="choice", words=["Blue", "Red"])
    set_fields(ticket, changes={field: ("", "Blue")}, by=alice)

    change_field(field, name="Colour", words=["Red", "red ", "Red", "", "Green"], by=bob)

    assert (names(), CustomField.objects.get().words) == (["Colour"], ["Red", "red", "Green"])
    assert value_of(field, fresh(ticket).fields) == "Blue"
    set_fields(ticket, changes={field: ("Blue", "Blue")}, by=alice)


def test_a_name_is_used_once_of_a_subject_whatever_its_case(make):
    make("Order")
    make("Order", subject="contact")
    with pytest.raises(ActionRefused, match="of this name already"):
        make(" order ")


@pytest.mark.parametrize("fields", [{"name": " "}, {"kind": "choice"}, {"kind": "choice", "words": ["x" * 101]}])
def test_a_field_needs_a_name_and_a_choice_words(make, fields):
    with pytest.raises(ActionRefused):
        make(**fields)
    assert not CustomField.objects.exists()


def test_there_is_a_bound_of_fields_in_use(make, bob):
    made = [make(f"Field {n}") for n in range(MAX_FIELDS)]
    with pytest.raises(ActionRefused, match="30 fields already"):
        make("One more")
    retire_field(made[0], by=bob)
    make("One more")
    with pytest.raises(ActionRefused, match="30 fields already"):
        take_up_field(made[0], by=bob)


def test_agents_define_nothing(make, alice):
    field = make()
    for act in (
        lambda: make_field(subject="ticket", kind="text", name="Mine", by=alice),
        lambda: change_field(field, name="Mine", by=alice),
        lambda: retire_field(field, by=alice),
        lambda: take_up_field(field, by=alice),
        lambda: shift_field(field, up=True, by=alice),
    ):
        with pytest.raises(ActionRefused):
            act()
    assert names() == ["Order"]
