"""The queue: what it lists, in which order, at what cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import organization_scope
from mailbox.models import OutboundEmail
from tests.factories import make_contact, make_mailbox, make_message, make_ticket
from tests.sql import counted_sql
from tests.tickets.acting import numbers
from tickets.actions.reply import send_reply
from tickets.models import Ticket
from tickets.views.queue import PAGE


@pytest.fixture
def address(acme):
    return reverse("tickets:queue", args=[acme.slug])


@pytest.fixture
def many(acme, mailbox):
    people = [make_contact(acme, name=f"Person {n}" if n % 3 else "") for n in range(12)]
    now = timezone.now()
    return [
        make_ticket(
            acme,
            mailbox=mailbox,
            contact=people[n % 12],
            subject=f"Question {n}",
            last_activity_at=now - timedelta(minutes=n // 2),
            message_count=1,
        )
        for n in range(PAGE + 10)
    ]


def test_newest_activity_stands_first(as_alice, address, many):
    shown = numbers(as_alice.get(address))

    assert len(shown) == PAGE
    assert set(shown[:2]) == {many[0].number, many[1].number}


def test_pages_follow_one_another_without_gap_or_repetition(as_alice, address, many):
    first = as_alice.get(address)
    second = as_alice.get(first.context["older_url"])

    assert sorted(numbers(first) + numbers(second)) == sorted(ticket.number for ticket in many)
    assert second.context["newest_url"]
    assert not second.context["older_url"]


@pytest.mark.parametrize("before", ["x", "1-2", "99999999999999999999999-" + "0" * 32])
def test_a_page_nobody_offered_is_not_there(as_alice, address, before):
    assert as_alice.get(address, {"before": before}).status_code == 404


def test_the_views_divide_the_work(as_alice, address, acme, mailbox, alice, bob):
    mine = make_ticket(acme, mailbox=mailbox, assignee=alice)
    nobodys = make_ticket(acme, mailbox=mailbox)
    done = make_ticket(acme, mailbox=mailbox, state=Ticket.State.CLOSED)
    theirs = make_ticket(acme, mailbox=mailbox, state=Ticket.State.PENDING, assignee=bob)

    def shown(view):
        return set(numbers(as_alice.get(address, {"view": view})))

    assert shown("mine") == {mine.number}
    assert shown("unassigned") == {nobodys.number}
    assert shown("open") == {mine.number, nobodys.number}
    assert shown("closed") == {done.number}
    assert shown("pending") == {theirs.number}
    assert as_alice.get(address, {"view": "everything"}).status_code == 404


def test_one_mailbox_can_be_looked_at_alone(as_alice, address, acme, mailbox):
    here = make_ticket(acme, mailbox=mailbox)
    make_ticket(acme, mailbox=make_mailbox(acme))

    assert numbers(as_alice.get(address, {"mailbox": str(mailbox.pk)})) == [here.number]
    assert as_alice.get(address, {"mailbox": str(here.pk)}).status_code == 404
    assert as_alice.get(address, {"mailbox": "x"}).status_code == 404


def test_the_sidebar_counts_what_waits(as_alice, address, acme, mailbox, alice):
    make_ticket(acme, mailbox=mailbox, assignee=alice)
    make_ticket(acme, mailbox=mailbox)

    counts = {one["key"]: one["count_display"] for one in as_alice.get(address).context["navigation"]["queues"]}

    assert {key: count for key, count in counts.items() if count} == {"mine": "1", "unassigned": "1", "open": "2"}
    assert {"mentioned", "pending", "snoozed", "closed", "spam"} <= set(counts)


def test_an_answer_that_did_not_leave_shows_on_its_row(as_alice, address, acme, ticket, alice):
    with organization_scope(acme):
        message = send_reply(ticket, text="Friday.", to=[("", "carol@customer.example")], by=alice)
        OutboundEmail.objects.filter(pk=message.outbound_id).update(state=OutboundEmail.State.FAILED)

    assert "Not sent" in as_alice.get(address, {"view": "pending"}).content.decode()


def test_an_empty_view_says_why(as_alice, address, mailbox):
    assert "Everything is answered" in as_alice.get(address).content.decode()


def test_what_a_stranger_wrote_stays_text(as_alice, address, acme, mailbox):
    contact = make_contact(acme, name="<b>Eve</b>")
    make_ticket(acme, mailbox=mailbox, contact=contact, subject="<script>alert(1)</script>", snippet="<img src=x>")

    page = as_alice.get(address).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "<b>Eve" not in page


def test_the_page_asks_eight_things_at_most_however_full(as_alice, address, many, alice):
    as_alice.get(address)  # keys are held for a minute
    with counted_sql() as statements:
        response = as_alice.get(address)

    assert response.status_code == 200
    assert len(statements) <= 8, "\n".join(statements)


def test_the_rows_alone_come_for_htmx(as_alice, address, ticket):
    page = as_alice.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "The door does not close" in page
    assert "<html" not in page


def test_a_conversation_opens_at_its_newest_mail(as_alice, address, ticket):
    for _ in range(4):
        make_message(ticket)

    assert f"/tickets/{ticket.number}/?from=open#newest" in as_alice.get(address).content.decode()
