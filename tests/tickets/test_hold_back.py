"""Nobody answers past what came meanwhile (L59)."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from tests.factories import make_membership
from tests.tickets.writing import CAROL, answers, ask, url
from tickets.actions.merge import merge_tickets
from tickets.actions.reply import NewerMessages, send_reply
from tickets.models import Ticket
from tickets.seen import seen_of, unseen

TO = [("", CAROL)]


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return ask(mailbox)


def seen_on(page):
    return page.context["reply_form"]["seen"].value()


def test_two_agents_answer_and_the_second_sees_the_first(as_alice, as_bob, acme, asked):
    for_alice, for_bob = (one.get(url("ticket", asked.ticket)) for one in (as_alice, as_bob))
    sent = as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "It is open.", "seen": seen_on(for_alice)})
    held = as_bob.post(url("reply", asked.ticket), {"to": CAROL, "text": "It is closed.", "seen": seen_on(for_bob)})

    assert (sent.status_code, held.status_code) == (302, 422)
    page = held.content.decode()
    assert "Not sent yet: this came while you were writing." in page
    assert "It is closed.</textarea>" in page
    assert [(one["who"], one["text"]) for one in held.context["send"]["newer"]] == [("Alice Agent", "It is open.")]
    assert "Send anyway" in page
    with organization_scope(acme):
        assert [one.new_text for one in answers(asked.ticket)] == ["It is open."]


def test_who_has_seen_it_can_send_anyway(as_alice, as_bob, acme, asked):
    before = seen_on(as_bob.get(url("ticket", asked.ticket)))
    as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "One."})
    held = as_bob.post(url("reply", asked.ticket), {"to": CAROL, "text": "Two.", "seen": before})

    again = as_bob.post(url("reply", asked.ticket), {"to": CAROL, "text": "Two.", "seen": seen_on(held)})
    assert again.status_code == 302
    with organization_scope(acme):
        assert [one.new_text for one in answers(asked.ticket)] == ["One.", "Two."]


def test_a_mail_that_came_meanwhile_holds_the_answer_back_and_keeps_it(as_alice, acme, mailbox, asked):
    before = seen_on(as_alice.get(url("ticket", asked.ticket)))
    with organization_scope(acme):
        ask(mailbox, in_reply_to=asked.headers["message_id"], text="Forget it!")
    held = as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "Yes.", "seen": before})

    assert held.status_code == 422
    assert "Forget it!" in held.context["send"]["newer"][0]["text"]
    assert as_alice.get(url("ticket", asked.ticket)).context["reply_form"]["text"].value() == "Yes."


def test_sending_the_same_page_twice_sends_once(as_alice, acme, asked):
    before = seen_on(as_alice.get(url("ticket", asked.ticket)))
    said = {"to": CAROL, "text": "Yes.", "seen": before}

    assert [as_alice.post(url("reply", asked.ticket), said).status_code for _ in range(2)] == [302, 422]
    with organization_scope(acme):
        assert len(answers(asked.ticket)) == 1


def test_what_a_merge_brought_counts_as_new(acme, alice, mailbox, asked):
    with organization_scope(acme):
        later = ask(mailbox, sender="Eve <eve@e.example>", subject="Another door", text="Later ticket")
        before = seen_of(list(later.ticket.messages.all()))
        merge_tickets(asked.ticket, into=later.ticket, by=alice)

        assert [one.new_text for one in unseen(later.ticket, before)] == ["Is it open?"]


def test_an_answer_that_says_nothing_of_what_was_seen_is_not_held(acme, asked):
    with organization_scope(acme):
        assert unseen(asked.ticket, "") == []
        assert unseen(asked.ticket, "anything") == []


@pytest.mark.django_db(transaction=True)
def test_of_two_that_send_at_the_same_moment_one_is_held_back(acme, alice, mailbox):
    with organization_scope(acme):
        ticket_id = ask(mailbox).ticket_id
        before = seen_of(list(Ticket.objects.get(pk=ticket_id).messages.all()))
    bob, together, ended = make_membership(acme), Barrier(2), []

    def answer(member, text):
        try:
            together.wait(10)
            with organization_scope(acme):
                send_reply(Ticket.objects.get(pk=ticket_id), text=text, to=TO, by=member, seen=before)
            ended.append("sent")
        except NewerMessages as held:
            ended.append([one.new_text for one in held.messages])
        finally:
            connections.close_all()

    threads = [Thread(target=answer, args=one) for one in ((alice, "A"), (bob, "B"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(map(str, ended)) in (["['A']", "sent"], ["['B']", "sent"])
    assert issubclass(NewerMessages, ActionRefused)
