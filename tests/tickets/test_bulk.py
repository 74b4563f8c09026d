"""One thing done to many tickets: the chosen ones, or all that match; who may, what it costs, and the way back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox, make_ticket
from tests.sql import counted_sql
from tickets.actions import bulk as actions
from tickets.actions.assign import assign_ticket
from tickets.actions.bulk import carry_on, change_all, change_tickets, forget_changes
from tickets.actions.tag import make_tag
from tickets.actions.undo_bulk import undo_change
from tickets.lists import VIEWS
from tickets.models import BulkChange, BulkTicket, Event, Ticket
from tickets.narrowing import Asked
from tickets.tasks import carry_out, sweep_changes

Verb = BulkChange.Verb


@pytest.fixture
def many(acme, mailbox):
    return [make_ticket(acme, mailbox=mailbox) for _ in range(5)]


@pytest.fixture
def address(acme):
    return reverse("tickets:bulk", args=[acme.slug]) + "?view=open"


def again(tickets):
    with organization_scope(tickets[0].organization_id):
        found = Ticket.objects.in_bulk([one.pk for one in tickets])
    return [found[one.pk] for one in tickets]


def states(tickets):
    return [one.state for one in again(tickets)]


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


@pytest.mark.usefixtures("scope")
class TestTheActions:
    def test_what_somebody_changed_since_is_not_put_back(self, acme, many, alice, bob):
        change = change_tickets(many, verb=Verb.ASSIGN, details={"assignee": str(alice.pk)}, by=alice)
        assign_ticket(many[0], to=bob, by=bob)

        undo_change(change, by=alice)
        while carry_on(change.pk):
            pass

        change.refresh_from_db()
        assert change.taken_back == 4
        assert Ticket.objects.get(pk=many[0].pk).assignee == bob

    def test_undo_ends_after_ten_minutes_and_is_only_for_who_did_it(self, many, alice, bob):
        change = change_tickets(many, verb=Verb.CLOSE, details={}, by=alice)
        with pytest.raises(ActionRefused):
            undo_change(change, by=bob)
        BulkChange.objects.update(finished_at=timezone.now() - timedelta(minutes=11))

        with pytest.raises(ActionRefused):
            undo_change(change, by=alice)
        assert Ticket.objects.closed().count() == 5

    def test_one_that_is_refused_stops_no_other(self, acme, many, alice, viewer):
        many[0].merged_into = many[1]
        many[0].state = Ticket.State.CLOSED
        many[0].save()

        change = change_tickets(many, verb=Verb.PRIORITY, details={"priority": 4}, by=alice)

        assert (change.changed, change.refused) == (4, 1)
        assert Ticket.objects.filter(priority=4).count() == 4

    def test_a_single_one_says_why_it_is_refused_and_leaves_nothing(self, many, alice, viewer):
        with pytest.raises(ActionRefused, match="cannot answer"):
            change_tickets(many[:1], verb=Verb.ASSIGN, details={"assignee": str(viewer.pk)}, by=alice)
        assert Ticket.objects.exclude(assignee=None).count() == 0

    def test_all_that_match_is_what_the_list_holds_when_the_work_begins(self, acme, many, mailbox, alice):
        wanted = Asked(VIEWS["open"], priority="urgent")
        for one in many[:2]:
            one.priority = Ticket.Priority.URGENT
            one.save()
        change = change_all(wanted, verb=Verb.CLOSE, details={}, by=alice)
        assert Ticket.objects.closed().count() == 0  # a worker does it

        carry_out(str(acme.pk), str(change.pk))

        change.refresh_from_db()
        assert (change.total, change.done, change.changed, change.is_running) == (2, 2, 2, False)
        assert set(Ticket.objects.closed()) == set(many[:2])

    def test_the_work_goes_in_steps_and_a_second_run_finds_nothing_left(self, acme, many, alice, monkeypatch):
        monkeypatch.setattr(actions, "STEP", 2)
        change = change_all(Asked(VIEWS["open"]), verb=Verb.CLOSE, details={}, by=alice)
        seen = []
        while carry_on(change.pk):
            seen.append(BulkChange.objects.get().done)
        carry_out(str(acme.pk), str(change.pk))

        assert seen == [0, 2, 4]
        assert BulkChange.objects.get().changed == 5
        assert Event.objects.filter(verb=Event.Verb.CLOSED).count() == 5

    def test_rights_are_asked_inside_the_work(self, acme, mailbox, many, alice, bob):
        hidden = make_ticket(acme, mailbox=make_mailbox(acme))
        change = change_all(Asked(VIEWS["open"]), verb=Verb.CLOSE, details={}, by=alice)
        carry_on(change.pk)  # the tickets are written down
        limit_mailbox(mailbox, by=bob)

        carry_out(str(acme.pk), str(change.pk))

        change.refresh_from_db()
        assert (change.changed, change.refused) == (1, 5)
        assert list(Ticket.objects.closed()) == [hidden]

    def test_who_was_shut_out_changes_nothing_any_more(self, acme, many, alice):
        change = change_all(Asked(VIEWS["open"]), verb=Verb.CLOSE, details={}, by=alice)
        alice.is_active = False
        alice.save()

        carry_out(str(acme.pk), str(change.pk))

        assert Ticket.objects.closed().count() == 0
        assert not BulkChange.objects.get().is_running

    def test_a_list_that_holds_too_much_is_left_alone(self, acme, many, alice, monkeypatch):
        monkeypatch.setattr(actions, "MOST", 4)
        change = change_all(Asked(VIEWS["open"]), verb=Verb.CLOSE, details={}, by=alice)
        carry_out(str(acme.pk), str(change.pk))

        change.refresh_from_db()
        assert (change.is_too_much, change.is_running) == (True, False)
        assert Ticket.objects.closed().count() == 0

    def test_undo_while_it_runs_stops_it(self, acme, many, alice, monkeypatch):
        monkeypatch.setattr(actions, "STEP", 2)
        change = change_all(Asked(VIEWS["open"]), verb=Verb.CLOSE, details={}, by=alice)
        carry_on(change.pk)
        carry_on(change.pk)
        assert Ticket.objects.closed().count() == 2

        undo_change(change, by=alice)
        carry_out(str(acme.pk), str(change.pk))

        assert Ticket.objects.closed().count() == 0
        assert BulkTicket.objects.filter(state=BulkTicket.State.WAITING).count() == 3

    def test_what_nobody_can_take_back_is_forgotten(self, many, alice):
        change_tickets(many, verb=Verb.CLOSE, details={}, by=alice)
        BulkChange.objects.update(finished_at=timezone.now() - timedelta(days=2))
        change_tickets(many, verb=Verb.REOPEN, details={}, by=alice)

        assert forget_changes() == 1
        assert BulkTicket.objects.count() == 5


def test_a_change_whose_worker_was_lost_is_carried_on(acme, many, alice, celery_eager):
    with organization_scope(acme):
        change = BulkChange.objects.create(
            organization=acme,
            by=alice,
            verb=Verb.CLOSE,
            query={"view": "open"},
            moved_at=timezone.now() - timedelta(minutes=5),
        )

    sweep_changes()

    assert states(many) == ["closed"] * 5
    with organization_scope(acme):
        assert not BulkChange.objects.get(pk=change.pk).is_running


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


def test_the_list_with_progress_and_saved_views_asks_eight_things_at_most(as_alice, address, acme, many):
    views = reverse("tickets:save_view", args=[acme.slug])
    for n in range(12):
        as_alice.post(views, {"name": f"View {n}", "view": "open", "priority": "urgent"})
    there = as_alice.post(address, chosen(many, "priority:4")).url
    as_alice.get(there)

    with counted_sql() as statements:
        assert as_alice.get(there).status_code == 200
    assert len(statements) <= 8, "\n".join(statements)
