"""Unread for one agent: what happened since they looked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import organization_scope
from tests.factories import make_ticket
from tests.sql import counted_sql
from tickets.actions.note import add_note
from tickets.actions.see import see, unsee
from tickets.models import Seen


@pytest.fixture
def queue(acme):
    return reverse("tickets:queue", args=[acme.slug])


@pytest.fixture
def page(acme, ticket):
    return reverse("tickets:ticket", args=[acme.slug, ticket.number])


def unread(client, queue):
    rows = [row for band in client.get(queue).context["bands"] for row in band["rows"]]
    return {int(row["number"]) for row in rows if row["is_new"]}


def touch(ticket, by):
    with organization_scope(ticket.organization_id):
        add_note(ticket, text="Look at this.", by=by)


def test_looking_makes_it_read_for_who_looked_and_for_nobody_else(as_alice, as_bob, queue, acme, mailbox):
    one = make_ticket(acme, mailbox=mailbox, last_activity_at=timezone.now() + timedelta(seconds=5))
    assert unread(as_alice, queue) == unread(as_bob, queue) == {one.number}

    as_alice.get(reverse("tickets:ticket", args=[acme.slug, one.number]))

    assert unread(as_alice, queue) == set()
    assert unread(as_bob, queue) == {one.number}


def test_what_happens_later_makes_it_unread_again(as_alice, queue, page, ticket, bob):
    as_alice.get(page)
    touch(ticket, bob)
    assert unread(as_alice, queue) == {ticket.number}

    as_alice.get(page)
    assert unread(as_alice, queue) == set()


def test_ones_own_note_is_read(as_alice, queue, page, ticket, alice):
    as_alice.get(page)
    as_alice.post(page + "note/", {"text": "Mine."})

    assert unread(as_alice, queue) == set()


def test_what_was_there_before_somebody_joined_counts_as_read(as_alice, queue, acme, mailbox, alice):
    make_ticket(acme, mailbox=mailbox, last_activity_at=alice.created_at - timedelta(days=1))

    assert unread(as_alice, queue) == set()


def test_it_can_be_made_unread(as_alice, queue, page, ticket):
    as_alice.get(page)
    with organization_scope(ticket.organization_id):
        ticket.last_activity_at = timezone.now()
        ticket.save()
    as_alice.get(page)
    assert as_alice.post(page + "unread/").url.startswith(queue)

    assert unread(as_alice, queue) == {ticket.number}


def test_looking_again_writes_nothing_but_its_line_in_the_access_log(as_alice, page):
    as_alice.get(page)
    with counted_sql() as statements:
        as_alice.get(page)

    written = [one for one in statements if one.startswith("INSERT")]
    assert ["accounts_accessevent" in one for one in written] == [True]


@pytest.mark.usefixtures("scope")
def test_one_mark_for_each_member_goes_with_the_ticket(ticket, alice, bob):
    for member in (alice, alice, bob):
        see(ticket, by=member)
    unsee(ticket, by=bob)
    assert Seen.objects.filter(ticket=ticket).count() == 2

    ticket.messages.all().delete()
    ticket.delete()
    assert Seen.objects.count() == 0
