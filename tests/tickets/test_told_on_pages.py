"""What filing, merging and splitting say on pages, in words."""

import pytest

from accounts.tenancy import organization_scope
from tests.factories import make_mailbox
from tests.mails import arrive, write_mail
from tests.tickets.test_forwards import GMAIL
from tickets.actions.merge import merge_tickets
from tickets.actions.split import split_message
from tickets.models import Ticket


def seen(client, number: int) -> str:
    response = client.get(f"/acme/tickets/{number}/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_mail_that_came_through_two_mailboxes_says_so(acme, mailbox, as_alice):
    with organization_scope(acme):
        sales = make_mailbox(acme, address="sales@acme.example")
        raw = write_mail(to="help@acme.example, sales@acme.example")
        arrive(mailbox, raw)
        arrive(sales, raw)

    assert "The same mail also came to sales@acme.example." in seen(as_alice, 1)


def test_the_rule_for_two_mailboxes_stands_on_their_page(mailbox, as_bob):
    page = as_bob.get("/acme/mailboxes/").content.decode()

    assert "It belongs to the mailbox named first in To" in page


def test_who_forwarded_a_mail_is_named(acme, mailbox, alice, as_alice):
    with organization_scope(acme):
        arrive(mailbox, sender="Alice Agent <alice@acme.example>", subject="Fwd: The door", text=GMAIL)

    page = seen(as_alice, 1)
    assert "forwarded by Alice Agent (alice@acme.example)" in page
    assert "Carol Customer" in page


@pytest.fixture
def two(acme, mailbox):
    """Two tickets of Carol's."""
    with organization_scope(acme):
        arrive(mailbox, subject="Door", message_id="<a@customer.example>")
        arrive(mailbox, subject="Window", message_id="<b@customer.example>")


def test_the_page_of_a_merged_ticket_leads_to_the_survivor(acme, two, bob, as_alice):
    with organization_scope(acme):
        merge_tickets(Ticket.objects.get(number=2), into=Ticket.objects.get(number=1), by=bob)

    response = as_alice.get("/acme/tickets/2/", follow=True)

    assert response.redirect_chain == [("/acme/tickets/1/", 302)]
    page = response.content.decode()
    assert "#2 was merged into this ticket." in page
    assert "Bob Admin merged #2 into this ticket" in page


def test_an_open_page_of_a_merged_ticket_is_told_to_go_on(acme, two, bob, as_alice):
    with organization_scope(acme):
        merge_tickets(Ticket.objects.get(number=2), into=Ticket.objects.get(number=1), by=bob)

    response = as_alice.get("/acme/tickets/2/", headers={"HX-Request": "true", "HX-Target": "timeline"})

    assert response.headers["HX-Redirect"] == "/acme/tickets/1/"


def test_who_answers_a_merged_ticket_hears_where_it_went(acme, two, bob, as_alice):
    with organization_scope(acme):
        merge_tickets(Ticket.objects.get(number=2), into=Ticket.objects.get(number=1), by=bob)

    response = as_alice.post("/acme/tickets/2/note/", {"text": "Is anybody there?"}, follow=True)

    assert "This ticket was merged into #1." in response.content.decode()


def test_a_merged_ticket_stands_in_no_list(acme, two, bob, as_alice):
    with organization_scope(acme):
        merge_tickets(Ticket.objects.get(number=2), into=Ticket.objects.get(number=1), by=bob)

    for view in ("open", "closed", "unassigned"):
        assert "Window" not in as_alice.get(f"/acme/?view={view}").content.decode()


def test_a_split_is_told_on_both_sides(acme, two, alice, as_alice):
    with organization_scope(acme):
        ticket = Ticket.objects.get(number=1)
        part = arrive(ticket.mailbox, in_reply_to="<a@customer.example>", subject="And the heating")
        split_message(part, by=alice)

    assert "You split #3 off this ticket" in seen(as_alice, 1)
    page = seen(as_alice, 3)
    assert "You split this ticket off #1" in page
    assert "And the heating" in page
