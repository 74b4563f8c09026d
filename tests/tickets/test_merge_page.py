"""The page that asks before a ticket is merged, and the ways back."""

import pytest

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_contact, make_mailbox, make_message, make_ticket
from tests.tickets.acting import at, fresh, text_of
from tickets.actions.merge import merge_tickets
from tickets.models import TicketLink

pytestmark = pytest.mark.django_db


def test_the_page_offers_the_contacts_other_tickets_and_says_what_happens(as_alice, ticket, window, acme):
    make_ticket(acme, mailbox=ticket.mailbox, subject="Somebody else's")
    page = text_of(as_alice.get(at(ticket, "merge/")))
    assert "The window" in page
    assert "Somebody else" not in page

    page = text_of(as_alice.get(at(ticket, f"merge/?into=%23{window.number}")))
    assert f"1 mail moves into #{window.number}" in page
    assert "Answers leave from help@acme.example" in page
    assert "It can be undone at any time" in page
    assert "Two different people" not in page
    assert fresh(ticket).merged_into_id is None


def test_merging_leads_to_the_survivor_with_the_way_back(as_alice, ticket, window):
    merged = as_alice.post(at(ticket, "merge/"), {"into": str(window.number)}, follow=True)

    assert merged.redirect_chain[-1][0] == at(window)
    page = text_of(merged)
    assert f"#{ticket.number} is part of this ticket now." in page
    assert "Merged into this ticket" in page
    assert page.count(at(ticket, "unmerge/")) == 2  # the notice, and the panel

    back = as_alice.post(at(ticket, "unmerge/"), follow=True)
    assert back.redirect_chain[-1][0] == at(ticket)
    assert f"#{ticket.number} stands alone again." in text_of(back)
    assert fresh(ticket).message_count == 1


def test_undoing_later_says_what_stayed(as_alice, acme, ticket, window, alice):
    with organization_scope(acme):
        merge_tickets(ticket, into=window, by=alice)
    make_message(window, text="Later.")

    said = text_of(as_alice.post(at(ticket, "unmerge/"), follow=True))

    assert f"1 mail that came meanwhile stayed in #{window.number}" in said


def test_two_people_and_two_mailboxes_are_pointed_out(as_alice, acme, ticket, bob):
    sales = make_mailbox(acme, address="sales@acme.example")
    other = make_ticket(acme, mailbox=sales, contact=make_contact(acme, name="Dan"))
    with organization_scope(acme):
        limit_mailbox(ticket.mailbox, members=[], by=bob)
        limit_mailbox(sales, members=[], by=bob)
        limit_mailbox(ticket.mailbox, members=[_alice(acme)], by=bob)
        limit_mailbox(sales, members=[_alice(acme)], by=bob)

    page = text_of(as_alice.get(at(ticket, f"merge/?into={other.number}")))

    assert "Two different people wrote these" in page
    assert "Answers leave from sales@acme.example" in page
    assert "The same people see it as before." in page


@pytest.mark.parametrize("asked", ["999", "nine", "-1", "99999999999999999999", "#"])
def test_a_number_that_is_none_is_said_beside_the_input(as_alice, ticket, asked):
    response = as_alice.get(at(ticket, "merge/"), {"into": asked})
    assert response.status_code == 422
    assert "You see no ticket of this number." in text_of(response)


def test_what_one_may_not_see_cannot_be_merged_linked_or_looked_at(as_alice, ticket, hidden, acme):
    for response in (
        as_alice.get(at(ticket, f"merge/?into={hidden.number}")),
        as_alice.post(at(ticket, "merge/"), {"into": str(hidden.number)}),
    ):
        assert response.status_code == 422
        assert "The secret" not in text_of(response)
    as_alice.post(at(ticket, "link/"), {"other": str(hidden.number), "kind": "related"})

    with organization_scope(acme):
        assert not TicketLink.objects.exists()
    assert fresh(ticket).merged_into_id is None
    assert as_alice.get(at(hidden, "merge/")).status_code == 404


def test_a_survivor_that_one_may_not_see_gives_nothing_back(as_alice, acme, ticket, hidden, bob):
    with organization_scope(acme):
        merge_tickets(ticket, into=hidden, by=bob)

    assert as_alice.post(at(ticket, "unmerge/")).status_code == 404
    assert fresh(ticket).merged_into_id == hidden.pk


def test_a_merged_ticket_is_not_merged_again_nor_into_itself(as_alice, acme, ticket, window, alice):
    assert "into itself" in text_of(as_alice.get(at(ticket, f"merge/?into={ticket.number}")))
    with organization_scope(acme):
        merge_tickets(ticket, into=window, by=alice)

    assert "was merged already" in text_of(as_alice.get(at(ticket, f"merge/?into={window.number}")))
    assert "was merged itself" in text_of(as_alice.get(at(window, f"merge/?into={ticket.number}")))


def _alice(acme):
    from accounts.models import Membership

    return Membership.objects.get(organization=acme, user__email="alice@acme.example")
