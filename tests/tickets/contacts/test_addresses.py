"""Several addresses, the main one, and an address that belongs to somebody else."""

import pytest

from accounts.errors import ActionRefused
from tests.mails import arrive
from tickets.actions.contacts import addresses as module
from tickets.actions.contacts.addresses import AddressTaken, add_address, choose_primary, remove_address
from tickets.actions.contacts.company import make_company
from tickets.actions.contacts.make import make_contact
from tickets.contacts.finding import addresses_of, page_of
from tickets.models import Contact, ContactAddress

pytestmark = pytest.mark.usefixtures("scope")


def test_mail_from_a_second_address_is_the_same_contacts(mailbox, contact, alice):
    add_address(contact, address=" Carol@Private.example ", by=alice)

    message = arrive(mailbox, sender="carol@private.example")

    assert message.sender == contact
    assert page_of(alice, "carol@private.example", None) == [contact]


def test_adding_it_again_changes_nothing(contact, alice):
    first = add_address(contact, address="carol@private.example", by=alice)

    assert add_address(contact, address="CAROL@private.example", by=alice) == first
    assert contact.events.count() == 1


@pytest.mark.parametrize(
    "address", ["", "carol", "carol@", "a b@c.example", "x@localhost", "carol@a.example\nBcc: x@y.example"]
)
def test_what_is_no_address_is_refused(address, contact, alice):
    with pytest.raises(ActionRefused):
        add_address(contact, address=address, by=alice)
    assert contact.addresses.count() == 1


def test_an_address_of_another_contact_names_the_other(contact, nora, alice):
    with pytest.raises(AddressTaken) as taken:
        add_address(contact, address="nora@northlight.example", by=alice)

    assert taken.value.contact == nora


def test_there_is_a_bound(contact, alice, monkeypatch):
    monkeypatch.setattr(module, "MAX_ADDRESSES", 2)
    add_address(contact, address="a@b.example", by=alice)

    with pytest.raises(ActionRefused, match="2"):
        add_address(contact, address="c@d.example", by=alice)


def test_the_chosen_one_comes_first(contact, alice, carol):
    second = add_address(contact, address="carol@private.example", by=alice)
    assert [one.address for one in addresses_of(contact)] == [carol, "carol@private.example"]

    choose_primary(contact, address=second, by=alice)
    choose_primary(contact, address=second, by=alice)

    assert addresses_of(contact)[0] == second
    assert contact.events.filter(verb="primary").count() == 1
    choose_primary(contact, address=contact.addresses.exclude(pk=second.pk).get(), by=alice)
    assert addresses_of(contact)[0].address == carol


def test_a_removed_address_is_a_new_contacts_and_the_last_one_stays(mailbox, contact, alice, carol):
    second = add_address(contact, address="carol@private.example", by=alice)
    remove_address(contact, address=second, by=alice)

    message = arrive(mailbox, sender="carol@private.example")
    assert message.sender != contact
    with pytest.raises(ActionRefused):
        remove_address(contact, address=ContactAddress.objects.get(contact=contact), by=alice)


def test_an_address_brings_its_company_where_none_was_chosen(contact, alice, bob):
    company = make_company(name="Northlight", domains=["northlight.example"], by=bob)

    add_address(contact, address="carol@northlight.example", by=alice)

    assert Contact.objects.get(pk=contact.pk).company == company


def test_who_is_made_by_hand_is_written_into_history(acme, alice):
    made = make_contact(acme, name="  Per   Persson ", address="per@northlight.example", by=alice)

    assert (made.name, made.is_name_chosen) == ("Per Persson", True)
    assert [(one.verb, one.by) for one in made.events.all()] == [("made", alice)]
