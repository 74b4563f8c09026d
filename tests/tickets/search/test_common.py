"""Words that very many mails have: the newest are looked at, the page says how far, and going on misses nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from mailbox.models import Mailbox
from tests import factories
from tests.tickets.search.conftest import Filer, file
from tickets.models import Message, Ticket
from tickets.search import asking
from tickets.search.asking import Index
from tickets.search.finding import Found, find
from tickets.search.plan import plan_for
from tickets.search.question import parse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Call common what three rows have, and look at ten rows or three tickets at once."""
    monkeypatch.setattr(asking, "COMMON", 3)
    monkeypatch.setattr(asking, "WALKED", 10)
    monkeypatch.setattr(asking, "LOOKED_AT", 3)


@pytest.fixture
def desk(filed: Filer) -> list[Ticket]:
    """Twelve tickets, a day apart: every one speaks of a harbour, every second of a delivery, two of a ratchet."""
    tickets = []
    for day in range(12):
        text = "The harbour" + (" awaits a delivery" if day % 2 else "") + (" of a ratchet" if day in (1, 11) else "")
        ticket = filed(text, subject=f"Number {day}", sender=f"c{day}@customer.example")
        at = timezone.now() - timedelta(days=day)
        with organization_scope(ticket.organization_id):
            Message.objects.filter(ticket=ticket).update(at=at)
            Ticket.objects.filter(pk=ticket.pk).update(last_activity_at=at)
        tickets.append(ticket)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_searchdocument")
    return tickets


def looks(me: Membership, text: str) -> Iterator[Found]:
    """Yield one look after the other, as "Look further back" leads on."""
    with organization_scope(me.organization_id):
        plan, before = plan_for(parse(text, timezone.localdate()), me), None
        for _ in range(30):
            found = find(plan, Index(plan), before)
            yield found
            if found.older is None:
                return
            before = (found.older.at, found.older.id)
        raise AssertionError("It never ends.")


def days(me: Membership, text: str, desk: list[Ticket]) -> list[list[int]]:
    """Return what each look finds, as the day of its ticket."""
    named = {ticket.pk: day for day, ticket in enumerate(desk)}
    return [[named[one.id] for one in found.page] for found in looks(me, text)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("harbour ", list(range(12))),
        ("harbour delivery ", [1, 3, 5, 7, 9, 11]),
        ("harbour delivery ratchet ", [1, 11]),
        ("harbour -delivery", [0, 2, 4, 6, 8, 10]),
        ("harbour delivery before:5d ", [7, 9, 11]),
        ('"the harbour awaits"', [1, 3, 5, 7, 9, 11]),
    ],
)
def test_look_after_look_finds_everything_once_and_newest_first(
    asked: str, found: list[int], alice: Membership, desk: list[Ticket]
) -> None:
    by_look = days(alice, asked, desk)

    assert [day for look in by_look for day in look] == found


def test_a_look_reads_few_rows_and_says_how_far_back_it_came(alice: Membership, desk: list[Ticket]) -> None:
    first, *_more = looks(alice, "harbour delivery ")

    assert 0 < len(first.page) < 6
    assert first.is_at_least
    assert first.looked_back_to is not None


def test_a_word_of_an_older_mail_of_the_ticket_counts(alice: Membership, filed: Filer, desk: list[Ticket]) -> None:
    again = "When is the delivery?"  # long after it spoke of the harbour
    filed(again, subject="Re: Number 8", sender="c8@customer.example", answers=desk[8])
    found = [day for look in days(alice, "harbour delivery ", desk) for day in look]

    assert sorted(found) == [1, 3, 5, 7, 8, 9, 11]


def test_rows_of_one_moment_hold_nothing_up(alice: Membership, desk: list[Ticket]) -> None:
    at = timezone.now() - timedelta(days=3)
    with organization_scope(alice.organization_id):
        Message.objects.update(at=at)
        Ticket.objects.update(last_activity_at=at)

    list(looks(alice, "harbour delivery "))


def test_who_sees_one_mailbox_of_two_looks_at_that_one(
    alice: Membership, bob: Membership, desk: list[Ticket], mailbox: Mailbox
) -> None:
    other = factories.make_mailbox(alice.organization, address="open@acme.example")
    seen = file(other, "A delivery to the harbour", sender="x@customer.example")
    with organization_scope(alice.organization):
        limit_mailbox(mailbox, by=bob)

    assert [one.id for found in looks(alice, "harbour delivery ") for one in found.page] == [seen.pk]
    assert len([one for found in looks(bob, "harbour delivery ") for one in found.page]) == 7
