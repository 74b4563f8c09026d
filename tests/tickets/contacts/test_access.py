"""Who may see which contact: one rule."""

import pytest

from accounts.errors import ActionRefused
from mailbox.actions.limit_mailbox import limit_mailbox
from tests import factories
from tickets.actions.contacts.addresses import AddressTaken, add_address
from tickets.actions.contacts.company import make_company
from tickets.actions.contacts.edit import edit_contact
from tickets.actions.contacts.make import make_contact
from tickets.contacts.access import companies_for, contacts_for
from tickets.contacts.finding import contact_at, page_of
from tickets.models import Company, Contact, Message

pytestmark = pytest.mark.usefixtures("scope")


def test_who_wrote_only_where_one_may_not_look_is_nobody(alice, bob, viewer, hidden, ticket, contact):
    assert set(contacts_for(alice)) == {contact}
    assert set(contacts_for(viewer)) == {contact}
    assert set(contacts_for(bob)) == {contact, hidden}


def test_who_is_let_in_finds_them(alice, owner, hidden, closed):
    limit_mailbox(closed, by=owner, members=[alice])

    assert hidden in contacts_for(alice)


def test_who_was_added_by_hand_is_seen_by_all(alice, hidden, nora):
    assert set(contacts_for(alice)) == {nora}


def test_who_wrote_in_a_ticket_of_another_is_seen_by_its_readers(alice, hidden, ticket):
    Message.objects.filter(pk=factories.make_message(ticket).pk).update(sender=hidden)

    assert hidden in contacts_for(alice)


def test_a_member_who_was_shut_out_sees_nobody(alice, contact, ticket):
    alice.is_active = False

    assert not contacts_for(alice).exists()
    assert not companies_for(alice).exists()


def test_no_look_up_finds_them(alice, bob, hidden):
    for wanted in ("hector@secret.example", "@secret.example", "hector", "hid", "secret"):
        assert page_of(alice, wanted, None) == [], wanted
        assert page_of(bob, wanted, None) == [hidden], wanted
    assert contact_at(alice, "hector@secret.example") is None


def test_an_address_of_theirs_is_refused_in_the_words_for_a_mailbox_of_ours(acme, alice, hidden, nora, closed):
    said = []
    for address in ("hector@secret.example", closed.address):
        with pytest.raises(ActionRefused) as refusal:
            add_address(nora, address=address, by=alice)
        assert not isinstance(refusal.value, AddressTaken)
        said.append(str(refusal.value))
        with pytest.raises(ActionRefused) as refusal:
            make_contact(acme, name="H", address=address, by=alice)
        said.append(str(refusal.value))

    assert len(set(said)) == 1
    assert "Hector" not in said[0]


def test_an_admin_is_told_whose_it_is(bob, hidden, nora):
    with pytest.raises(AddressTaken) as taken:
        add_address(nora, address="Hector@Secret.example", by=bob)

    assert taken.value.contact == hidden


def test_a_company_is_seen_with_one_of_its_people(acme, alice, bob, hidden, nora):
    secret = make_company(name="Secret", domains=["secret.example"], by=bob)
    bare = make_company(name="Bare", domains=[], by=bob)
    assert Contact.objects.get(pk=hidden.pk).company == secret

    assert set(companies_for(alice)) == {bare}
    assert set(companies_for(bob)) == {secret, bare}
    edit_contact(nora, name=nora.name, company="Secret", by=bob)
    assert set(companies_for(alice)) == {secret, bare}


def test_a_company_of_the_same_name_tells_nothing_of_the_hidden_one(alice, bob, hidden, nora):
    secret = make_company(name="Secret", domains=["secret.example"], by=bob)

    edit_contact(nora, name=nora.name, company="secret", by=alice)

    assert nora.company != secret
    assert Company.objects.count() == 2


def test_a_domain_of_the_hidden_one_is_refused_without_its_name(alice, bob, hidden):
    make_company(name="Kept Quiet", domains=["secret.example"], by=bob)

    with pytest.raises(ActionRefused) as refusal:
        make_company(name="Mine", domains=["secret.example"], by=alice)
    assert "Kept Quiet" not in str(refusal.value)
    assert Company.objects.count() == 1


def test_other_organizations_see_nobody(mallory, contact):
    assert not contacts_for(mallory).exists()
