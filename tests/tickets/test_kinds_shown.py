"""An agent sees at a glance what no person wrote, and why we think so."""

from django.urls import reverse

from accounts.tenancy import organization_scope
from tests.mail.sorts.plain_bounces import SAMPLES
from tests.mails import arrive
from tickets.mail.model import KINDS
from tickets.views.words import KINDS as WORDS


def page_of(client, message):
    return client.get(reverse("tickets:ticket", args=["acme", message.ticket.number])).content.decode()


def test_every_sort_but_a_person_has_a_word():
    assert set(KINDS) - {"human"} <= set(WORDS)


def test_an_absence_is_named_with_its_reason(as_alice, acme, mailbox):
    with organization_scope(acme):
        message = arrive(mailbox, subject="Automatic reply: door", text="I am out of the office until Monday.")

    page = page_of(as_alice, message)

    assert "Out of office" in page
    assert "Its words say that somebody is away." in page


def test_a_bounce_says_who_did_not_get_it_and_why(as_alice, acme, mailbox):
    with organization_scope(acme):
        message = arrive(mailbox, next(one.raw for one in SAMPLES if one.name == "qmail"))

    page = page_of(as_alice, message)

    assert "Could not be delivered" in page
    assert "Delivery to carol@customer.example failed: there is no such address (5.1.1)." in page


def test_a_person_needs_no_label(as_alice, acme, mailbox):
    with organization_scope(acme):
        message = arrive(mailbox)

    assert "as far as its headers tell" not in page_of(as_alice, message)
