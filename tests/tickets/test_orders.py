"""The three orders of a list: their pages follow one another, and an index serves them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import organization_scope
from mailbox.access import mailboxes_for
from tests.factories import make_inbound_email, make_mailbox, make_ticket
from tests.tickets.acting import numbers
from tickets.actions.receive import receive_email
from tickets.actions.reply import send_reply
from tickets.counting import counted
from tickets.lists import VIEWS
from tickets.models import Ticket
from tickets.narrowing import Asked, asked_by
from tickets.newest import ORDERS, PRIORITY, WAITING, newest
from tickets.views.queue import PAGE

MAIL = "From: carol@customer.example\nSubject: A question\nMessage-ID: <{0}@customer.example>\n{1}\nText {0}\n"


@pytest.fixture
def address(acme):
    return reverse("tickets:queue", args=[acme.slug])


@pytest.mark.parametrize("key", ORDERS)
def test_pages_follow_one_another_without_gap_or_repetition(as_alice, address, acme, mailbox, key):
    now, other = timezone.now(), make_mailbox(acme)
    made = [
        make_ticket(
            acme,
            mailbox=(mailbox, other)[n % 2],
            priority=1 + n % 4,
            waiting_since=now - timedelta(minutes=n // 3),
            last_activity_at=now - timedelta(minutes=n // 4),
        )
        for n in range(2 * PAGE + 3)
    ]
    shown, url = [], f"{address}?sort={key}"
    while url:
        page = as_alice.get(url)
        shown += numbers(page)
        url = page.context["older_url"]

    by_number = {ticket.number: ticket for ticket in made}
    assert sorted(shown) == sorted(by_number)
    told = [by_number[number] for number in shown]
    ordered = {
        "newest": sorted(made, key=lambda one: (one.last_activity_at, one.pk), reverse=True),
        "waiting": sorted(made, key=lambda one: (one.waiting_since, one.pk)),
        "priority": sorted(made, key=lambda one: (-one.priority, one.waiting_since, one.pk)),
    }
    assert told == ordered[key]


@pytest.mark.parametrize("before", ["x", "1-2", "9-9-9", "4-" + "9" * 30 + "-" + "0" * 32])
def test_a_page_nobody_offered_is_not_there(as_alice, address, before):
    assert as_alice.get(address, {"sort": "priority", "before": before}).status_code == 404


def test_what_is_done_stands_newest_first_only(as_alice, address):
    page = as_alice.get(address, {"view": "closed", "sort": "waiting"})

    assert page.context["orders"] == []
    assert page.context["wanted"].order.key == "newest"


def test_who_writes_again_keeps_their_place_and_who_was_answered_gets_a_new_one(acme, mailbox, alice):
    def arrives(name, answers=""):
        headers = f"In-Reply-To: <{answers}@customer.example>\n" if answers else ""
        email = make_inbound_email(mailbox, MAIL.format(name, headers).encode(), received_at=timezone.now())
        with organization_scope(acme):
            return receive_email(email).ticket

    ticket = arrives("first")
    since = ticket.waiting_since
    arrives("second", answers="first")
    with organization_scope(acme):
        ticket.refresh_from_db()
        assert (ticket.waiting_since, ticket.message_count) == (since, 2)
        send_reply(ticket, text="Friday.", to=[("", "carol@customer.example")], by=alice)
    arrives("third", answers="first")
    with organization_scope(acme):
        ticket.refresh_from_db()
        assert ticket.waiting_since > since


def _plan(rows) -> str:
    """Return how Postgres would read them if tables were large: without reading all of one."""
    with connection.cursor() as cursor:
        for name in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{name} = off")
    return rows.explain()


@pytest.mark.parametrize(
    ("order", "index"), [(WAITING, "ticket_queue_by_waiting"), (PRIORITY, "ticket_queue_by_priority")]
)
def test_an_index_serves_it(acme, mailbox, alice, order, index):
    for _ in range(3):
        make_ticket(acme, mailbox=mailbox)
    with organization_scope(acme):
        found = newest(mailboxes_for(alice), Asked(VIEWS["open"]).narrow(alice), None, 26, order)

        assert index in _plan(found)


def test_the_index_of_what_waits_has_all_that_a_saved_view_may_ask(alice):
    asked = asked_by({"view": "pending", "assignee": "me", "team": str(alice.pk), "priority": "urgent", "older": "30"})
    narrowed = {name.partition("__")[0].removesuffix("_id") for name, _value in asked.columns(alice).children}
    (index,) = [one for one in Ticket._meta.indexes if one.name == "ticket_queue_by_waiting"]

    assert narrowed == {"assignee", "team", "priority", "last_activity_at"}
    assert narrowed <= {*index.fields, *index.include}


def test_mentions_are_counted_from_an_index_alone(acme, mailbox, alice):
    with organization_scope(acme):
        found = counted(VIEWS["mentioned"].counted_in(OuterRef("pk"), alice))
        rows = mailboxes_for(alice).annotate(found=found).values("found")

        assert "Index Only Scan using mention_waiting" in _plan(rows)
