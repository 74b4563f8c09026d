"""What the ticket page folds of a mail, how much it says that is, and what it never hides."""

import pytest
from django.urls import reverse

from accounts.tenancy import organization_scope
from tests.mails import arrive
from tests.sql import counted_sql

QUESTION = "Which printer is it, and since when does it not work any more? Please tell us as soon as you can."
INTRODUCTION = "On Tue, Mar 12, 2024 at 10:04 AM Acme <help@acme.example> wrote:"


@pytest.fixture
def conversation(acme, mailbox):
    """Return a ticket, and what puts a mail of Carol into it."""
    with organization_scope(acme):
        first = arrive(mailbox, sender="carol@customer.example", to="help@acme.example", text=QUESTION)

    def write(text, subject="Re: A mail"):
        with organization_scope(acme):
            return arrive(
                mailbox,
                sender="carol@customer.example",
                to="help@acme.example",
                text=text,
                subject=subject,
                in_reply_to=first.headers["message_id"],
            )

    return first.ticket, write


def last_item(client, ticket):
    response = client.get(reverse("tickets:ticket", args=["acme", ticket.number]))
    return [item for item in response.context["timeline"] if item.kind == "message"][-1], response.content.decode()


def test_the_page_says_how_much_is_folded(as_alice, conversation):
    ticket, write = conversation
    write(f"It works.\n\n{INTRODUCTION}\n\n> {QUESTION[:60]}\n> {QUESTION[60:]}")

    item, page = last_item(as_alice, ticket)

    assert item.text == "It works."
    assert item.quoted_label == "3 quoted lines"
    assert item.quoted_label in page


def test_the_page_says_how_much_of_it_is_nowhere_else_in_the_ticket(as_alice, conversation):
    ticket, write = conversation
    write(f"It works.\n\n{INTRODUCTION}\n\n> {QUESTION}\n> I forgot the model.")
    item, _ = last_item(as_alice, ticket)
    assert item.quoted_label == "3 quoted lines, 1 of them is not in this ticket"

    write("See.\n\nOn Mon, Mar 11, 2024 at 10:04 AM Dan <dan@x.example> wrote:\n\n> Lunch on Friday?")
    item, _ = last_item(as_alice, ticket)
    assert item.quoted_label == "2 quoted lines, not in this ticket"


def test_what_was_typed_into_the_quotation_is_shown(as_alice, conversation):
    ticket, write = conversation
    write(f"See below.\n\n{INTRODUCTION}\n\n> {QUESTION}\n> The blue one in the hall.")

    item, page = last_item(as_alice, ticket)

    assert item.added_text == "The blue one in the hall."
    assert "Written into the quoted text:" in page


def test_a_signature_is_called_a_signature(as_alice, conversation):
    ticket, write = conversation
    write("It works.\n\n-- \nCarol\nCustomer Ltd")

    assert last_item(as_alice, ticket)[0].quoted_label == "3 lines of signature"


def test_quotations_cost_no_query(as_alice, conversation):
    ticket, write = conversation
    address = reverse("tickets:ticket", args=["acme", ticket.number])
    write("Once.")
    as_alice.get(address)
    with counted_sql() as before:
        as_alice.get(address)
    for number in range(4):
        write(f"Again {number}.\n\n{INTRODUCTION}\n\n> {QUESTION}\n> More {number}.")
    as_alice.get(address)  # the first look at something new notes that it was seen
    with counted_sql() as after:
        as_alice.get(address)

    assert len(after) == len(before)
