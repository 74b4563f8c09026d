"""Undo send: as long as an answer waits it can be a draft again, and the ticket is as it was."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from mailbox.models import OutboundEmail
from tests.tickets.writing import CAROL, answers, ask, url
from tickets.actions.undo_send import undo_send
from tickets.models import Draft, Event, ThreadKey, Ticket


@pytest.fixture(autouse=True)
def _wait(settings):
    settings.UNDO_SEND_SECONDS = 60


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return ask(mailbox)


@pytest.fixture
def sent(as_alice, acme, asked):
    file = SimpleUploadedFile("plan.txt", b"the plan", "text/plain")
    said = {"to": CAROL, "bcc": "eve@auditor.example", "text": "Yes.", "then": "close", "files": file, "quotes": "on"}
    assert as_alice.post(url("reply", asked.ticket), said).status_code == 302
    return asked.ticket


def test_an_answer_waits_and_the_page_offers_to_take_it_back(as_alice, acme, sent):
    with organization_scope(acme):
        email = OutboundEmail.objects.get()
        assert email.not_before > timezone.now() + timedelta(seconds=50)

    page = as_alice.get(url("ticket", sent)).content.decode()
    assert "Undo sending" in page
    assert "Your answer is on its way." in page


def test_taking_it_back_makes_it_a_draft_and_restores_the_ticket(as_alice, acme, sent):
    response = as_alice.post(url("undo_send", sent), follow=True)

    form = response.context["reply_form"]
    assert (form["text"].value(), form["to"].value(), form["bcc"].value()) == ("Yes.", CAROL, "eve@auditor.example")
    assert form["quotes"].value() is True
    assert [one["name"] for one in response.context["drafted"]["files"]] == ["plan.txt"]
    with organization_scope(acme):
        ticket = Ticket.objects.get(pk=sent.pk)
        assert (ticket.state, ticket.assignee_id, ticket.closed_at) == (Ticket.State.OPEN, None, None)
        assert (ticket.message_count, ticket.snippet) == (1, "Is it open?")
        assert not OutboundEmail.objects.exists()
        assert answers(ticket) == []
        assert not ThreadKey.objects.filter(ticket=ticket).exclude(message__direction="inbound").exists()
        assert ticket.events.filter(verb=Event.Verb.TAKEN_BACK).exists()


def test_what_was_taken_back_can_be_sent_again_with_its_file(as_alice, acme, sent):
    as_alice.post(url("undo_send", sent))
    seen = as_alice.get(url("ticket", sent)).context["reply_form"]["seen"].value()
    as_alice.post(url("reply", sent), {"to": CAROL, "text": "Yes!", "seen": seen})

    with organization_scope(acme):
        (answer,) = answers(sent)
        assert answer.new_text == "Yes!"
        assert [one.name for one in answer.attachments.all()] == ["plan.txt"]


def test_what_was_begun_meanwhile_stays_below_it(as_alice, acme, sent):
    as_alice.post(url("save_draft", sent), {"text": "And another thing"})
    response = as_alice.post(url("undo_send", sent), follow=True)

    assert response.context["reply_form"]["text"].value() == "Yes.\n\nAnd another thing"


def test_nobody_takes_back_a_colleagues_answer(as_bob, acme, sent):
    page = as_bob.get(url("ticket", sent)).content.decode()
    assert "Undo sending" not in page
    as_bob.post(url("undo_send", sent))

    with organization_scope(acme):
        assert len(answers(sent)) == 1


@pytest.mark.parametrize("begun", [{"state": "sending"}, {"claimed_at": timezone.now()}, {"attempts": 1}])
def test_what_somebody_began_to_send_stays_sent(begun, as_alice, alice, acme, sent):
    with organization_scope(acme):
        OutboundEmail.objects.update(**begun)
        with pytest.raises(ActionRefused, match="left already"):
            undo_send(Ticket.objects.get(pk=sent.pk), by=alice)
        assert len(answers(sent)) == 1
        assert not Draft.objects.exists()


def test_when_the_time_is_over_nothing_is_offered_any_more(as_alice, acme, sent):
    with organization_scope(acme):
        OutboundEmail.objects.update(not_before=timezone.now() - timedelta(seconds=1))

    assert "Undo sending" not in as_alice.get(url("ticket", sent)).content.decode()


def test_send_and_next_leads_on_and_still_offers_the_way_back(as_alice, acme, mailbox, asked):
    with organization_scope(acme):
        other = ask(mailbox, sender="Eve <eve@e.example>", subject="Another door")
    response = as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "Yes.", "then": "next"}, follow=True)

    assert response.context["ticket"].number == other.ticket.number
    assert f'action="{url("undo_send", asked.ticket)}"' in response.content.decode()


def test_send_and_next_ends_at_the_list_when_nothing_is_left(as_alice, asked):
    response = as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "Yes.", "then": "close_next"})

    assert response["Location"].startswith("/acme/?view=open")
