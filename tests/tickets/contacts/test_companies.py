"""Companies by name and domain, and what a colleague says of a contact."""

import pytest

from accounts.errors import ActionRefused
from tests import factories
from tickets.actions.contacts.company import edit_company, make_company
from tickets.actions.contacts.edit import edit_contact
from tickets.contacts.domains import domains_in
from tickets.contacts.public_domains import PUBLIC_DOMAINS
from tickets.models import Company, Contact

pytestmark = pytest.mark.usefixtures("scope")


def company_of(contact):
    return Contact.objects.get(pk=contact.pk).company


def test_contacts_of_its_domains_who_have_none_join(acme, alice, nora, contact):
    company = make_company(name="Northlight", domains=["northlight.example"], by=alice)

    assert company_of(nora) == company
    assert company_of(contact) is None


@pytest.mark.parametrize("domain", ["gmail.com", "GMX.de", "outlook.com", "ziggo.nl", "telia.com"])
def test_a_domain_where_anybody_gets_an_address_makes_no_company(domain, alice):
    with pytest.raises(ActionRefused, match="Anybody"):
        make_company(name="Mail", domains=domains_in(domain)[0], by=alice)
    assert not Company.objects.exists()


def test_the_list_of_public_domains_is_plain():
    assert len(PUBLIC_DOMAINS) > 150
    assert all(one == one.strip().lower() and "." in one for one in PUBLIC_DOMAINS)


def test_a_domain_belongs_to_one_company(alice):
    make_company(name="Northlight", domains=["northlight.example"], by=alice)

    with pytest.raises(ActionRefused, match="Northlight"):
        make_company(name="Other", domains=["NORTHLIGHT.example"], by=alice)


def test_a_company_chosen_by_a_colleague_stays_and_so_does_none(alice, nora, contact):
    edit_contact(nora, name=nora.name, company="Freelance", by=alice)
    edit_contact(nora, name=nora.name, company="", by=alice)

    make_company(name="Northlight", domains=["northlight.example"], by=alice)

    assert company_of(nora) is None
    assert [one.verb for one in nora.events.order_by("pk")] == ["company", "company"]


def test_domains_and_name_change_and_nobody_leaves(alice, nora, acme):
    company = make_company(name="Northlight", domains=["northlight.example"], by=alice)
    late = factories.make_contact(acme, address="late@nl.example")

    edit_company(company, name="Northlight AB", domains=["nl.example"], by=alice)
    edit_company(company, name="Northlight AB", domains=["nl.example"], by=alice)

    assert {company_of(nora), company_of(late)} == {company}
    assert [one.domain for one in company.domains.all()] == ["nl.example"]
    assert [one.verb for one in company.events.order_by("pk")] == ["made", "domains", "renamed", "domains"]


def test_a_name_is_needed(alice):
    with pytest.raises(ActionRefused):
        make_company(name="  ", domains=[], by=alice)


def test_the_same_name_is_the_same_company_on_a_contact(alice, nora, contact):
    edit_contact(nora, name=nora.name, company="Northlight", by=alice)
    edit_contact(contact, name=contact.name, company="  NORTHLIGHT ", by=alice)

    assert company_of(nora) == company_of(contact)


def test_history_says_what_was_before_and_after(alice, nora):
    edit_contact(nora, name="Nora N.", company="", by=alice)
    edit_contact(nora, name="Nora N.", company="", by=alice)

    (event,) = nora.events.all()
    assert (event.by, event.details) == (alice, {"before": "Nora Nordlund", "after": "Nora N."})


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("northlight.example", ["northlight.example"], []),
        (
            "@northlight.example, Other.EXAMPLE;\n x@third.example",
            ["northlight.example", "other.example", "third.example"],
            [],
        ),
        ("münchen.example", ["xn--mnchen-3ya.example"], []),
        ("localhost -x.example", [], ["localhost", "-x.example"]),
        ("", [], []),
    ],
)
def test_domains_are_read_as_people_write_them(text, good, bad):
    assert domains_in(text) == (good, bad)
