"""Custom fields of contacts: asked for by an admin, filled in by agents, with history."""

import pytest

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from tickets.actions.contacts.set_contact_fields import set_contact_fields
from tickets.actions.define_field import make_field, retire_field
from tickets.models import Contact, CustomField

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(acme, bob):
    with organization_scope(acme):
        return make_field(subject="contact", kind="number", name="Customer number", by=bob)


def typed(field, value, seen=""):
    return {f"v_{field.pk.hex}": value, f"seen_{field.pk.hex}": seen}


def test_a_value_is_kept_shown_and_written_into_history(as_alice, as_viewer, acme, contact, ticket, number):
    page = f"/acme/contacts/{contact.pk}/"
    assert as_alice.post(page + "fields/", typed(number, "1234,5")).status_code == 302
    assert as_alice.post(page + "fields/", typed(number, "many", "1234.5")).status_code == 422

    shown = as_viewer.get(page).content.decode()
    assert "1,234.5" in shown
    assert "Change the fields" not in shown
    assert "You set “Customer number” to “1,234.5”." in as_alice.get(page).content.decode()


def test_nobody_overwrites_what_a_colleague_wrote_meanwhile(as_alice, acme, contact, ticket, number, bob):
    with organization_scope(acme):
        set_contact_fields(contact, changes={number: ("", "1")}, by=bob)

    refused = as_alice.post(f"/acme/contacts/{contact.pk}/fields/", typed(number, "2"))

    assert refused.status_code == 422
    assert "Somebody changed" in refused.content.decode()
    with organization_scope(acme):
        assert Contact.objects.get(pk=contact.pk).fields == {number.pk.hex: "1"}


def test_fields_of_tickets_and_retired_ones_are_not_for_contacts(acme, contact, number, bob):
    with organization_scope(acme):
        of_tickets = make_field(subject="ticket", kind="text", name="Order", by=bob)
        retire_field(number, by=bob)
        for field in (of_tickets, number):
            with pytest.raises(ActionRefused):
                set_contact_fields(contact, changes={field: ("", "1")}, by=bob)


def test_an_admin_makes_and_retires_one_on_the_page_of_fields(as_bob, acme, contact, ticket):
    made = as_bob.post("/acme/fields/?of=contact", {"name": "Language", "kind": "text"})
    assert made["Location"] == "/acme/fields/?of=contact"
    with organization_scope(acme):
        field = CustomField.objects.get(subject="contact")
    assert "Language" in as_bob.get("/acme/fields/?of=contact").content.decode()
    assert "Language" not in as_bob.get("/acme/fields/").content.decode()
    assert "Language" in as_bob.get(f"/acme/contacts/{contact.pk}/").content.decode()

    as_bob.post(f"/acme/fields/{field.pk}/retire/")

    assert "Language" not in as_bob.get(f"/acme/contacts/{contact.pk}/").content.decode()
