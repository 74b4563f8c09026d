"""One thing done to many tickets: the chosen ones, or all that match; who may, what it costs, and the way back."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox, make_ticket
from tests.sql import counted_sql
from tests.tickets.acting import again, states
from tickets.actions.assign import assign_ticket
from tickets.actions.bulk import change_tickets
from tickets.actions.tag import make_tag
from tickets.models import BulkChange, Event

Verb = BulkChange.Verb


@pytest.fixture
def address(acme):
    return reverse("tickets:bulk", args=[acme.slug]) + "?view=open"


def chosen(tickets, do):
    return {"ticket": [one.number for one in tickets], "do": do}


def test_the_chosen_tickets_are_closed_and_the_others_stay(as_alice, address, many):
    response = as_alice.post(address, chosen(many[:3], "close"))

    assert states(many) == ["closed"] * 3 + ["open"] * 2
    page = as_alice.get(response.url).content.decode()
    assert "3 tickets were changed." in page
    assert "Undo" in page


def test_undo_puts_back_what_was_before(as_alice, address, acme, many, alice, bob):
    with organization_scope(acme):
        assign_ticket(many[0], to=bob, by=bob)
    as_alice.post(address, chosen(many, f"assign:{alice.pk}"))
    assert {one.assignee_id for one in again(many)} == {alice.pk}
    with organization_scope(acme):
        change = BulkChange.objects.get()

    as_alice.post(reverse("tickets:undo_change", args=[acme.slug, change.pk]))

    assert [one.assignee_id for one in again(many)] == [bob.pk, None, None, None, None]
    with organization_scope(acme):
        assert list(many[1].events.order_by("at", "pk").values_list("verb", flat=True)) == [
            Event.Verb.ASSIGNED,
            Event.Verb.UNDONE,
        ]


@pytest.mark.parametrize(
    ("do", "says"),
    [
        ("snooze:tomorrow", {"state": "snoozed"}),
        ("snooze:reply", {"state": "snoozed", "snoozed_until": None}),
        ("priority:4", {"priority": 4}),
        ("spam", {"state": "spam"}),
    ],
)
def test_every_act_is_done_and_undone(as_alice, address, acme, many, do, says):
    as_alice.post(address, chosen(many, do))
    assert all(getattr(one, name) == value for one in again(many) for name, value in says.items())

    with organization_scope(acme):
        change = BulkChange.objects.get()
    as_alice.post(reverse("tickets:undo_change", args=[acme.slug, change.pk]))

    assert {(one.state, one.priority, one.snoozed_until) for one in again(many)} == {("open", 2, None)}


def test_a_tag_is_taken_off_again_where_it_was_not_before(as_alice, address, acme, many):
    with organization_scope(acme):
        tag = make_tag(acme, name="parcel")
    as_alice.post(address, chosen(many[:1], f"tag:{tag.pk}"))
    as_alice.post(address, chosen(many, f"tag:{tag.pk}"))
    with organization_scope(acme):
        assert tag.ticket_tags.count() == 5
        change = BulkChange.objects.order_by("pk").last()
        assert (change.total, change.changed) == (5, 4)

    as_alice.post(reverse("tickets:undo_change", args=[acme.slug, change.pk]))

    with organization_scope(acme):
        assert [one.ticket_id for one in tag.ticket_tags.all()] == [many[0].pk]


def test_all_that_match_is_done_by_a_worker_and_its_progress_is_shown(
    as_alice, address, acme, many, django_capture_on_commit_callbacks, celery_eager
):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_alice.post(address, {"all": "1", "do": "close", "ticket": many[0].number})

    page = as_alice.get(response.url).content.decode()
    assert states(many) == ["closed"] * 5
    assert "5 tickets were changed." in page
    with organization_scope(acme):
        change = BulkChange.objects.get()
    alone = as_alice.get(reverse("tickets:change", args=[acme.slug, change.pk]), headers={"HX-Request": "true"})
    assert "5 tickets were changed." in alone.content.decode()
    assert "<html" not in alone.content.decode()


@pytest.mark.parametrize("do", ["dance", "assign:x", "priority:9", "snooze:never", "tag:", "close:"])
def test_what_nobody_offered_is_not_done(as_alice, address, many, do):
    as_alice.post(address, chosen(many, do))

    assert states(many) == ["open"] * 5 or do == "close:"


def test_nothing_chosen_is_said(as_alice, address, many, acme):
    page = as_alice.post(address, {"do": "close"}, headers={"Referer": f"http://testserver/{acme.slug}/"}, follow=True)

    assert "Choose at least one ticket." in page.content.decode()
    assert states(many) == ["open"] * 5


def test_a_ticket_out_of_sight_is_not_touched(as_alice, address, acme, many, bob):
    hidden = make_mailbox(acme)
    with organization_scope(acme):
        limit_mailbox(hidden, by=bob)
    theirs = make_ticket(acme, mailbox=hidden)

    as_alice.post(address, chosen([*many, theirs], "close"))

    assert states([*many, theirs]) == ["closed"] * 5 + ["open"]


def test_viewers_have_no_boxes_and_change_nothing(as_viewer, address, acme, many):
    page = as_viewer.get(reverse("tickets:queue", args=[acme.slug])).content.decode()

    assert 'name="ticket"' not in page
    assert as_viewer.post(address, chosen(many, "close")).status_code == 403
    assert states(many) == ["open"] * 5


def test_a_change_is_shown_to_nobody_else(as_bob, acme, many, alice):
    with organization_scope(acme):
        change = change_tickets(many, verb=Verb.CLOSE, details={}, by=alice)

    assert as_bob.get(reverse("tickets:change", args=[acme.slug, change.pk])).status_code == 404
    assert as_bob.post(reverse("tickets:undo_change", args=[acme.slug, change.pk])).status_code == 404
    assert as_bob.get(reverse("tickets:change", args=[acme.slug, uuid4()])).status_code == 404
    assert states(many) == ["closed"] * 5


def test_the_list_with_progress_and_saved_views_asks_eight_things_at_most_and_writes_one(as_alice, address, acme, many):
    views = reverse("tickets:save_view", args=[acme.slug])
    for n in range(12):
        as_alice.post(views, {"name": f"View {n}", "view": "open", "priority": "urgent"})
    there = as_alice.post(address, chosen(many, "priority:4")).url
    as_alice.get(there)

    with counted_sql() as statements:
        assert as_alice.get(there).status_code == 200
    assert len(statements) <= 9, "\n".join(statements)
