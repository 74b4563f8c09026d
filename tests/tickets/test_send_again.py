"""An answer that was not sent: the page says why, and offers to send it once more."""

import pytest
from django.urls import reverse

from accounts.tenancy import organization_scope
from mailbox.actions.deliver_email import fail_email
from mailbox.models import Mailbox, OutboundEmail
from tests.tickets.writing import CAROL, answers, ask, url
from tickets.actions.contacts.restrict import restrict_contact
from tickets.models import Ticket


@pytest.fixture
def failed(as_alice, acme, mailbox):
    """An answer of Alice's that the provider refused."""
    with organization_scope(acme):
        asked = ask(mailbox)
    as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "Yes."})
    with organization_scope(acme):
        (answer,) = answers(asked.ticket)
        fail_email(answer.outbound, OutboundEmail.Failure.REFUSED, "550")
    return answer


def again(answer):
    return reverse("tickets:send_again", args=[answer.organization.slug, answer.ticket.number, answer.pk])


def test_it_is_queued_as_it_was_written_and_the_ticket_waits_for_the_contact(as_alice, acme, failed):
    page = as_alice.get(url("ticket", failed.ticket)).content.decode()
    assert again(failed) in page

    page = as_alice.post(again(failed), follow=True).content.decode()

    assert "It is on its way once more." in page
    assert again(failed) not in page
    with organization_scope(acme):
        email = OutboundEmail.objects.get()
        assert (email.state, email.failure, email.attempts) == (OutboundEmail.State.QUEUED, "", 0)
        assert Ticket.objects.get().state == Ticket.State.PENDING
        assert len(answers(failed.ticket)) == 1


def test_pressing_twice_queues_once(as_alice, acme, failed):
    as_alice.post(again(failed))
    with organization_scope(acme):
        OutboundEmail.objects.update(state=OutboundEmail.State.SENT)
        Ticket.objects.update(state=Ticket.State.OPEN)  # Carol answered it

    as_alice.post(again(failed))

    with organization_scope(acme):
        assert OutboundEmail.objects.get().state == OutboundEmail.State.SENT
        assert Ticket.objects.get().state == Ticket.State.OPEN


def test_from_a_disconnected_mailbox_nothing_leaves_and_the_ticket_is_gone_for_agents(as_alice, acme, mailbox, failed):
    with organization_scope(acme):
        Mailbox.objects.filter(pk=mailbox.pk).update(state=Mailbox.State.DISCONNECTED)

    response = as_alice.post(again(failed), follow=True)

    with organization_scope(acme):
        assert OutboundEmail.objects.get().state == OutboundEmail.State.FAILED
    assert response.status_code == 404


def test_nobody_who_is_restricted_gets_it(as_alice, acme, failed):
    with organization_scope(acme):
        restrict_contact(failed.ticket.contact)

    as_alice.post(again(failed))

    with organization_scope(acme):
        assert OutboundEmail.objects.get().state == OutboundEmail.State.FAILED
