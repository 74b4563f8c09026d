"""The list of what happened, the bell, following, and the choices."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_ticket
from tests.sql import counted_sql
from tickets.actions.assign import assign_ticket
from tickets.models import Following, Notification
from tickets.views.notifications import PAGE


@pytest.fixture
def address(acme):
    return reverse("tickets:notifications", args=["acme"])


@pytest.fixture
def many(acme, mailbox, contact, alice, bob):
    now = timezone.now()
    with organization_scope(acme):
        made = [
            Notification(
                organization=acme,
                member=alice,
                by=bob,
                kind=Notification.Kind.ASSIGNED,
                ticket=make_ticket(acme, mailbox=mailbox, contact=contact, subject=f"Matter {n}"),
                at=now - timedelta(minutes=n // 2),
            )
            for n in range(PAGE + 5)
        ]
        return Notification.objects.bulk_create(made)


def ids(response):
    return [row["id"] for row in response.context["rows"]]


def unread(client):
    return client.get(reverse("tickets:queue", args=["acme"])).context["navigation"]["unread"]


def test_pages_follow_one_another_without_gap_or_repetition(as_alice, address, many):
    first = as_alice.get(address)
    second = as_alice.get(first.context["older_url"])

    assert len(ids(first)) == PAGE
    assert sorted(ids(first) + ids(second)) == sorted(one.pk for one in many)
    assert as_alice.get(address, {"before": "x"}).status_code == 404


def test_a_page_says_who_did_what_at_a_fixed_cost(as_alice, address, many):
    as_alice.get(address)
    with counted_sql() as statements:
        page = as_alice.get(address).content.decode()

    assert "Bob Admin gave it to you or your team" in page
    assert "Matter 3" in page
    assert len(statements) <= 6, "\n".join(statements)


def test_one_is_marked_as_read_and_then_all(as_alice, address, many):
    assert unread(as_alice) == str(PAGE + 5)

    as_alice.post(reverse("tickets:read_notification", args=["acme", many[0].pk]))
    assert unread(as_alice) == str(PAGE + 4)

    as_alice.post(reverse("tickets:read_notifications", args=["acme"]))
    assert unread(as_alice) == ""


def test_what_came_after_the_page_was_shown_stays_unread(as_alice, address, many, acme):
    until = as_alice.get(address).context["rows"][10]["until"]

    as_alice.post(reverse("tickets:read_notifications", args=["acme"]), {"until": until})

    assert unread(as_alice) == "10"


def test_nobody_marks_what_is_anothers(as_bob, many):
    assert as_bob.post(reverse("tickets:read_notification", args=["acme", many[0].pk])).status_code == 404
    as_bob.post(reverse("tickets:read_notifications", args=["acme"]))

    many[0].refresh_from_db()
    assert many[0].read_at is None


def test_looking_at_a_ticket_reads_what_is_said_of_it(as_alice, acme, ticket, alice, bob):
    with organization_scope(acme):
        assign_ticket(ticket, to=alice, by=bob)
    assert unread(as_alice) == "1"

    page = as_alice.get(reverse("tickets:ticket", args=["acme", ticket.number]))

    assert page.context["navigation"]["unread"] == ""
    assert unread(as_alice) == ""


def test_the_bell_comes_alone(as_alice, many):
    page = as_alice.get(reverse("tickets:bell", args=["acme"])).content.decode()

    assert str(PAGE + 5) in page
    assert "<html" not in page


def test_nothing_waits_and_the_page_says_so(as_alice, address):
    assert "Nothing waits for you" in as_alice.get(address).content.decode()


def test_each_kind_and_way_is_chosen(as_alice, as_bob, acme, alice):
    address = reverse("tickets:notification_choices", args=["acme"])
    page = as_alice.get(address).content.decode()
    assert "Trouble with a mailbox" not in page
    assert "Trouble with a mailbox" in as_bob.get(address).content.decode()

    assert as_alice.post(address, {"reply-by_mail": "on", "mentioned-in_app": "on"}).status_code == 302

    with organization_scope(acme):
        chosen = {one.kind: (one.in_app, one.in_browser, one.by_mail) for one in alice.notification_choices.all()}
    assert chosen == {
        "assigned": (False, False, False),
        "mentioned": (True, False, False),
        "reply": (False, False, True),
    }
    as_alice.post(address, {"reply-in_app": "on"})
    with organization_scope(acme):
        assert alice.notification_choices.get(kind="reply").by_mail is False


def test_a_ticket_is_followed_and_left_and_its_page_says_who_does(as_alice, as_bob, acme, ticket):
    def url(name):
        return reverse(f"tickets:{name}", args=["acme", ticket.number])

    for _ in range(2):
        as_alice.post(url("follow"))
    page = as_bob.get(url("ticket"))
    assert page.context["followers"] == ["Alice Agent"]
    assert not page.context["is_followed"]
    assert as_alice.get(url("ticket")).context["is_followed"]

    as_alice.post(url("unfollow"))
    assert as_bob.get(url("ticket")).context["followers"] == []
    with organization_scope(acme):
        assert Following.objects.count() == 1


def test_a_viewer_follows_nothing(as_viewer, ticket):
    assert as_viewer.post(reverse("tickets:follow", args=["acme", ticket.number])).status_code == 403
    assert "Follow " not in as_viewer.get(reverse("tickets:ticket", args=["acme", ticket.number])).content.decode()


def test_what_was_told_disappears_with_the_right_to_see_it(as_alice, address, acme, mailbox, ticket, alice, bob):
    with organization_scope(acme):
        assign_ticket(ticket, to=alice, by=bob)
    assert "The door does not close" in as_alice.get(address).content.decode()

    with organization_scope(acme):
        limit_mailbox(mailbox, by=bob)

    response = as_alice.get(address)
    assert "The door does not close" not in response.content.decode()
    assert response.context["navigation"]["unread"] == ""
