"""Filing many mails at once: as if one by one, for a fixed number of statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mailbox.models import InboundEmail
from tests.factories import make_inbound_email
from tests.mails import write_mail
from tickets.actions.receive import receive_emails
from tickets.models import Contact, Message, Ticket
from tickets.tasks import file_batch, file_mail, sweep_unfiled


def stored(mailbox, *mails):
    return [make_inbound_email(mailbox, write_mail(**mail)) for mail in mails]


@pytest.mark.usefixtures("scope")
def test_an_answer_in_the_same_batch_joins_the_question_before_it(mailbox, acme):
    emails = stored(
        mailbox,
        {"message_id": "<q@customer.example>", "subject": "Door"},
        {"message_id": "<r@customer.example>", "in_reply_to": "<q@customer.example>", "text": "Still open."},
    )

    receive_emails(list(InboundEmail.objects.select_related("organization").filter(pk__in=[e.pk for e in emails])))

    ticket = Ticket.objects.get()
    assert (ticket.message_count, ticket.snippet) == (2, "Still open.")


@pytest.mark.usefixtures("scope")
def test_one_writer_of_many_mails_in_a_batch_is_one_contact(mailbox):
    receive_emails(stored(mailbox, {"subject": "One"}, {"subject": "Two"}, {"sender": "CAROL@customer.example"}))

    assert Contact.objects.count() == 1
    assert sorted(Ticket.objects.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.usefixtures("scope")
def test_the_same_mail_twice_in_a_batch_is_filed_once(mailbox):
    mail = {"message_id": "<same@customer.example>"}

    receive_emails(stored(mailbox, mail, mail))

    assert Message.objects.count() == 1
    assert InboundEmail.objects.filter(state=InboundEmail.State.SKIPPED).count() == 1


@pytest.mark.usefixtures("scope")
def test_a_stranger_in_the_same_batch_does_not_join(mailbox):
    receive_emails(
        stored(
            mailbox,
            {"message_id": "<q@customer.example>"},
            {"in_reply_to": "<q@customer.example>", "sender": "eve@elsewhere.example"},
        )
    )

    strange = Ticket.objects.get(is_unverified=True)
    assert strange.related_to == Ticket.objects.exclude(pk=strange.pk).get()


def test_more_mails_cost_no_more_statements(mailbox, acme, scope):
    def statements(count: int) -> int:
        emails = stored(mailbox, *[{"sender": f"p{count}.{n}@people.example"} for n in range(count)])
        with CaptureQueriesContext(connection) as queries:
            file_batch(acme.pk, [email.pk for email in emails])
        return len(queries)

    assert statements(30) <= statements(3) + 1


def test_more_answers_cost_no_more_statements(mailbox, acme, scope):
    def statements(count: int) -> int:
        questions = stored(mailbox, *[{"message_id": f"<{count}.{n}@customer.example>"} for n in range(count)])
        answers = stored(mailbox, *[{"in_reply_to": f"<{count}.{n}@customer.example>"} for n in range(count)])
        file_batch(acme.pk, [email.pk for email in questions])
        with CaptureQueriesContext(connection) as queries:
            file_batch(acme.pk, [email.pk for email in answers])
        return len(queries)

    assert statements(25) <= statements(3) + 1


@pytest.mark.usefixtures("scope")
def test_a_contact_without_a_name_gets_it_from_a_later_mail(mailbox):
    receive_emails(stored(mailbox, {"sender": "carol@customer.example"}))
    receive_emails(stored(mailbox, {"sender": "Carol Customer <carol@customer.example>", "subject": "Again"}))

    assert Contact.objects.get().name == "Carol Customer"


def test_what_lost_its_task_is_found_by_the_sweep(mailbox, acme, celery_eager, monkeypatch):
    from datetime import timedelta

    monkeypatch.setattr("tickets.tasks.LEFT_BEHIND", timedelta(0))
    (email,) = stored(mailbox, {})

    sweep_unfiled()

    email.refresh_from_db()
    assert email.state == InboundEmail.State.FILED


def test_a_task_that_runs_twice_files_once(mailbox, acme):
    ids = [str(email.pk) for email in stored(mailbox, {"subject": "One"}, {"subject": "Two"})]

    file_mail(str(acme.pk), ids)
    file_mail(str(acme.pk), ids)

    assert Message.objects.filter(organization=acme).count() == 2
