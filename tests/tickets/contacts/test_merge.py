"""Two contacts become one, and exactly two again."""

import pytest

from accounts.errors import ActionRefused
from tests import factories
from tests.mails import arrive
from tickets.actions.contacts.addresses import add_address, choose_primary
from tickets.actions.contacts.block import block_contact
from tickets.actions.contacts.company import make_company
from tickets.actions.contacts.edit import edit_contact
from tickets.actions.contacts.merge import merge_contacts, unmerge_contacts
from tickets.actions.contacts.note import add_contact_note
from tickets.actions.contacts.set_contact_fields import set_contact_fields
from tickets.actions.define_field import make_field
from tickets.contacts.finding import page_of
from tickets.models import Contact, ContactAddress, ContactCode, ContactEvent, ContactNote, Message, Ticket

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def second(acme, mailbox, bob, alice):
    """Carol once more, with a ticket, a note, two addresses and a company."""
    make_company(name="Northlight", domains=["northlight.example"], by=bob)
    made = factories.make_contact(acme, name="C. Customer", address="carol@northlight.example")
    factories.make_message(factories.make_ticket(acme, mailbox=mailbox, contact=made))
    edit_contact(made, name=made.name, company="Northlight", by=alice)
    choose_primary(made, address=add_address(made, address="c@home.example", by=alice), by=alice)
    add_contact_note(made, text="Likes doors", by=alice)
    return made


def everything():
    """Return all there is of contacts, as rows; history and codes as sets of what they say."""
    rows = {
        model: sorted(model.objects.values_list(*columns), key=str)
        for model, columns in {
            Contact: ("pk", "company", "is_name_chosen", "is_company_chosen", "blocked_at", "merged_into"),
            ContactAddress: ("pk", "contact", "is_primary", "blocked_at"),
            ContactNote: ("pk", "contact"),
            Ticket: ("pk", "contact"),
            Message: ("pk", "sender"),
        }.items()
    }
    rows["fields"] = sorted((one.pk, str(one.fields)) for one in Contact.objects.all())
    rows["names"] = sorted((one.pk, one.name) for one in Contact.objects.all())
    rows["codes"] = sorted(
        (bytes(code), contact) for code, contact in ContactCode.objects.values_list("code", "contact")
    )
    rows["events"] = sorted(
        ContactEvent.objects.exclude(verb__in=["merged", "unmerged"]).values_list("pk", "contact"), key=str
    )
    return rows


def test_everything_goes_over_and_the_other_is_gone_from_lists(mailbox, contact, ticket, second, alice):
    merge_contacts(second, into=contact, by=alice)

    kept = Contact.objects.get(pk=contact.pk)
    assert page_of(alice, "", None) == [kept]
    assert kept.name == "Carol Customer"
    assert kept.company.name == "Northlight"  # it had none
    assert {one.address for one in kept.addresses.all()} == {
        "carol@customer.example", "carol@northlight.example", "c@home.example",
    }  # fmt: skip
    assert set(Ticket.objects.values_list("contact", flat=True)) == {contact.pk}
    assert set(Message.objects.values_list("sender", flat=True)) == {contact.pk}
    assert [note.text for note in kept.notes.all()] == ["Likes doors"]
    assert not kept.addresses.filter(is_primary=True).exists()  # the oldest of the survivor comes first
    assert page_of(alice, "home", None) == [kept]
    assert arrive(mailbox, sender="c@home.example").sender == contact


def test_undoing_is_exact(contact, ticket, second, alice):
    before = everything()

    unmerge_contacts(merge_contacts(second, into=contact, by=alice), by=alice)

    assert everything() == before


@pytest.mark.parametrize("which", ["contact", "second"])
def test_undoing_is_exact_for_somebody_blocked(which, contact, ticket, second, alice):
    block_contact({"contact": contact, "second": second}[which], by=alice)
    before = everything()

    unmerge_contacts(merge_contacts(second, into=contact, by=alice), by=alice)

    assert everything() == before


