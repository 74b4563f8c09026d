"""The pages of companies, as agents and viewers meet them."""

import pytest

from accounts.tenancy import organization_scope
from tests.tickets.contacts.paths import at
from tickets.actions.contacts.company import make_company
from tickets.actions.contacts.edit import edit_contact
from tickets.contacts.history import newest_change
from tickets.models import Contact

pytestmark = pytest.mark.django_db


def test_a_company_is_made_of_a_domain_by_one_button(as_alice, acme, nora):
    assert "Make it a company" in as_alice.get(at("contact", nora.pk)).content.decode()

    made = as_alice.post(at("new_company"), {"name": "Northlight", "domains": "northlight.example"})

    page = as_alice.get(made["Location"]).content.decode()
    assert "Nora Nordlund" in page
    assert "Make it a company" not in as_alice.get(at("contact", nora.pk)).content.decode()


def test_what_a_public_domain_says_is_said_beside_the_field(as_alice):
    answer = as_alice.post(at("new_company"), {"name": "Mail", "domains": "gmail.com"})

    assert answer.status_code == 422
    assert "Anybody gets an address at gmail.com" in answer.content.decode()
    assert as_alice.post(at("new_company"), {"name": "Mail", "domains": "not a domain"}).status_code == 422


def test_a_company_is_found_by_a_part_of_its_name_or_domain(as_viewer, acme, bob):
    with organization_scope(acme):
        make_company(name="Northlight", domains=["nl.example"], by=bob)
        make_company(name="Southwind", domains=[], by=bob)

    for wanted in ("LIGHT", "nl.ex"):
        page = as_viewer.post(at("companies"), {"q": wanted}).content.decode()
        assert "Northlight" in page
        assert "Southwind" not in page
    assert "No company is found" in as_viewer.post(at("companies"), {"q": "west"}).content.decode()


def test_a_company_shows_people_and_tickets_the_reader_may_see(as_alice, as_bob, acme, contact, ticket, hidden, bob):
    with organization_scope(acme):
        for one in (contact, hidden):
            edit_contact(one, name=one.name, company="Door Works", by=bob)
        company = Contact.objects.get(pk=contact.pk).company

    seen, whole = (one.get(at("company", company.pk)).content.decode() for one in (as_alice, as_bob))
    assert "Carol Customer" in seen
    assert "The door does not close" in seen
    assert "Hector" not in seen
    assert "Between us" not in seen
    assert "Hector" in whole
    assert "Between us" in whole


def test_who_saves_a_company_on_top_of_a_colleague_is_shown_it(as_alice, acme, bob):
    with organization_scope(acme):
        company = make_company(name="Northlight", domains=["nl.example"], by=bob)
        seen = newest_change(company)
    old = as_alice.post(at("edit_company", company.pk), {"name": "Mine", "domains": "mine.example", "seen": "0"})
    assert old.status_code == 409
    assert "mine.example" in old.content.decode()

    saved = as_alice.post(at("edit_company", company.pk), {"name": "Mine", "domains": "mine.example", "seen": seen})
    assert saved.status_code == 302
    page = as_alice.get(saved["Location"]).content.decode()
    assert "Mine" in page
    assert "You set the domains to mine.example." in page
