"""The ticket page: what is said, by whom, at what cost; and what it lets people do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from mailbox.models import OutboundEmail
from tests.factories import make_contact, make_membership, make_message, make_ticket
from tests.mails import arrive
from tests.sql import counted_sql
from tests.streams import whole
from tickets.actions.attach import NewFile, attach_files
from tickets.actions.note import add_note
from tickets.models import Event, Message, Note, Ticket

HTML = "<p>Hello</p><table style='background:#fee'><tr><td>Offer</td></tr></table>"


@pytest.fixture
def address(ticket):
    return reverse("tickets:ticket", args=["acme", ticket.number])


def url(name, ticket, *args):
    return reverse(f"tickets:{name}", args=["acme", ticket.number, *args])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return arrive(
            mailbox,
            sender="Carol Customer <carol@customer.example>",
            to="help@acme.example, Dan <dan@customer.example>",
            cc="Erin <erin@customer.example>",
            text="It stands open all night.",
        )


def test_mails_notes_and_events_stand_in_order(as_alice, address, ticket, acme, alice):
    with organization_scope(acme):
        note = add_note(ticket, text="Ask the workshop.", by=alice)
        Note.objects.filter(pk=note.pk).update(at=timezone.now() + timedelta(minutes=1))
    as_alice.post(url("close", ticket))

    items = as_alice.get(address).context["timeline"]

    assert [item.kind for item in items] == ["message", "event", "note"]
    assert items[1].sentence == "You closed this ticket"


def test_an_answer_is_offered_to_everybody_in_the_mail_but_us(as_alice, asked):
    form = as_alice.get(url("ticket", asked.ticket)).context["reply_form"]

    assert form.initial["to"] == "Carol Customer <carol@customer.example>"
    assert form.initial["cc"] == "Dan <dan@customer.example>, Erin <erin@customer.example>"


def test_answering_queues_a_mail_to_exactly_these_people(as_alice, acme, asked):
    ticket = asked.ticket
    said = {"to": "carol@customer.example", "cc": "Dan <dan@customer.example>", "text": "We come on Friday."}
    response = as_alice.post(url("reply", ticket), said, follow=True)

    assert "Your answer is on its way." in text_of(response)
    assert "We come on Friday." in text_of(response)
    with organization_scope(acme):
        message = Message.objects.get(ticket=ticket, direction=Message.Direction.OUTBOUND)
        assert message.people("to") == [("", "carol@customer.example")]
        assert message.people("cc") == [("Dan", "dan@customer.example")]
        assert message.outbound.state == OutboundEmail.State.QUEUED
        assert Ticket.objects.get(pk=ticket.pk).state == Ticket.State.PENDING


def test_send_and_close_closes(as_alice, acme, asked):
    said = {"to": "carol@customer.example", "text": "Done.", "then": "close"}
    as_alice.post(url("reply", asked.ticket), said)

    with organization_scope(acme):
        assert Ticket.objects.get(pk=asked.ticket_id).is_closed


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"to": "carol at customer"}, "is not an e-mail address"),
        ({"to": ""}, "required"),
        ({"text": "  "}, "required"),
    ],
)
def test_what_cannot_be_sent_comes_back_as_it_was_typed(as_alice, acme, asked, wrong, says):
    said = {"to": "carol@customer.example", "cc": "", "text": "Kept words."} | wrong
    response = as_alice.post(url("reply", asked.ticket), said)

    assert response.status_code == 422
    assert says in text_of(response)
    if said["text"].strip():
        assert "Kept words." in text_of(response)
    with organization_scope(acme):
        assert not OutboundEmail.objects.exists()


def test_a_refusal_of_the_action_stands_beside_the_answer(as_alice, acme, asked, monkeypatch):
    def refuse(*args, **kwargs):
        raise ActionRefused("Not today.")

    monkeypatch.setattr("tickets.views.replies.send_reply", refuse)

    response = as_alice.post(url("reply", asked.ticket), {"to": "carol@customer.example", "text": "Kept words."})

    assert response.status_code == 422
    assert "Not today." in text_of(response)
    assert "Kept words." in text_of(response)


def test_a_note_stays_inside(as_alice, acme, ticket):
    response = as_alice.post(url("note", ticket), {"text": "Ask the workshop."}, follow=True)

    assert "Ask the workshop." in text_of(response)
    assert "Note, only inside" in text_of(response)
    with organization_scope(acme):
        assert not OutboundEmail.objects.exists()


def test_assigning_giving_back_closing_and_reopening(as_alice, acme, ticket, alice, bob):
    as_alice.post(url("assign", ticket), {"assignee": str(bob.pk)})
    as_alice.post(url("assign", ticket), {"assignee": ""})
    as_alice.post(url("close", ticket))
    as_alice.post(url("reopen", ticket))

    with organization_scope(acme):
        verbs = [event.verb for event in Event.objects.filter(ticket=ticket).order_by("at")]
        assert verbs == ["assigned", "unassigned", "closed", "reopened"]


def test_a_ticket_goes_to_nobody_of_another_organization(as_alice, acme, ticket, mallory, viewer):
    for stranger in (mallory, viewer):
        as_alice.post(url("assign", ticket), {"assignee": str(stranger.pk)})

    with organization_scope(acme):
        assert Ticket.objects.get(pk=ticket.pk).assignee_id is None


def test_a_viewer_reads_and_changes_nothing(as_viewer, acme, ticket, address):
    page = text_of(as_viewer.get(address))

    assert "It stands open all night." in page
    assert 'id="composer"' not in page
    for name in ("reply", "note", "assign", "close", "reopen"):
        assert as_viewer.post(url(name, ticket), {"text": "x", "to": "x@y.example"}).status_code == 403


def test_what_a_stranger_wrote_stays_text(as_alice, acme, mailbox):
    contact = make_contact(acme, name="<b>Eve</b>")
    ticket = make_ticket(acme, mailbox=mailbox, contact=contact, subject="<script>alert(1)</script>")
    make_message(ticket, text='<img src=x onerror=alert(2)> https://evil.example/"onmouseover=alert(3)')

    page = text_of(as_alice.get(url("ticket", ticket)))

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>Eve" not in page
    assert '"onmouseover' not in page


def test_designed_mail_lies_in_a_frame_that_may_do_nothing(as_alice, acme, ticket):
    message = make_message(ticket, text="Hello Offer", html=HTML)

    page = text_of(as_alice.get(url("ticket", ticket)))
    assert f'src="{url("body", ticket, message.pk)}"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page

    frame = as_alice.get(url("body", ticket, message.pk))
    policy = frame["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "unsafe-inline" not in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "background:#fee" in text_of(frame)


def test_plain_mail_has_no_paper(as_alice, ticket):
    message = make_message(ticket)

    assert as_alice.get(url("body", ticket, message.pk)).status_code == 404


def test_a_file_comes_as_a_download_and_nothing_else(as_alice, acme, ticket):
    message = make_message(ticket)
    content = b"<script>alert(1)</script>" * 100_000
    with organization_scope(acme):
        (kept,) = attach_files(message, [NewFile('x"\r\n.html', "text/html", content)])

    response = as_alice.get(url("file", ticket, kept.pk))

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert whole(response) == content


def test_a_file_belongs_to_its_ticket(as_alice, acme, ticket, mailbox):
    other = make_ticket(acme, mailbox=mailbox)
    message = make_message(ticket)
    with organization_scope(acme):
        (kept,) = attach_files(message, [NewFile("a.txt", "text/plain", b"a")])

    assert as_alice.get(url("file", other, kept.pk)).status_code == 404


@pytest.mark.parametrize("messages", [1, 30])
def test_the_page_asks_ten_things_at_most_however_long_and_writes_one(as_alice, acme, ticket, alice, address, messages):
    colleagues = [make_membership(acme) for _ in range(3)]
    for n in range(messages):
        message = make_message(ticket, by=colleagues[n % 3] if n % 2 else None, attachment_count=1)
        with organization_scope(acme):
            attach_files(message, [NewFile("a.txt", "text/plain", b"a")])
            add_note(ticket, text="x", by=colleagues[n % 3])
    as_alice.get(address)  # keys are held for a minute
    with counted_sql() as statements:
        assert as_alice.get(address).status_code == 200

    assert len(statements) <= 11, "\n".join(statements)  # the last is its line in the access log


def test_nobody_elsewhere_finds_it(as_mallory, address):
    assert as_mallory.get(address).status_code == 404
