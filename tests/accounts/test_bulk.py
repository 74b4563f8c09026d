"""Many rows with one statement: as if saved one by one, sealed and listed columns included."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.bulk import insert_many, save_many
from mailbox.models import InboundEmail
from tests.factories import make_message, make_ticket
from tests.sql import counted_sql
from tickets.models import Event, Message, ThreadKey, Ticket

ODD = 'Line\nwith "quotes", {braces}, \\ and NULL, 你好 😀'


def stored_bytes(table, column, pk):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [pk])  # noqa: S608 - our names
        return bytes(cursor.fetchone()[0])


@pytest.mark.usefixtures("scope")
def test_rows_come_back_as_they_were_put_in(acme, mailbox, contact):
    ticket = make_ticket(acme, mailbox=mailbox, contact=contact)
    rows = [
        Message(
            organization=acme,
            ticket=ticket,
            mailbox=mailbox,
            direction=Message.Direction.INBOUND,
            sender=contact,
            at=ticket.created_at,
            headers={"subject": ODD},
            new_text=text,
            whole_text=whole,
            participants=people,
            content_digest=digest,
        )
        for text, whole, people, digest in (
            (ODD, None, [], None),
            ("", "NULL", [b"\x00\xff" * 8, b'"\\{},' * 3], b"\x00" * 16),
        )
    ]
    with counted_sql() as statements:
        insert_many(rows)

    assert len(statements) == 1
    for row in rows:
        assert not row._state.adding
        found = Message.objects.get(pk=row.pk)
        for name in ("new_text", "whole_text", "headers", "sender_id", "direction", "at", "html", "may_autorespond"):
            assert getattr(found, name) == getattr(row, name), name
        assert [bytes(one) for one in found.participants] == row.participants
        assert found.content_digest is None or bytes(found.content_digest) == row.content_digest
    assert ODD.encode() not in stored_bytes("tickets_message", "new_text", rows[0].pk)


@pytest.mark.usefixtures("scope")
def test_what_is_there_already_is_kept_or_replaced(acme, mailbox, contact):
    ticket = make_ticket(acme, mailbox=mailbox, contact=contact)
    message = make_message(ticket)
    digest, common = b"k" * 16, {"organization": acme, "ticket": ticket}
    insert_many([ThreadKey(**common, digest=digest)])

    insert_many([ThreadKey(**common, digest=digest, message=message)], keep_old=True)
    assert ThreadKey.objects.get(digest=digest).message is None
    insert_many(
        [ThreadKey(**common, digest=digest, message=message)], replace=["message"], by="thread_key_once_in_a_ticket"
    )
    assert ThreadKey.objects.get(digest=digest).message == message
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([ThreadKey(**common, digest=digest)])


@pytest.mark.usefixtures("scope")
def test_saving_changes_these_fields_of_these_rows(acme, mailbox, contact):
    tickets = [make_ticket(acme, mailbox=mailbox, contact=contact, subject="Before") for _ in range(3)]
    for number, ticket in enumerate(tickets[:2]):
        ticket.subject, ticket.state, ticket.message_count = f"After {number}", Ticket.State.CLOSED, 7

    save_many(tickets[:2], ["subject", "state"])

    found = [Ticket.objects.get(pk=one.pk) for one in tickets]
    assert [one.subject for one in found] == ["After 0", "After 1", "Before"]
    assert [one.is_closed for one in found] == [True, True, False]
    assert all(one.message_count != 7 for one in found)


@pytest.mark.usefixtures("scope")
def test_nothing_costs_nothing(mailbox):
    with counted_sql() as statements:
        insert_many([])
        save_many([], ["subject"])
    assert statements == []


@pytest.mark.usefixtures("scope")
def test_times_that_fields_fill_in_are_filled_in(acme, mailbox):
    email = InboundEmail(organization=acme, mailbox=mailbox, provider_id="one", received_at=mailbox.connected_at)
    email.keep_raw(b"Subject: x\r\n\r\ny")
    insert_many([email])

    assert InboundEmail.objects.get(pk=email.pk).stored_at == email.stored_at
    assert InboundEmail.objects.get(pk=email.pk).raw() == b"Subject: x\r\n\r\ny"
    assert not Event.objects.exists()