def test_undoing_is_exact_for_a_survivor_without_a_name(acme, contact, ticket, second, alice):
    nameless = factories.make_contact(acme, address="x@nameless.example")
    before = everything()

    merge = merge_contacts(second, into=nameless, by=alice)
    assert Contact.objects.get(pk=nameless.pk).name == "C. Customer"
    unmerge_contacts(merge, by=alice)

    assert everything() == before


def test_fields_are_taken_where_the_survivor_has_none_and_given_back(contact, ticket, second, alice, bob):
    number, language = (
        make_field(subject="contact", kind="text", name=name, by=bob) for name in ("Number", "Language")
    )
    set_contact_fields(contact, changes={number: ("", "7")}, by=alice)
    set_contact_fields(second, changes={number: ("", "8"), language: ("", "sv")}, by=alice)
    before = everything()

    merge = merge_contacts(second, into=contact, by=alice)
    fields = Contact.objects.get(pk=contact.pk).fields
    assert fields == {number.pk.hex: "7", language.pk.hex: "sv"}
    unmerge_contacts(merge, by=alice)

    assert everything() == before


def test_what_a_person_changed_since_stays_and_mail_goes_with_its_address(mailbox, contact, ticket, second, alice):
    merge = merge_contacts(second, into=contact, by=alice)
    edit_contact(contact, name="Carol Maria", company="Elsewhere", by=alice)
    theirs = arrive(mailbox, sender="carol@northlight.example", subject="After the merge")
    ours = arrive(mailbox, sender="carol@customer.example", subject="After the merge too")
    noted = add_contact_note(contact, text="After the merge", by=alice)

    unmerge_contacts(merge, by=alice)
    unmerge_contacts(merge, by=alice)

    kept = Contact.objects.get(pk=contact.pk)
    assert (kept.name, kept.company.name) == ("Carol Maria", "Elsewhere")
    assert Message.objects.get(pk=theirs.pk).sender == Ticket.objects.get(pk=theirs.ticket_id).contact == second
    assert Message.objects.get(pk=ours.pk).sender == Ticket.objects.get(pk=ours.ticket_id).contact == contact
    assert ContactNote.objects.get(pk=noted.pk).contact == contact
    assert arrive(mailbox, sender="carol@northlight.example", subject="After the undoing").sender == second
    assert contact.events.filter(verb="unmerged").count() == 1


def test_a_main_address_chosen_since_is_no_obstacle(contact, ticket, second, alice):
    merge = merge_contacts(second, into=contact, by=alice)
    work = next(one for one in contact.addresses.all() if one.address == "carol@northlight.example")
    choose_primary(contact, address=work, by=alice)

    unmerge_contacts(merge, by=alice)

    assert [one.address for one in second.addresses.filter(is_primary=True)] == ["c@home.example"]
    assert not contact.addresses.filter(is_primary=True).exists()


def test_blocked_stays_blocked_and_nothing_more_is(mailbox, contact, ticket, second, alice, carol):
    block_contact(second, by=alice)

    merge_contacts(second, into=contact, by=alice)

    assert arrive(mailbox, sender="c@home.example").kind == "blocked"
    assert arrive(mailbox, sender=carol).kind == "human"


def test_merges_are_undone_in_their_order(acme, contact, ticket, second, alice):
    third = factories.make_contact(acme, name="Third", address="t@third.example")
    before = everything()
    first_merge = merge_contacts(second, into=contact, by=alice)
    second_merge = merge_contacts(Contact.objects.get(pk=contact.pk), into=third, by=alice)

    with pytest.raises(ActionRefused):
        unmerge_contacts(first_merge, by=alice)
    unmerge_contacts(second_merge, by=alice)
    unmerge_contacts(first_merge, by=alice)

    assert everything() == before


def test_a_contact_is_merged_once_and_not_with_itself(acme, contact, second, alice, nora):
    with pytest.raises(ActionRefused):
        merge_contacts(contact, into=contact, by=alice)
    merge_contacts(second, into=contact, by=alice)

    for one, into in ((second, nora), (nora, second)):
        with pytest.raises(ActionRefused):
            merge_contacts(one, into=into, by=alice)
