"""However a request comes, it is a case with a number, a clock and a receipt; and nobody is told who is known."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox, OutboundEmail
from privacy.actions.requests.from_mail import open_from_ticket
from privacy.actions.requests.letters import put_letter_into_outbox
from privacy.actions.requests.open_request import open_operator_request, open_request, open_user_request
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.clock import Clock
from privacy.rights.history import Actor
from privacy.rights.wording import guess_language, guess_right
from tests import factories
from tests.cast import sign_in
from tickets.actions.receive import receive_emails
from tickets.models import Contact, Ticket

Right = DataSubjectRequest.Right
FORM = {"right": "access", "name": "Carol Customer", "address": "carol@customer.example", "said": "What do you have?"}


def page(organization: Organization) -> str:
    return reverse("rights:ask", args=[organization.slug])


def only_case() -> DataSubjectRequest:
    return DataSubjectRequest.objects.get()


@pytest.fixture
def outbox(mailbox: Mailbox, celery_eager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters go into the outbox at once; nothing is sent further."""
    monkeypatch.setattr("mailbox.actions.queue_email.deliver.apply_async", lambda *_, **__: None)


@pytest.mark.promise("6-route-b")
def test_a_form_becomes_a_case_with_a_number_and_a_receipt(
    acme: Organization, contact: Contact, client: Client, outbox: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page(acme), FORM)

    case = only_case()
    assert case.case_number in answer.content.decode()
    assert (case.right, case.source, case.contact_id) == (Right.ACCESS, "form", contact.pk)
    assert case.due_at == Clock(case.received_at).due_at
    letter = RequestLetter.objects.get()
    assert letter.state == RequestLetter.State.SENT
    assert case.case_number in letter.subject
    with organization_scope(acme):
        raw = OutboundEmail.objects.get(pk=letter.outbound_id).raw()
    assert b"carol@customer.example" in raw
    assert b"Auto-Submitted: auto-replied" in raw


@pytest.mark.promise("4.2")
def test_the_answer_is_the_same_for_who_is_known_and_who_is_not(
    acme: Organization, contact: Contact, client: Client
) -> None:
    known = client.post(page(acme), FORM)
    unknown = client.post(page(acme), FORM | {"address": "nobody@elsewhere.example", "name": ""})

    random = re.compile(r"-00[12]|[A-Za-z0-9]{64}|nonce=\"[^\"]+\"")
    texts = [random.sub("", one.content.decode()) for one in (known, unknown)]
    assert texts[0] == texts[1]
    assert [one.status_code for one in (known, unknown)] == [200, 200]
    assert DataSubjectRequest.objects.filter(contact_id=None).count() == 1


def test_the_receipt_repeats_nothing_that_was_typed(acme: Organization, mailbox: Mailbox, client: Client) -> None:
    client.post(page(acme), FORM | {"name": "Buy pills now", "said": "cheap pills"})

    letter = RequestLetter.objects.get()
    assert "pills" not in letter.subject + letter.text


def test_what_is_no_address_is_shown_again_and_opens_no_case(acme: Organization, client: Client) -> None:
    assert client.post(page(acme), FORM | {"address": "carol"}).status_code == 422
    assert client.post(page(acme), FORM | {"website": "http://spam.example"}).status_code == 422
    assert not DataSubjectRequest.objects.exists()


def test_who_asks_again_and_again_is_stopped(acme: Organization, client: Client) -> None:
    answers = [client.post(page(acme), FORM).status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]
    assert DataSubjectRequest.objects.count() == 3


def test_there_is_no_page_for_an_organization_that_is_not_there(db: None, client: Client) -> None:
    assert client.get(reverse("rights:ask", args=["nobody"])).status_code == 404


def test_numbers_count_by_queue_and_year(acme: Organization, globex: Organization, alice: Membership) -> None:
    old = datetime(2024, 5, 1, tzinfo=UTC)
    with organization_scope(acme):
        first = [open_request(acme, right="access", source="hand", address=f"{n}@a.example") for n in "ab"]
        earlier = open_request(acme, right="access", source="hand", address="c@a.example", received_at=old)
    with organization_scope(globex):
        other = open_request(globex, right="access", source="hand", address="a@a.example")
    own = open_user_request(alice.user, right="objection")

    assert [one.number for one in first] == [1, 2]
    assert earlier.case_number == "2024-001"
    assert (other.number, own.number) == (1, 1)


@pytest.mark.promise("4.2")
def test_another_organization_and_the_operator_never_see_a_case(
    acme: Organization, globex: Organization, alice: Membership
) -> None:
    with organization_scope(acme):
        open_request(acme, right="access", source="hand", address="carol@customer.example")
    open_user_request(alice.user, right="access")

    with organization_scope(globex):
        assert not DataSubjectRequest.objects.exists()
    with organization_scope(acme):
        assert DataSubjectRequest.objects.count() == 1
    assert DataSubjectRequest.objects.of_the_operator().count() == 1


