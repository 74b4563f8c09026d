"""The actions behind one thing done to many tickets: step by step, taken back, and carried on by another worker."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox, make_ticket
from tests.tickets.acting import states
from tickets.actions import bulk as actions
from tickets.actions.assign import assign_ticket
from tickets.actions.bulk import carry_on, change_all, change_tickets, forget_changes
from tickets.actions.undo_bulk import undo_change
from tickets.lists import VIEWS
from tickets.models import BulkChange, BulkTicket, Event, Ticket
from tickets.narrowing import Asked
from tickets.tasks import carry_out, sweep_changes

Verb = BulkChange.Verb


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
