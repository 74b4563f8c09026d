"""Counts: exact as long as people work through a list, honest beyond, and never dearer than what they look at."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox, make_ticket
from tickets import counting
from tickets.actions.tag import tag_ticket
from tickets.counting import said, scanned, shown
from tickets.lists import VIEWS
from tickets.models import Tag, Ticket
from tickets.narrowing import Asked

LONG_AGO = timezone.now() - timedelta(days=40)


def count(wanted, me):
    with organization_scope(me.organization_id):
        return said(Organization.objects.annotate(here=scanned(wanted, me)).get(pk=me.organization_id).here)


@pytest.fixture
def two(acme, mailbox):
    """Two mailboxes with four tickets each, one of them old."""
    boxes = [mailbox, make_mailbox(acme)]
    for box in boxes:
        make_ticket(acme, mailbox=box, last_activity_at=LONG_AGO)
        for _ in range(3):
            make_ticket(acme, mailbox=box)
    return boxes


def test_a_narrowed_list_is_counted_over_all_mailboxes_or_one(two, alice):
    assert count(Asked(VIEWS["open"]), alice) == "8"
    assert count(Asked(VIEWS["open"], older="30"), alice) == "2"
    assert count(Asked(VIEWS["open"], older="30", mailbox=str(two[0].pk)), alice) == "1"
    assert count(Asked(VIEWS["pending"], older="30"), alice) == ""


def test_tags_priority_and_assignee_are_counted_in_every_view(acme, two, alice):
    with organization_scope(acme):
        for ticket in Ticket.objects.filter(mailbox=two[0])[:2]:
            tag_ticket(ticket, name="parcel", by=alice)
            Ticket.objects.filter(pk=ticket.pk).update(state="pending", priority=4, assignee=alice)
        tag = Tag.objects.get()

    assert count(Asked(VIEWS["pending"], tag=str(tag.pk), assignee="me", priority="urgent"), alice) == "2"
    assert count(Asked(VIEWS["open"], tag=str(tag.pk)), alice) == ""


def test_beyond_what_is_looked_at_a_count_says_at_least(acme, two, alice, monkeypatch):
    with organization_scope(acme):
        Ticket.objects.update(state="pending")
    monkeypatch.setattr(counting, "COUNT_UP_TO", 4)

    assert count(Asked(VIEWS["pending"], older="30"), alice) == "2+"
    assert count(Asked(VIEWS["pending"]), alice) == "3+"
    assert count(Asked(VIEWS["mine"]), alice) == ""


def test_what_a_reader_may_not_see_is_not_counted(acme, two, alice, bob):
    with organization_scope(acme):
        limit_mailbox(two[1], by=bob)

    assert count(Asked(VIEWS["open"]), alice) == "4"
    assert count(Asked(VIEWS["open"]), bob) == "8"


def test_counts_are_said_in_few_letters():
    assert [shown(one) for one in (0, 7, 999, 1000, 5000)] == ["", "7", "999", "999+", "999+"]
    assert [said(one) for one in (0, 7, 2_000_000, 1_000_012, 1_001_000)] == ["", "7", "", "12+", "999+"]