def test_what_is_written_in_a_case_is_sealed_under_its_own_key(acme: Organization, scope: Any) -> None:
    from accounts.sealing.errors import SealingError
    from accounts.sealing.keys import Kind, destroy_key

    case = open_request(acme, right="access", source="hand", address="carol@customer.example", said="A secret")
    destroy_key(Kind.CASE, case.pk)

    with pytest.raises(SealingError):
        _ = DataSubjectRequest.objects.get(pk=case.pk).said


# --- mail ------------------------------------------------------------------------------------------------------------
def letter_to(address: str, body: str = "Please delete all my data.", sender: str = "carol@customer.example") -> bytes:
    head = (
        f"From: Carol Customer <{sender}>\r\nTo: {address}\r\nSubject: My data\r\nMessage-ID: <{len(body)}@c.example>"
    )
    return f"{head}\r\nDate: Thu, 12 Nov 2026 12:00:00 +0100\r\n\r\n{body}\r\n".encode()


def flagged(mailbox: Mailbox) -> Mailbox:
    mailbox.aliases, mailbox.privacy_address = ["privacy@acme.example"], "privacy@acme.example"
    mailbox.save(update_fields=["aliases", "privacy_address"])
    return mailbox


@pytest.mark.promise("6-route-a")
def test_mail_to_the_privacy_address_becomes_a_case(acme: Organization, mailbox: Mailbox, scope: Any) -> None:
    flagged(mailbox)
    receive_emails([factories.make_inbound_email(mailbox, letter_to("privacy@acme.example"))])

    case = only_case()
    assert (case.right, case.source) == (Right.ERASURE, "mail")
    assert case.ticket_id == Ticket.objects.get().pk
    assert "delete all my data" in case.said
    assert RequestLetter.objects.get().kind == RequestLetter.Kind.RECEIPT


def test_mail_to_another_address_of_the_mailbox_does_not(mailbox: Mailbox, scope: Any) -> None:
    flagged(mailbox)
    receive_emails([factories.make_inbound_email(mailbox, letter_to("help@acme.example"))])

    assert not DataSubjectRequest.objects.exists()


def test_a_second_mail_within_a_day_belongs_to_the_same_case(mailbox: Mailbox, scope: Any) -> None:
    flagged(mailbox)
    for body in ("Please delete all my data.", "And hurry up with it."):
        receive_emails([factories.make_inbound_email(mailbox, letter_to("privacy@acme.example", body))])

    assert [event.verb for event in only_case().requestevents.all()] == ["received", "noted"]


def test_a_machine_opens_no_case(mailbox: Mailbox, scope: Any) -> None:
    flagged(mailbox)
    raw = b"Auto-Submitted: auto-replied\r\n" + letter_to("privacy@acme.example")
    receive_emails([factories.make_inbound_email(mailbox, raw)])

    assert not DataSubjectRequest.objects.exists()


def test_an_answer_to_a_letter_answers_the_question(acme: Organization, mailbox: Mailbox, scope: Any) -> None:
    from privacy.actions.requests.identity import ask_question

    case = open_request(acme, right="access", source="hand", address="carol@customer.example")
    question = ask_question(case, text="Which order?", is_about_identity=True, by=Actor())
    letter = RequestLetter.objects.get(kind="question")
    put_letter_into_outbox(letter.pk)
    letter.refresh_from_db()
    own_id = next(
        line
        for line in OutboundEmail.objects.get(pk=letter.outbound_id).raw().decode().splitlines()
        if "Message-ID" in line
    ).partition(" ")[2]
    raw = letter_to("help@acme.example", "Order 1042").replace(b"Subject", f"In-Reply-To: {own_id}\r\nSubject".encode())
    receive_emails([factories.make_inbound_email(mailbox, raw)])

    question.refresh_from_db()
    case.refresh_from_db()
    assert "Order 1042" in question.answer
    assert not case.is_paused
    assert only_case() == case


def test_somebody_elses_answer_is_noted_and_answers_nothing(acme: Organization, mailbox: Mailbox, scope: Any) -> None:
    case = open_request(acme, right="access", source="hand", address="carol@customer.example")
    letter = RequestLetter.objects.get()
    put_letter_into_outbox(letter.pk)
    letter.refresh_from_db()
    raw_letter = OutboundEmail.objects.get(pk=letter.outbound_id).raw().decode()
    own_id = next(line for line in raw_letter.splitlines() if "Message-ID" in line).partition(" ")[2]
    raw = letter_to("help@acme.example", "It is me", sender="mallory@elsewhere.example")
    raw = raw.replace(b"Subject", f"In-Reply-To: {own_id}\r\nSubject".encode())
    receive_emails([factories.make_inbound_email(mailbox, raw)])

    assert case.requestevents.filter(verb="noted").exists()
    assert "It is me" not in case.requestevents.get(verb="noted").details


