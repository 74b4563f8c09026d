"""Finding contacts by an address, a domain or the beginning of a word, through keyed codes."""

import pytest

from tests import factories
from tickets.actions.contacts.edit import edit_contact
from tickets.contacts import finding
from tickets.contacts.codes import plain_words, words_of
from tickets.contacts.finding import page_of
from tickets.models import Contact, ContactCode

pytestmark = pytest.mark.usefixtures("scope")


def names(me, wanted):
    return [one.name for one in page_of(me, wanted, None)]


@pytest.mark.parametrize(
    "wanted",
    [
        "nora@northlight.example",
        "NORA@Northlight.Example",
        "@northlight.example",
        "nor",
        "Nordl",
        "nora nord",
        "nordlund nora",
        "nora@north",
        "northlight",
        " nora ",
    ],
)
def test_she_is_found_by(wanted, alice, nora, acme):
    factories.make_contact(acme, name="Norbert Other", address="n@elsewhere.example")

    assert "Nora Nordlund" in names(alice, wanted)


@pytest.mark.parametrize(
    "wanted", ["norma", "no", "ora", "nora smith", "nora@other.example", "@light.example", "@", "-"]
)
def test_she_is_not_found_by(wanted, alice, nora):
    assert names(alice, wanted) == []


@pytest.mark.parametrize("wanted", ["Zoë Ångström", "zoe", "angstrom", "ÅNG", "ZOË"])
def test_accents_do_not_matter(wanted, alice, acme):
    factories.make_contact(acme, name="Zoë Ångström")

    assert names(alice, wanted) == ["Zoë Ångström"]


@pytest.mark.parametrize(("name", "wanted"), [("李小龍", "李"), ("Bo Li", "bo"), ("Анна Петрова", "петр")])
def test_short_names_and_other_scripts_are_found(name, wanted, alice, acme):
    factories.make_contact(acme, name=name)

    assert names(alice, wanted) == [name]


def test_a_changed_name_is_found_and_the_old_one_is_not(alice, nora):
    edit_contact(nora, name="Petra Persson", company="", by=alice)

    assert names(alice, "petra") == ["Petra Persson"]
    assert names(alice, "nordlund") == []
    assert names(alice, "nora") == ["Petra Persson"]  # by her address


def test_codes_say_no_letters_and_differ_between_organizations(acme, globex, nora):
    codes = {bytes(code) for code in ContactCode.objects.values_list("code", flat=True)}
    from tickets.contacts.codes import code_of

    assert code_of(acme.pk, "nora") in codes
    assert code_of(globex.pk, "nora") not in codes
    assert all(b"nor" not in code for code in codes)


def test_pages_go_on_where_the_last_one_ended(alice, acme, monkeypatch):
    made = [factories.make_contact(acme, name=f"Anna {number}") for number in range(7)]

    for wanted in ("", "anna"):
        first = page_of(alice, wanted, None, 3)
        second = page_of(alice, wanted, first[2].pk, 3)
        third = page_of(alice, wanted, second[2].pk, 3)
        assert [one.pk for one in [*first[:3], *second[:3], *third]] == [one.pk for one in reversed(made)]
        assert (len(first), len(second), len(third)) == (4, 4, 1)


def test_words_that_begin_alike_cost_a_bounded_look(alice, acme, monkeypatch):
    monkeypatch.setattr(finding, "OPENED", 400)
    contacts = [factories.make_contact(acme, name="Norbert") for _ in range(3)]

    assert names(alice, "nora") == []
    assert len(names(alice, "norb")) == len(contacts)


def test_a_merged_contact_is_in_no_list(alice, contact, nora):
    Contact.objects.filter(pk=nora.pk).update(merged_into=contact)

    assert page_of(alice, "nora", None) == []
    assert nora not in page_of(alice, "", None)


def test_words_leave_out_what_every_address_ends_with():
    assert words_of("Ann-Marie O'Neil", ["a.oneil@mail.customer.example"]) == [
        "ann", "marie", "o", "neil", "a", "oneil", "mail", "customer",
    ]  # fmt: skip
    assert plain_words("Ｆｕｌｌ Ærø_x") == ["full", "ærø", "x"]
