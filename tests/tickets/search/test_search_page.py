"""The page: a question is posted, its answer has an address that says nothing, and the words are marked."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from tests.cast import sign_in
from tests.guards.places import logged
from tests.sql import counted_sql
from tests.tickets.search.conftest import Filer
from tickets.actions.note import add_note
from tickets.models import Ticket
from tickets.search.addresses import MAX_SEALED, sealed_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(acme: Organization) -> str:
    return reverse("tickets:search", args=[acme.slug])


@pytest.fixture
def door(filed: Filer) -> Ticket:
    return filed("The batteries of the <b>door</b> are empty.", subject="Door", files=("battery.pdf",))


def asked(client: Client, address: str, text: str, **headers: str) -> str:
    """Return the page that answers a question, as a browser without a script gets it."""
    response = client.post(address, {"q": text}, follow=True, **headers)  # type: ignore[arg-type]
    assert response.status_code == 200
    return response.content.decode()


def test_nothing_asked_tells_how_to_ask(as_alice: Client, address: str) -> None:
    page = as_alice.get(address).content.decode()

    assert "What are you looking for?" in page
    for operator in ("from:", "to:", "is:open", "assignee:me", "tag:", "mailbox:", "has:attachment", "after:", "-word"):
        assert operator in page


def test_the_answer_marks_the_words_and_stays_text(as_alice: Client, address: str, door: Ticket) -> None:
    page = asked(as_alice, address, "battery door")

    assert "The <mark>batteries</mark> of the &lt;b&gt;<mark>door</mark>&lt;/b&gt; are empty." in page
    assert "<mark>battery</mark>.pdf" in page
    assert "<b>1 ticket</b>" in page
    assert f"/tickets/{door.number}/" in page


def test_a_note_is_called_one(as_alice: Client, alice: Membership, address: str, door: Ticket) -> None:
    with organization_scope(alice.organization):
        add_note(door, text="Ask the warehouse", by=alice)
    page = asked(as_alice, address, "warehouse")

    assert "Ask the <mark>warehouse</mark>" in page
    assert '<span class="badge note">note</span>' in page


def test_the_question_stands_in_no_address_and_no_log(as_alice: Client, address: str, door: Ticket) -> None:
    with logged() as log:
        response = as_alice.post(address, {"q": "batteries from:carol"})
        shown = as_alice.get(response["Location"])

    assert response.status_code == 302
    assert b'value="batteries from:carol"' in shown.content
    for word in ("batter", "carol"):
        assert word not in response["Location"].lower()
        assert word not in log.getvalue().lower()


def test_the_address_of_an_answer_opens_again_and_only_for_who_asked(
    as_alice: Client, as_viewer: Client, alice: Membership, viewer: Membership, address: str, door: Ticket
) -> None:
    place = as_alice.post(address, {"q": "battery"})["Location"]

    assert b"<mark>batteries</mark>" in as_alice.get(place).content
    theirs = as_viewer.get(place)
    assert theirs.status_code == 200
    assert b"cannot be opened here" in theirs.content
    assert b"mark>" not in theirs.content


@pytest.mark.parametrize("sealed", ["x", "AAAA", "%00", "é", "A" * (MAX_SEALED + 1), "=" * 40, "A" * 60])
def test_a_made_up_address_opens_nothing(sealed: str, as_alice: Client, address: str) -> None:
    response = as_alice.get(address, {"s": sealed})

    assert response.status_code == 200
    assert b"cannot be opened here" in response.content


def test_a_made_up_place_in_the_list_is_not_found(as_alice: Client, alice: Membership, address: str) -> None:
    assert as_alice.get(address, {"s": sealed_search(alice, "door"), "before": "nonsense"}).status_code == 404


def test_while_typing_only_the_answer_comes_and_the_address_follows(
    as_alice: Client, address: str, door: Ticket
) -> None:
    response = as_alice.post(address, {"q": "batt"}, headers={"HX-Request": "true"})
    page = response.content.decode()

    assert "<html" not in page
    assert "Nothing found" in page  # a beginning finds subjects and names, not words of a text
    assert urlsplit(response["HX-Replace-Url"]).path == address
    assert "<mark>Door</mark>" in as_alice.post(address, {"q": "doo"}, headers={"HX-Request": "true"}).content.decode()


def test_what_cannot_be_asked_is_said_and_nothing_is_shown(as_alice: Client, address: str, door: Ticket) -> None:
    page = asked(as_alice, address, "battery form:carol")

    assert "There is no operator “form:”" in page
    assert "<mark>" not in page
    assert "Nothing found" not in page


def test_hostile_questions_do_no_harm(as_alice: Client, address: str, door: Ticket) -> None:
    for text in (
        "'; DROP TABLE x; --",
        "a' | 'b",
        "\x00\x00",
        "<script>",
        "((((",
        "&&&",
        ":*",
        "\ud83d\ude00",
        "%s %(a)s",
    ):
        page = asked(as_alice, address, text.encode("utf-16", "surrogatepass").decode("utf-16"))
        assert "<script>" not in page.replace('<script type="module"', "")


def test_pages_follow_one_another_without_a_script(as_alice: Client, address: str, filed: Filer) -> None:
    for n in range(27):
        filed("A ratchet", subject=f"Number {n}", sender=f"c{n}@customer.example")
    page = asked(as_alice, address, "ratchet")
    (older,) = re.findall(r'href="([^"]+)" rel="next"', page)
    second = as_alice.get(older.replace("&amp;", "&")).content.decode()

    assert "<b>27 tickets</b>" in page
    assert page.count("<li data-row>") == 25
    assert second.count("<li data-row>") == 2
    assert "Back to the newest" in second


def test_a_viewer_may_search_and_a_stranger_may_not(
    as_viewer: Client, as_mallory: Client, address: str, door: Ticket
) -> None:
    assert "<mark>batteries</mark>" in asked(as_viewer, address, "battery")
    assert as_mallory.get(address).status_code == 404
    assert as_mallory.post(address, {"q": "battery"}).status_code == 404


def test_a_page_of_hits_costs_as_many_statements_as_one_hit(
    alice: Membership, address: str, filed: Filer, door: Ticket
) -> None:
    client = sign_in(Client(), alice)
    asked(client, address, "ratchet")
    filed("A ratchet", subject="First", sender="first@customer.example", files=("ratchet.pdf",))
    with counted_sql() as one:
        client.post(address, {"q": "ratchet"}, headers={"HX-Request": "true"})
    for n in range(20):
        filed("A ratchet", subject=f"Number {n}", sender=f"c{n}@customer.example", files=("ratchet.pdf",))
    with counted_sql() as many:
        client.post(address, {"q": "ratchet"}, headers={"HX-Request": "true"})

    assert len(many) == len(one)
    assert len(many) <= 14