def test_a_ticket_becomes_a_case_in_one_click(alice: Membership, ticket: Ticket, client: Client) -> None:
    with organization_scope(ticket.organization_id):
        message = ticket.messages.get()
        message.headers = message.headers | {"from": [["Carol Customer", "carol@customer.example"]]}
        message.save(update_fields=["headers"])
    where = reverse("rights:from_ticket", args=[alice.organization.slug, ticket.number])
    answer = sign_in(client, alice).post(where)

    assert answer.status_code == 302
    case = only_case()
    assert (case.ticket_id, case.contact_id) == (ticket.pk, ticket.contact_id)
    with organization_scope(ticket.organization_id), pytest.raises(ActionRefused, match=case.case_number):
        open_from_ticket(ticket, by=Actor(alice))


# --- the operator ----------------------------------------------------------------------------------------------------
def test_who_is_signed_in_needs_no_other_proof(alice: Membership, client: Client) -> None:
    answer = sign_in(client, alice).post(reverse("your_data"), {"right": "objection", "said": "No counting"})

    case = only_case()
    assert answer.status_code == 302
    assert (case.queue, case.user, case.identity) == ("operator", alice.user, "confirmed")


@pytest.mark.promise("6-route-b")
def test_who_asks_the_operator_about_a_companys_mail_gets_a_neutral_referral(
    contact: Contact, staff: Any, django_capture_on_commit_callbacks: Any, celery_eager: Any
) -> None:
    from privacy.actions.requests.close_request import refer_elsewhere

    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        case = open_operator_request(right="access", address="carol@customer.example", by=Actor(staff=staff))
        refer_elsewhere(case, by=Actor(staff=staff))

    said = mail.outbox[-1]
    assert said.to == ["carol@customer.example"]
    assert "Acme" not in said.body
    assert "cannot say whether" in said.body


@pytest.mark.promise("6-route-b")
def test_who_names_the_company_is_passed_on_with_the_day_it_came(
    acme: Organization, contact: Contact, staff: Any
) -> None:
    from privacy.actions.requests.forward import forward_request

    received = datetime.now(UTC) - timedelta(hours=5)
    case = open_operator_request(
        right="erasure", address="carol@customer.example", received_at=received, by=Actor(staff=staff)
    )
    with pytest.raises(ActionRefused):
        forward_request(case, slug="nobody", by=Actor(staff=staff))
    forward_request(case, slug="acme", by=Actor(staff=staff))

    theirs = DataSubjectRequest.objects.get(organization=acme)
    case.refresh_from_db()
    assert (theirs.right, theirs.received_at, theirs.address) == ("erasure", received, "carol@customer.example")
    assert case.is_closed


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("Please delete everything you have about me", Right.ERASURE),
        ("Graag een kopie van mijn gegevens", Right.ACCESS),
        ("Wilt u mijn gegevens verwijderen?", Right.ERASURE),
        ("Radera mig ur era register", Right.ERASURE),
        ("Ich widerspreche der Verarbeitung", Right.OBJECTION),
        ("Bitte berichtigen Sie meinen Namen", Right.RECTIFICATION),
        ("I withdraw my consent", Right.WITHDRAWAL),
        ("Data portability, article 20", Right.PORTABILITY),
        ("Begränsa behandlingen", Right.RESTRICTION),
        ("Hello", Right.ACCESS),
    ],
)
def test_words_say_which_right_is_meant(said: str, right: str) -> None:
    assert guess_right(said) == right


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Please restrict the processing of my data.", "en"),
        ("Delete my account", "en"),
        ("Graag een kopie van mijn gegevens", "nl"),
        ("Verwijder mij", "nl"),
        ("Radera mina uppgifter", "sv"),
        ("Bitte löschen Sie meine Daten", "de"),
        ("Effacez toutes les données que vous avez sur moi, et dites-le à mon avocat, je vous prie.", "org"),
        ("Art. 17", "org"),
        ("", "org"),
    ],
)
def test_a_short_request_is_answered_in_its_language_and_else_in_the_organizations(said: str, language: str) -> None:
    assert guess_language(said, "org") == language


def test_a_time_to_come_is_no_time_a_request_came(acme: Organization, scope: Any) -> None:
    later = datetime.now(UTC) + timedelta(days=5)
    case = open_request(acme, right="access", source="hand", address="a@b.example", received_at=later)

    assert case.received_at <= datetime.now(UTC)
