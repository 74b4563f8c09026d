"""The composer: it shows whom an answer goes to, and everything that leaves with it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.sealing.digests import address_digest
from accounts.tenancy import organization_scope
from tests.factories import make_mailbox
from tests.mails import arrive
from tests.sql import counted_sql
from tickets.models import ContactAddress, Message, Ticket
from tickets.views.composer import SHOWN_OF_QUOTE

CAROL = "carol@customer.example"


def url(name, ticket):
    return reverse(f"tickets:{name}", args=["acme", ticket.number])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return arrive(mailbox, sender=f"Carol Customer <{CAROL}>", cc="Dan <dan@customer.example>", text="Is it open?")


@pytest.fixture
def page(as_alice, asked):
    def opened():
        return as_alice.get(url("ticket", asked.ticket))

    return opened


@pytest.fixture
def answer(as_alice, acme, asked):
    """Post an answer and return the response and the message that came of it, if one did."""

    def posted(**said):
        response = as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "Yes.", **said})
        with organization_scope(acme):
            found = Message.objects.filter(ticket=asked.ticket, direction=Message.Direction.OUTBOUND).last()
            if found:
                found.raw = found.outbound.raw().decode()
        return response, found

    return posted


def bounce(acme, address):
    """Mail to this address came back, three days ago; the contact is made where there is none."""
    digest, at = address_digest(acme.pk, address), timezone.now() - timedelta(days=3)
    with organization_scope(acme):
        if not ContactAddress.objects.filter(digest=digest).update(bounced_at=at):
            contact = ContactAddress.objects.first().contact
            known = {"contact": contact, "address": address, "digest": digest, "bounced_at": at}
            ContactAddress.objects.create(organization=acme, **known)


def change(acme, mailbox, **values):
    with organization_scope(acme):
        for name, value in values.items():
            setattr(mailbox, name, value)
        mailbox.save(update_fields=list(values))


def test_everybody_who_gets_it_stands_in_the_bar(page):
    form = page().context["reply_form"]

    assert form.initial["to"] == f"Carol Customer <{CAROL}>"
    assert form.initial["cc"] == "Dan <dan@customer.example>"
    assert form["bcc"].value() is None


def test_another_mailbox_of_ours_is_not_offered(page, acme, mailbox, as_alice):
    make_mailbox(acme, address="sales@acme.example", is_limited=True)  # not even Alice's to see
    with organization_scope(acme):
        message = arrive(mailbox, to="help@acme.example, sales@acme.example", cc="dan@customer.example")

    form = as_alice.get(url("ticket", message.ticket)).context["reply_form"]
    assert form.initial["cc"] == "dan@customer.example"


def test_an_answer_that_would_go_elsewhere_is_said_before_it_is_sent(as_alice, acme, mailbox):
    with organization_scope(acme):
        message = arrive(mailbox, headers=[("Reply-To", "accounts@other.example")])

    page = text_of(as_alice.get(url("ticket", message.ticket)))
    assert "The answer goes to accounts@other.example" in page
    assert "though carol@customer.example wrote" in page


def test_the_signature_is_seen_as_it_leaves(page, acme, mailbox, answer):
    change(acme, mailbox, signature="{agent}\n{sender} <b>", sender_name="Acme Help")

    assert "Alice Agent<br>Acme Help &lt;b&gt;" in text_of(page())
    assert "-- =20\r\nAlice Agent\r\nAcme Help <b>" in answer()[1].raw.replace("--=20", "-- =20")


def test_the_quote_is_seen_ticked_and_can_be_left_out(page, acme, mailbox, answer):
    shown = page()
    assert shown.context["reply_form"]["quotes"].value() is True
    assert "Carol Customer wrote:" in text_of(shown)

    assert "> Is it open?" in answer(quotes="on")[1].raw
    assert "Is it open?" not in answer()[1].raw
    change(acme, mailbox, quotes_history=False)
    assert page().context["reply_form"]["quotes"].value() is False


def test_a_long_quote_is_shown_in_part(as_alice, acme, mailbox):
    with organization_scope(acme):
        message = arrive(mailbox, text="\n".join(f"line {n}" for n in range(100)))

    quote = as_alice.get(url("ticket", message.ticket)).context["send"]["quote"]
    assert quote["text"].count("\n") == SHOWN_OF_QUOTE - 1
    assert quote["more"] == f"and {100 - SHOWN_OF_QUOTE} more"


def test_a_mail_that_came_meanwhile_is_not_quoted_unseen(page, acme, mailbox, asked, answer):
    seen = page().context["reply_form"]["answered"].value()
    with organization_scope(acme):
        arrive(mailbox, in_reply_to=asked.headers["message_id"], text="Forget it!")

    _response, message = answer(answered=seen, quotes="on")
    assert "Is it open?" in message.raw
    assert "Forget it!" not in message.raw
    assert message.headers["in_reply_to"] == asked.headers["message_id"]


def test_a_mail_of_another_ticket_cannot_be_quoted(acme, mailbox, answer):
    with organization_scope(acme):
        other = arrive(mailbox, sender="eve@e.example", text="Secret of another")

    _response, message = answer(answered=str(other.pk), quotes="on")
    assert "Secret" not in message.raw
    assert "Is it open?" in message.raw


def test_a_blind_copy_is_kept_with_the_answer(acme, answer):
    _response, message = answer(bcc="Eve <eve@auditor.example>")

    with organization_scope(acme):
        assert message.people("bcc") == [("Eve", "eve@auditor.example")]
    assert "Bcc: Eve <eve@auditor.example>" in message.raw


def test_a_dead_address_is_said_beside_it(page, acme):
    assert "could not be delivered" not in text_of(page())
    bounce(acme, CAROL)

    shown = page()
    assert [one["address"] for one in shown.context["send"]["dead"]] == [CAROL]
    assert f"Mail to <b>{CAROL}</b> could not be delivered" in text_of(shown)


def test_an_answer_to_a_dead_address_nobody_was_told_of_waits_once(acme, answer):
    bounce(acme, "dan@customer.example")

    response, message = answer(cc="dan@customer.example")
    assert response.status_code == 422
    assert "Not sent yet" in text_of(response)
    assert "Mail to <b>dan@customer.example</b> could not be delivered" in text_of(response)
    assert "Yes." in text_of(response)
    assert message is None

    response, message = answer(cc="dan@customer.example", warned=response.context["send"]["warned"])
    assert response.status_code == 302
    assert "dan@customer.example" in message.raw


def test_mail_from_a_dead_address_brings_it_back(page, acme, mailbox, asked):
    bounce(acme, CAROL)
    with organization_scope(acme):
        arrive(mailbox, in_reply_to=asked.headers["message_id"], text="I am back.")

    assert page().context["send"]["dead"] == []


def test_a_mailbox_with_aliases_lets_the_agent_choose(page, acme, mailbox, as_alice):
    assert "id_sender" not in text_of(page())
    change(acme, mailbox, aliases=["hello@acme.example"])
    with organization_scope(acme):
        message = arrive(mailbox, to="hello@acme.example", subject="Another")

    shown = as_alice.get(url("ticket", message.ticket))
    assert shown.context["reply_form"]["sender"].value() == "hello@acme.example"
    assert '<option value="hello@acme.example" selected>' in text_of(shown)
    as_alice.post(url("reply", message.ticket), {"to": CAROL, "text": "Hi", "sender": "hello@acme.example"})
    with organization_scope(acme):
        sent = Message.objects.get(ticket=message.ticket, direction=Message.Direction.OUTBOUND)
        assert sent.people("from") == [("Alice Agent", "hello@acme.example")]


def test_an_alias_nobody_told_us_of_is_said(as_alice, acme, mailbox):
    with organization_scope(acme):
        message = arrive(mailbox, to="hallo@acme.example")

    assert "They wrote to hallo@acme.example; the answer leaves from help@acme.example." in text_of(
        as_alice.get(url("ticket", message.ticket))
    )


def test_letters_before_the_at_come_back_with_a_sentence(answer):
    response, message = answer(to="jörg@customer.example")

    assert response.status_code == 422
    assert "only a to z without accents" in text_of(response)
    assert message is None


def test_a_viewer_has_no_composer_and_asks_for_nothing_more(as_viewer, acme, asked):
    response = as_viewer.get(url("ticket", asked.ticket))

    assert "send" not in response.context
    assert "Carol Customer wrote:" not in text_of(response)


def test_what_the_composer_shows_costs_no_statement_more(as_alice, acme, mailbox, asked, page):
    page()
    with counted_sql() as before:
        page()
    bounce(acme, CAROL)
    for number in range(3):
        make_mailbox(acme, address=f"more{number}@acme.example")
    change(acme, mailbox, signature="{agent}", aliases=["hello@acme.example"])
    page()
    with counted_sql() as after:
        page()

    assert len(after) == len(before) <= 10


def test_the_answer_shows_who_got_it(page, answer, acme, asked):
    answer(cc="Dan <dan@customer.example>", bcc="Eve <eve@auditor.example>")

    item = page().context["timeline"][-1]
    assert "Dan" in item.route
    assert "Eve" in item.route
    with organization_scope(acme):
        assert Ticket.objects.get(pk=asked.ticket_id).state == Ticket.State.PENDING
