"""What the provider calls spam waits under Spam: counted until somebody looks, one key from being mail again."""

import pytest

from accounts.tenancy import organization_scope
from tests.cast import sign_in
from tests.mails import arrive
from tests.tickets.test_spam import listed
from tests.tickets.writing import CAROL, answers, url
from tickets.actions.reply import send_reply
from tickets.actions.spam import mark_spam
from tickets.models import Event, Notification, Ticket

EVE = "Eve <eve@offers.example>"
RATED = [("X-Forefront-Antispam-Report", "CIP:192.0.2.9;SFV:SPM;CAT:SPM;")]
FORGED = [
    ("Received", "from mail.elsewhere.example (192.0.2.9) by mx.google.com with ESMTPS id 1"),
    ("Authentication-Results", "mx.google.com; dmarc=fail (p=REJECT dis=QUARANTINE) header.from=customer.example"),
]


def suspect(mailbox, **mail):
    return arrive(mailbox, **{"sender": EVE, "subject": "Cheap watches", "headers": RATED, **mail})


@pytest.fixture
def suspected(acme, mailbox):
    with organization_scope(acme):
        return suspect(mailbox)


def said_of_spam(client):
    queues = client.get("/acme/").context["navigation"]["queues"]
    return next(queue["count_display"] for queue in queues if queue["key"] == "spam")


def test_it_waits_under_spam_with_its_reason_and_nobody_is_called(as_alice, acme, suspected):
    number = suspected.ticket.number
    assert listed(as_alice, acme, "spam") == {number}
    assert not any(listed(as_alice, acme, view) for view in ("open", "unassigned", "mine"))
    with organization_scope(acme):
        assert not Notification.objects.exists()

    page = as_alice.get(url("ticket", suspected.ticket)).content.decode()
    assert "A filter took this for spam" in page
    assert "The provider rates it as spam." in page


def test_the_side_bar_counts_what_nobody_has_looked_at(as_alice, as_bob, as_viewer, acme, mailbox, suspected):
    with organization_scope(acme):
        suspect(mailbox, subject="Cheaper", sender="Mal <mal@offers.example>")
    assert said_of_spam(as_alice) == "2"

    as_viewer.get(url("ticket", suspected.ticket))  # who cannot answer decides nothing
    assert said_of_spam(as_bob) == "2"
    as_alice.get(url("ticket", suspected.ticket))
    assert said_of_spam(as_bob) == "1"
    assert suspected.ticket.number in listed(as_bob, acme, "spam")


def test_all_of_them_are_confirmed_at_once(as_alice, acme, suspected):
    as_alice.post("/acme/bulk/?view=spam", {"ticket": [suspected.ticket.number], "other": "spam"})

    assert said_of_spam(as_alice) == ""
    assert suspected.ticket.number in listed(as_alice, acme, "spam")


def test_one_key_makes_it_mail_again_and_its_sender_is_not_set_aside_a_second_time(as_alice, acme, mailbox, suspected):
    as_alice.post(url("not_spam", suspected.ticket))
    assert listed(as_alice, acme, "open") == {suspected.ticket.number}

    with organization_scope(acme):
        again = suspect(mailbox, subject="The watch you asked for")
        assert again.ticket != suspected.ticket
        assert (again.ticket.state, again.kind) == (Ticket.State.OPEN, "spam")


def test_what_one_organization_says_changes_nothing_for_another(as_alice, acme, globex, mallory, suspected):
    from tests.factories import make_mailbox

    as_alice.post(url("not_spam", suspected.ticket))
    elsewhere = make_mailbox(globex)
    with organization_scope(globex):
        assert suspect(elsewhere).ticket.state == Ticket.State.SPAM
    page = sign_in(type(as_alice)(), mallory).get("/globex/")
    assert next(one for one in page.context["navigation"]["queues"] if one["key"] == "spam")["count_display"] == "1"


@pytest.mark.usefixtures("scope")
class TestFiling:
    """Who waits there, and for how long."""

    def test_somebody_we_have_answered_does_not_wait_there(self, mailbox, alice):
        send_reply(arrive(mailbox).ticket, text="Yes", to=[("", CAROL)], by=alice)

        assert arrive(mailbox, subject="Another matter", headers=RATED).ticket.state == Ticket.State.OPEN

    def test_but_a_mail_that_only_pretends_to_be_theirs_does(self, mailbox, alice):
        send_reply(arrive(mailbox).ticket, text="Yes", to=[("", CAROL)], by=alice)

        assert arrive(mailbox, subject="Pay here", headers=FORGED).ticket.state == Ticket.State.SPAM

    def test_an_answer_to_ours_is_never_set_aside(self, mailbox, alice):
        ticket = arrive(mailbox).ticket
        send_reply(ticket, text="Yes", to=[("", CAROL)], by=alice)
        named = answers(ticket)[0].headers["message_id"]

        message = arrive(mailbox, in_reply_to=named, headers=RATED)
        assert (message.ticket, message.ticket.state) == (ticket, Ticket.State.OPEN)

    def test_asking_again_takes_it_out(self, mailbox):
        first = suspect(mailbox, message_id="<1@offers.example>")

        second = arrive(mailbox, sender=EVE, in_reply_to="<1@offers.example>", text="Did you get my mail?")
        assert (second.ticket, second.ticket.state) == (first.ticket, Ticket.State.OPEN)
        assert not second.ticket.suspicion
        assert second.ticket.events.get().verb == Event.Verb.REOPENED

    def test_more_of_the_same_stays_there(self, mailbox):
        first = suspect(mailbox, message_id="<1@offers.example>")

        second = suspect(mailbox, in_reply_to="<1@offers.example>", text="Now!")
        assert (second.ticket, second.ticket.state) == (first.ticket, Ticket.State.SPAM)

    def test_what_a_colleague_called_spam_stays_whatever_comes(self, mailbox, alice):
        first = suspect(mailbox, message_id="<1@offers.example>")
        mark_spam(first.ticket, by=alice)

        arrive(mailbox, sender=EVE, in_reply_to="<1@offers.example>", text="Did you get my mail?")
        first.ticket.refresh_from_db()
        assert first.ticket.is_spam
