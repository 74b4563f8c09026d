"""Mail that answers nothing: a ticket that begins with ours, and a mail passed on."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox
from tests.mails import arrive
from tests.tickets.writing import CAROL, answers, ask, mail_of, url
from tickets.actions.start_ticket import start_ticket
from tickets.models import Contact, Event, Ticket


def new_mail(mailbox, address="", **said):
    return {
        "sender": f"{mailbox.pk}/{address or mailbox.address}",
        "to": CAROL,
        "subject": "Your door",
        "text": "Hi",
        **said,
    }


def test_a_mail_of_ours_opens_a_ticket_that_waits_for_them(as_alice, acme, mailbox):
    file = SimpleUploadedFile("plan.txt", b"the plan", "text/plain")
    said = new_mail(mailbox, to=f"Carol Customer <{CAROL}>", cc="dan@customer.example", files=file)
    response = as_alice.post("/acme/new/", said)
    assert response.status_code == 302, response.content.decode()

    with organization_scope(acme):
        ticket = Ticket.objects.get()
        (message,) = answers(ticket)
        mail = mail_of(message)
        assert (ticket.state, ticket.assignee.display_name) == (Ticket.State.PENDING, "Alice Agent")
        assert (ticket.contact.name, ticket.message_count) == ("Carol Customer", 1)
        assert ticket.events.get().verb == Event.Verb.WRITTEN
    assert mail["Subject"] == "Your door"
    assert mail["In-Reply-To"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == [CAROL]
    assert [one.addr_spec for one in mail["Cc"].addresses] == ["dan@customer.example"]
    assert mail["Bcc"] is None


def test_their_answer_comes_to_that_ticket(as_alice, acme, mailbox):
    as_alice.post("/acme/new/", new_mail(mailbox))
    with organization_scope(acme):
        ticket = Ticket.objects.get()
        (message,) = answers(ticket)
        back = arrive(mailbox, in_reply_to=message.headers["message_id"], subject="Re: Your door")

        assert back.ticket_id == ticket.pk
        assert back.sender_id == ticket.contact_id


def test_a_known_address_stays_one_contact(as_alice, acme, mailbox):
    with organization_scope(acme):
        known = ask(mailbox).ticket.contact
    as_alice.post("/acme/new/", new_mail(mailbox, to="Somebody Else <carol@customer.example>"))

    with organization_scope(acme):
        assert Contact.objects.get() == known
        assert Contact.objects.get().name == "Carol Customer"


def test_it_leaves_from_the_alias_that_was_chosen(as_alice, acme, mailbox):
    with organization_scope(acme):
        mailbox.aliases = ["hello@acme.example"]
        mailbox.save()
    as_alice.post("/acme/new/", new_mail(mailbox, "hello@acme.example"))

    with organization_scope(acme):
        assert answers(Ticket.objects.get())[0].people("from") == [("Alice Agent", "hello@acme.example")]


def test_nobody_writes_from_a_mailbox_they_may_not_see(as_alice, alice, acme, owner, mailbox):
    closed = make_mailbox(acme, address="board@acme.example")
    with organization_scope(acme):
        limit_mailbox(closed, by=owner)

    page = as_alice.get("/acme/new/").content.decode()
    assert "help@acme.example" in page
    assert "board@acme.example" not in page
    assert as_alice.post("/acme/new/", new_mail(closed)).status_code == 422
    with organization_scope(acme):
        with pytest.raises(ActionRefused):
            start_ticket(closed, subject="x", text="y", to=[("", CAROL)], by=alice)
        assert not Ticket.objects.exists()


def test_viewers_open_no_ticket(as_viewer, mailbox):
    assert as_viewer.get("/acme/new/").status_code == 403
    assert as_viewer.post("/acme/new/", new_mail(mailbox)).status_code == 403


@pytest.mark.parametrize("wrong", [{"to": ""}, {"to": "nobody"}, {"subject": " "}, {"text": ""}])
def test_what_is_missing_comes_back_with_what_was_typed(wrong, as_alice, acme, mailbox):
    response = as_alice.post("/acme/new/", new_mail(mailbox, **{"text": "Long text", **wrong}))

    assert response.status_code == 422
    with organization_scope(acme):
        assert not Ticket.objects.exists()


def test_a_mail_taken_back_leaves_its_ticket_with_a_draft_that_begins_it_again(as_alice, acme, mailbox, settings):
    settings.UNDO_SEND_SECONDS = 60
    as_alice.post("/acme/new/", new_mail(mailbox))
    with organization_scope(acme):
        ticket = Ticket.objects.get()
    page = as_alice.post(url("undo_send", ticket), follow=True)
    assert page.context["reply_form"]["to"].value() == CAROL

    as_alice.post(url("reply", ticket), {"to": CAROL, "text": "Hi again"})
    with organization_scope(acme):
        assert mail_of(answers(ticket)[0])["Subject"] == "Your door"


@pytest.fixture
def asked(acme, mailbox):
    files = [("plan.pdf", "application/pdf", b"%PDF-1.7 plan"), ("private.txt", "text/plain", b"private")]
    with organization_scope(acme):
        return ask(mailbox, files=files, subject="WG: Door")


def forward(client, asked, **said):
    return client.post(url("forward", asked.ticket, message_id=asked.pk), {"to": "fitter@doors.example", **said})


def test_a_mail_is_passed_on_with_the_files_that_were_chosen(as_alice, acme, asked):
    with organization_scope(acme):
        plan = next(one for one in asked.attachments.all() if one.name == "plan.pdf")
        before = Ticket.objects.get().state
    assert forward(as_alice, asked, text="Can you fix it?", keeping=[str(plan.pk)]).status_code == 302

    with organization_scope(acme):
        (message,) = answers(asked.ticket)
        mail = mail_of(message)
        assert Ticket.objects.get().state == before
    assert mail["Subject"] == "Fwd: Door"
    assert mail["In-Reply-To"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == ["fitter@doors.example"]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["plan.pdf"]
    plain = mail.get_body(("plain",)).get_content()
    assert plain.startswith("Can you fix it?")
    assert f"From: Carol Customer <{CAROL}>" in plain
    assert "\nIs it open?" in plain
    assert CAROL not in str(mail["To"])


def test_the_page_shows_what_leaves_and_every_file_can_be_left_out(as_alice, asked):
    page = as_alice.get(url("forward", asked.ticket, message_id=asked.pk)).content.decode()

    assert "Is it open?" in page
    assert "plan.pdf" in page
    assert len(re.findall(r'name="keeping"[^>]* checked', page)) == 2


def test_what_the_third_party_answers_comes_to_the_ticket(as_alice, acme, mailbox, asked):
    forward(as_alice, asked, text="?")
    with organization_scope(acme):
        (message,) = answers(asked.ticket)
        back = arrive(mailbox, sender="fitter@doors.example", in_reply_to=message.headers["message_id"], text="Yes")

        assert back.ticket_id == asked.ticket_id


def test_an_answer_to_the_customer_after_that_stays_in_the_customers_thread(as_alice, acme, asked):
    forward(as_alice, asked, text="?")
    as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "We asked."})

    with organization_scope(acme):
        assert mail_of(answers(asked.ticket)[-1])["In-Reply-To"] == asked.headers["message_id"]


def test_viewers_pass_nothing_on(as_viewer, asked):
    assert forward(as_viewer, asked).status_code == 403
    assert "Pass it on" not in as_viewer.get(url("ticket", asked.ticket)).content.decode()
