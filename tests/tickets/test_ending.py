"""A mailbox that waits for its deletion: only owners and admins see what was in it, and they only read."""

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.tenancy import organization_scope
from mailbox.access import mailbox_ids_for, members_who_see
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.models import InboundEmail
from tests.factories import make_inbound_email, make_mailbox
from tests.mails import write_mail
from tickets.actions.receive import receive_email
from tickets.contacts.access import contacts_for
from tickets.models import Message, Note, Ticket


@pytest.fixture
def ending(ticket, bob):
    with organization_scope(bob.organization_id):
        disconnect_mailbox(ticket.mailbox, by=bob)
    ticket.refresh_from_db()
    return ticket


def page(ticket, name="ticket"):
    return reverse(f"tickets:{name}", args=[ticket.organization.slug, ticket.number])


def test_agents_see_nothing_of_it_any_more(ending, as_alice, alice, contact):
    assert as_alice.get(page(ending)).status_code == 404
    assert as_alice.post(page(ending, "note"), {"text": "Still here?"}).status_code == 404
    assert ending.subject not in as_alice.get(f"/{ending.organization.slug}/").content.decode()
    with organization_scope(ending.organization_id):
        assert mailbox_ids_for(alice) == frozenset()
        assert not Ticket.objects.visible_to(alice).exists()
        assert not contacts_for(alice).filter(pk=contact.pk).exists()
    found = as_alice.post(f"/{ending.organization.slug}/search/", {"q": "open"}, follow=True)
    assert ending.subject not in found.content.decode()


def test_admins_read_it(ending, as_bob, bob):
    shown = as_bob.get(page(ending)).content.decode()

    assert "It stands open all night." in shown
    assert "was disconnected" in shown
    for act in ("reply", "note", "close", "assign"):
        assert page(ending, act) not in shown, act
    with organization_scope(ending.organization_id):
        assert set(members_who_see(ending.mailbox)) == set(
            Membership.objects.filter(role__in=[Membership.Role.ADMIN, Membership.Role.OWNER])
        )


@pytest.mark.parametrize(
    "act", ["reply", "note", "close", "assign", "save_draft", "tag", "spam", "snooze", "prioritize"]
)
def test_admins_change_nothing(ending, as_bob, act):
    response = as_bob.post(page(ending, act), {"text": "No", "to": "carol@customer.example"}, HTTP_HX_REQUEST="true")

    assert response.status_code == 422
    assert "can only be read" in response.content.decode()
    with organization_scope(ending.organization_id):
        assert not Note.objects.exists()
        assert Ticket.objects.get().state == Ticket.State.OPEN


def test_nothing_is_changed_in_bulk(ending, as_bob):
    as_bob.post(f"/{ending.organization.slug}/bulk/", {"ticket": [str(ending.number)], "do": "close"})

    with organization_scope(ending.organization_id):
        assert Ticket.objects.get().state == Ticket.State.OPEN


def test_a_mail_that_comes_by_another_way_opens_a_ticket_of_its_own(ending, acme, contact):
    """The same mail was in the mailbox that goes; where it stays, it must not go along."""
    sales = make_mailbox(acme, address="sales@acme.example")
    raw = write_mail(to=f"{ending.mailbox.address}, {sales.address}", message_id="<one@customer.example>")
    for mailbox in (ending.mailbox, sales):
        email = make_inbound_email(mailbox, raw)
        with organization_scope(acme):
            receive_email(email)

    with organization_scope(acme):
        assert Message.objects.filter(mailbox=sales).count() == 1


def test_once_its_deletion_has_begun_no_mail_of_it_is_filed(ending, acme):
    email = make_inbound_email(ending.mailbox, write_mail())
    with organization_scope(acme):
        ending.mailbox.deletion_begun_at = ending.mailbox.disconnected_at
        ending.mailbox.save(update_fields=["deletion_begun_at"])

        assert receive_email(email) is None
        email.refresh_from_db()
        assert email.state == InboundEmail.State.STORED
