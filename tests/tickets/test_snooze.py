"""Sleep until a time or a reply; what wakes a ticket, and what does not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from tests.factories import make_inbound_email, make_ticket
from tickets import sleeping
from tickets.actions.close import close_ticket
from tickets.actions.receive import receive_email
from tickets.actions.snooze import snooze_ticket, wake_due, wake_ticket
from tickets.models import Event, Ticket
from tickets.tasks import wake_snoozed

HOUR = timedelta(hours=1)
MAIL = "From: carol@customer.example\nTo: help@acme.example\nSubject: A question\nMessage-ID: <{id}@customer.example>\n"


def told(ticket):
    return list(ticket.events.order_by("at", "pk").values_list("verb", flat=True))


def again(ticket):
    with organization_scope(ticket.organization_id):
        return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.usefixtures("scope")
class TestTheActions:
    def test_a_snoozed_ticket_wakes_when_its_time_has_come_and_not_before(self, acme, ticket, alice):
        until = timezone.now() + HOUR
        snooze_ticket(ticket, until=until, by=alice)

        assert wake_due(acme.pk, now=until - timedelta(seconds=1)) == 0
        assert wake_due(acme.pk, now=until) == 1
        assert wake_due(acme.pk, now=until) == 0
        ticket.refresh_from_db()
        assert (ticket.state, ticket.snoozed_until) == (Ticket.State.OPEN, None)
        assert told(ticket) == [Event.Verb.SNOOZED, Event.Verb.WOKEN]

    def test_what_sleeps_until_a_reply_is_never_due(self, acme, ticket, alice):
        snooze_ticket(ticket, until=None, by=alice)

        assert wake_due(acme.pk, now=timezone.now() + timedelta(days=1000)) == 0
        assert again(ticket).is_snoozed

    @pytest.mark.parametrize("until", [-HOUR, timedelta(0), timedelta(days=400)])
    def test_a_time_that_is_past_or_very_far_is_refused(self, ticket, alice, until):
        with pytest.raises(ActionRefused):
            snooze_ticket(ticket, until=timezone.now() + until, by=alice)
        assert ticket.state == Ticket.State.OPEN

    def test_waking_by_hand_names_who_did_it(self, ticket, alice):
        snooze_ticket(ticket, until=None, by=alice)
        wake_ticket(ticket, by=alice)
        wake_ticket(ticket, by=alice)

        assert ticket.state == Ticket.State.OPEN
        assert [event.by for event in ticket.events.filter(verb=Event.Verb.WOKEN)] == [alice]

    def test_a_ticket_that_was_closed_meanwhile_does_not_wake(self, acme, ticket, alice):
        snooze_ticket(ticket, until=timezone.now() + HOUR, by=alice)
        close_ticket(ticket, by=alice)

        assert wake_due(acme.pk, now=timezone.now() + 2 * HOUR) == 0
        assert again(ticket).is_closed


def answer_of(ticket, mailbox, text="", headers=""):
    """Let a mail of the contact arrive in the ticket."""
    parent = "parent"
    opening = make_inbound_email(mailbox, (MAIL.format(id=parent) + "\nGood morning\n").encode())
    with organization_scope(ticket.organization_id):
        opened = receive_email(opening).ticket
    answer = MAIL.format(id="answer") + f"In-Reply-To: <{parent}@customer.example>\n{headers}\n{text}\n"
    return opened, answer.encode()


def test_a_reply_wakes_at_once(acme, mailbox, ticket, alice):
    opened, raw = answer_of(ticket, mailbox, "Here it is.")
    with organization_scope(acme):
        snooze_ticket(opened, until=timezone.now() + HOUR, by=alice)
    email = make_inbound_email(mailbox, raw)
    with organization_scope(acme):
        receive_email(email)

        opened.refresh_from_db()
        assert (opened.state, opened.snoozed_until, opened.message_count) == (Ticket.State.OPEN, None, 2)
        assert told(opened)[-1] == Event.Verb.WOKEN


def test_an_automatic_reply_wakes_nothing(acme, mailbox, ticket, alice):
    opened, raw = answer_of(ticket, mailbox, "I am away.", "Auto-Submitted: auto-replied\n")
    with organization_scope(acme):
        snooze_ticket(opened, until=None, by=alice)
    email = make_inbound_email(mailbox, raw)
    with organization_scope(acme):
        receive_email(email)

        opened.refresh_from_db()
        assert (opened.state, opened.message_count) == (Ticket.State.SNOOZED, 2)


def test_the_sweep_catches_up_after_an_outage_in_every_organization(acme, globex, mailbox):
    long_ago = timezone.now() - timedelta(days=2)
    asleep = {"state": Ticket.State.SNOOZED, "snoozed_until": long_ago}
    ours = [make_ticket(acme, mailbox=mailbox, **asleep) for _ in range(3)]
    theirs = make_ticket(globex, **asleep)

    wake_snoozed()
    wake_snoozed()

    assert {again(one).state for one in (*ours, theirs)} == {Ticket.State.OPEN}
    with organization_scope(acme):
        assert [told(one) for one in ours] == [[Event.Verb.WOKEN]] * 3


def test_the_page_lets_it_sleep_shows_until_when_and_wakes_it(as_alice, acme, ticket):
    page = reverse("tickets:ticket", args=[acme.slug, ticket.number])
    as_alice.post(page + "snooze/", {"until": "tomorrow"})
    assert again(ticket).snoozed_until == sleeping.until("tomorrow")
    listed = as_alice.get(reverse("tickets:queue", args=[acme.slug]), {"view": "snoozed"})
    assert listed.context["total"] == "1"
    assert "You snoozed this ticket until" in as_alice.get(page).content.decode()

    as_alice.post(page + "wake/")

    assert again(ticket).state == Ticket.State.OPEN


def test_a_time_is_read_on_the_clock_of_the_reader(as_alice, acme, ticket, alice):
    alice.user.time_zone = "America/New_York"
    alice.user.save()
    there = datetime.now(ZoneInfo("America/New_York")) + timedelta(days=3)
    written = there.strftime("%Y-%m-%dT09:30")

    as_alice.post(reverse("tickets:snooze", args=[acme.slug, ticket.number]), {"at": written})

    until = again(ticket).snoozed_until.astimezone(ZoneInfo("America/New_York"))
    assert until.strftime("%Y-%m-%dT%H:%M") == written


@pytest.mark.parametrize("given", [{}, {"until": "never"}, {"at": "soon"}, {"at": "2020-01-01T09:00"}])
def test_a_time_that_is_none_is_refused(as_alice, acme, ticket, given):
    as_alice.post(reverse("tickets:snooze", args=[acme.slug, ticket.number]), given)

    assert again(ticket).state == Ticket.State.OPEN


def test_next_monday_is_never_today():
    sunday, monday = (datetime(2026, 11, day, 12, tzinfo=ZoneInfo("UTC")) for day in (29, 30))
    with timezone.override("UTC"):
        assert sleeping.until("week", sunday).date().isoformat() == "2026-11-30"
        assert sleeping.until("week", monday).date().isoformat() == "2026-12-07"
