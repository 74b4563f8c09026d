"""Similar tickets: those that share rare words, of mailboxes the reader may see, and nothing else."""

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Membership
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests import factories
from tests.tickets.search.conftest import Filer, file
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def alike(filed: Filer) -> list[Ticket]:
    """Two tickets about the same thing among others."""
    for n in range(6):
        filed("When will my parcel arrive? Thank you.", subject="Where is it", sender=f"c{n}@customer.example")
    return [
        filed("The carburettor of my ratchet hums at night.", subject="Humming", sender="one@customer.example"),
        filed("A ratchet hums, is it the carburettor?", subject="Strange sound", sender="two@customer.example"),
    ]


def similar(client: Client, ticket: Ticket, *, script: bool = True) -> str:
    page = f"/acme/tickets/{ticket.number}/similar/"
    response = client.get(page, headers={"HX-Request": "true"} if script else {})
    assert response.status_code == 200
    return response.content.decode()


def test_a_ticket_with_the_same_rare_words_is_shown(as_alice: Client, alike: list[Ticket]) -> None:
    one, two = alike
    page = similar(as_alice, one)

    assert f"/tickets/{two.number}/" in page
    assert "Strange sound" in page
    assert page.count("<li>") == 1
    assert f"/tickets/{one.number}/" in similar(as_alice, two)


def test_without_a_script_it_is_a_page(as_alice: Client, alike: list[Ticket]) -> None:
    page = similar(as_alice, alike[0], script=False)

    assert "Strange sound" in page
    assert f'href="/acme/tickets/{alike[0].number}/"' in page


def test_the_ticket_page_asks_for_it(as_alice: Client, alike: list[Ticket]) -> None:
    page = as_alice.get(f"/acme/tickets/{alike[0].number}/").content.decode()

    assert f'hx-get="/acme/tickets/{alike[0].number}/similar/"' in page


def test_nothing_alike_is_said(as_alice: Client, filed: Filer) -> None:
    assert "No other ticket shares its rare words." in similar(as_alice, filed("Entirely different"))


def test_what_the_reader_may_not_see_is_not_shown(
    as_alice: Client, as_bob: Client, alice: Membership, bob: Membership, alike: list[Ticket]
) -> None:
    other = factories.make_mailbox(alice.organization, address="other@acme.example")
    hidden = file(other, "The carburettor of a ratchet hums", subject="Hidden", sender="three@customer.example")
    with organization_scope(alice.organization):
        limit_mailbox(other, by=bob)

    assert f"/tickets/{hidden.number}/" not in similar(as_alice, alike[0])
    assert as_alice.get(f"/acme/tickets/{hidden.number}/similar/").status_code == 404


def test_it_is_found_in_another_mailbox_too(as_bob: Client, alice: Membership, alike: list[Ticket]) -> None:
    """Though every mailbox has a key of its own, and the same word another code in each."""
    other = factories.make_mailbox(alice.organization, address="other@acme.example")
    elsewhere = file(other, "The carburettor of a ratchet hums", subject="Elsewhere", sender="three@customer.example")

    assert f"/tickets/{elsewhere.number}/" in similar(as_bob, alike[0])
    assert f"/tickets/{alike[0].number}/" in similar(as_bob, elsewhere)


def test_words_that_many_tickets_have_make_none_alike(as_alice: Client, alike: list[Ticket], filed: Filer) -> None:
    new = filed("When will my parcel arrive? Thank you.", subject="Where is it", sender="new@customer.example")

    assert "No other ticket" in similar(as_alice, new)


def test_statistics_of_the_table_leave_rare_words_alone(as_alice: Client, alike: list[Ticket]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_searchdocument")

    assert "Strange sound" in similar(as_alice, alike[0])
