"""Send later: an answer leaves at its time, unless something came first."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.tenancy import organization_scope
from tests.tickets.writing import CAROL, answers, ask, url
from tickets.actions.schedule import send_scheduled
from tickets.models import Draft, Event, Ticket
from tickets.tasks import send_later


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return ask(mailbox)


def in_hours(hours, zone=settings.TIME_ZONE):
    return (timezone.now() + timedelta(hours=hours)).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def later(as_alice, asked):
    seen = as_alice.get(url("ticket", asked.ticket)).context["reply_form"]["seen"].value()
    said = {"to": CAROL, "text": "Good morning!", "then": "later", "at": in_hours(3), "seen": seen, "quotes": "on"}
    response = as_alice.post(url("reply", asked.ticket), said)
    assert response.status_code == 302, response.content.decode()
    return asked.ticket


def come(acme):
    """Let the time come."""
    with organization_scope(acme):
        draft = Draft.objects.scheduled().get()
        Draft.objects.filter(pk=draft.pk).update(send_at=timezone.now() - timedelta(seconds=1))
    return draft.pk


def test_it_waits_and_everybody_sees_that(as_alice, as_bob, acme, later):
    with organization_scope(acme):
        assert answers(later) == []
    for reader, who in ((as_alice, "You"), (as_bob, "Alice Agent")):
        page = reader.get(url("ticket", later))
        assert [one["who"] for one in page.context["drafted"]["waiting"]] == [who]
        assert "Good morning!" in page.content.decode()
    assert as_alice.get(url("ticket", later)).context["reply_form"]["text"].value() in (None, "")


def test_at_its_time_it_leaves_once_as_its_writer_wrote_it(acme, later):
    draft_id = come(acme)
    for _ in range(2):
        send_later()

    with organization_scope(acme):
        (answer,) = answers(later)
        assert answer.author.display_name == "Alice Agent"
        assert "> Is it open?" in answer.outbound.raw().decode()
        assert not Draft.objects.filter(pk=draft_id).exists()
        assert Ticket.objects.get(pk=later.pk).state == Ticket.State.PENDING


def test_before_its_time_nothing_leaves(acme, later):
    send_later()

    with organization_scope(acme):
        assert answers(later) == []
        assert Draft.objects.scheduled().count() == 1


def test_a_newer_mail_holds_it_back_and_its_writer_is_told(as_alice, acme, mailbox, asked, later):
    with organization_scope(acme):
        ask(mailbox, in_reply_to=asked.headers["message_id"], text="Solved, thanks")
    come(acme)
    send_later()

    page = as_alice.get(url("ticket", later))
    assert "was held back: something new came first" in page.content.decode()
    assert page.context["reply_form"]["text"].value() == "Good morning!"
    with organization_scope(acme):
        assert answers(later) == []
        assert Event.objects.filter(ticket=later, verb=Event.Verb.HELD).exists()
        ticket = Ticket.objects.get(pk=later.pk)
        assert (ticket.state, ticket.assignee.display_name) == (Ticket.State.OPEN, "Alice Agent")


def test_cancelling_makes_it_a_draft_again_below_what_was_begun(as_alice, acme, later):
    as_alice.post(url("save_draft", later), {"text": "Or rather"})
    with organization_scope(acme):
        waiting = Draft.objects.scheduled().get()
    response = as_alice.post(url("cancel_scheduled", later, scheduled_id=waiting.pk), follow=True)

    assert response.context["reply_form"]["text"].value() == "Or rather\n\nGood morning!"
    assert response.context["drafted"]["waiting"] == []
    with organization_scope(acme):
        assert Draft.objects.count() == 1


def test_a_colleague_can_cancel_and_the_words_go_back_to_their_writer(as_alice, as_bob, acme, later):
    with organization_scope(acme):
        waiting = Draft.objects.scheduled().get()
    as_bob.post(url("cancel_scheduled", later, scheduled_id=waiting.pk))

    assert as_alice.get(url("ticket", later)).context["reply_form"]["text"].value() == "Good morning!"
    assert not as_bob.get(url("ticket", later)).context["reply_form"]["text"].value()


def test_cancelling_what_has_left_says_so(as_alice, acme, later):
    with organization_scope(acme):
        waiting = Draft.objects.scheduled().get().pk
    come(acme)
    send_later()

    assert as_alice.post(url("cancel_scheduled", later, scheduled_id=waiting)).status_code == 404
    with organization_scope(acme):
        assert len(answers(later)) == 1


def test_who_was_shut_out_sends_nothing_any_more(alice, acme, later):
    draft_id = come(acme)
    with organization_scope(acme):
        alice.is_active = False
        alice.save(update_fields=["is_active"])
        assert send_scheduled(draft_id) is None
        assert answers(later) == []
        assert Draft.objects.get().says("held")


def test_it_can_close_the_ticket_when_it_leaves(as_alice, acme, asked):
    said = {"to": CAROL, "text": "Bye", "then": "later", "at": in_hours(1), "closes": "on"}
    as_alice.post(url("reply", asked.ticket), said)
    come(acme)
    send_later()

    with organization_scope(acme):
        assert Ticket.objects.get(pk=asked.ticket_id).is_closed


@pytest.mark.parametrize("at", ["", "2020-01-01T08:00", "2999-01-01T08:00", "soon"])
def test_a_time_that_is_none_comes_back_with_the_text(at, as_alice, acme, asked):
    response = as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "Hm", "then": "later", "at": at})

    assert response.status_code == 422
    assert "Hm</textarea>" in response.content.decode()
    with organization_scope(acme):
        assert not Draft.objects.scheduled().exists()


def test_the_time_is_that_of_the_agents_zone(as_alice, alice, acme, asked):
    alice.user.time_zone = "Asia/Tokyo"
    alice.user.save(update_fields=["time_zone"])
    at = in_hours(5, "Asia/Tokyo")
    as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "Hi", "then": "later", "at": at})

    with organization_scope(acme):
        send_at = Draft.objects.scheduled().get().send_at
    assert abs(send_at - timezone.now() - timedelta(hours=5)) < timedelta(minutes=2)


def test_a_note_that_was_begun_stays_a_draft(as_alice, acme, asked):
    as_alice.post(url("save_draft", asked.ticket), {"note": "Call her"})
    as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "Hi", "then": "later", "at": in_hours(1)})

    assert as_alice.get(url("ticket", asked.ticket)).context["note_form"]["text"].value() == "Call her"
