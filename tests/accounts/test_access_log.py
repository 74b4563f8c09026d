"""What is shown is written down first: who, what, when, from where, for which purpose. No log, no answer."""

from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessEvent, Membership, Organization
from accounts.tenancy import organization_scope
from accounts.tenancy.scope import TENANT_ROLE
from tests import factories
from tests.sql import counted_sql
from tickets.actions.attach import NewFile, attach_files
from tickets.models import Contact, Ticket

pytestmark = pytest.mark.django_db


def events(organization: Organization) -> list[AccessEvent]:
    """The log of an organization, oldest first."""
    with organization_scope(organization):
        return list(AccessEvent.objects.order_by("at", "pk"))


def last(organization: Organization) -> AccessEvent:
    return events(organization)[-1]


def test_opening_a_ticket_tells_who_what_and_from_where(
    as_alice: Client, alice: Membership, acme: Organization, ticket: Ticket, contact: Contact
) -> None:
    as_alice.get(f"/acme/tickets/{ticket.number}/", REMOTE_ADDR="203.0.113.9")

    told = last(acme)
    assert (told.verb, told.page, told.purpose) == ("read", "tickets:ticket", "work")
    assert (told.user_id, told.object_id, told.grant_id) == (alice.user_id, ticket.pk, None)
    assert contact.pk in told.object_ids
    with organization_scope(acme):
        assert told.ip == "203.0.113.9"


def test_the_address_is_sealed_in_the_table(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    as_alice.get(f"/acme/tickets/{ticket.number}/", REMOTE_ADDR="203.0.113.9")

    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_accessevent::text FROM accounts_accessevent")
        assert "203.0.113.9" not in str(cursor.fetchall())
        assert b"203.0.113.9".hex() not in str(cursor.fetchall())


def test_a_list_names_every_row_in_one_event(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    other = factories.make_ticket(acme, mailbox=ticket.mailbox, contact=ticket.contact, subject="A second one")
    as_alice.get("/acme/?view=open")

    assert [one.page for one in events(acme)] == ["tickets:queue"]
    told = last(acme)
    assert (told.verb, told.object_id, told.amount) == ("list", None, 2)
    assert set(told.object_ids) == {ticket.pk, other.pk}


def test_what_a_search_found_was_seen(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    there = as_alice.post("/acme/search/", {"q": "door"})
    assert events(acme) == []  # the question alone shows nothing
    as_alice.get(there["Location"])

    told = last(acme)
    assert (told.verb, told.page, told.object_ids) == ("search", "tickets:search", [ticket.pk])


def test_a_change_is_written_with_what_it_changed(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    as_alice.post(f"/acme/tickets/{ticket.number}/close/")

    told = last(acme)
    assert (told.verb, told.page, told.object_id) == ("change", "tickets:close", ticket.pk)


def test_a_refused_form_shows_its_page_and_is_written_down(
    as_alice: Client, acme: Organization, ticket: Ticket
) -> None:
    assert as_alice.post(f"/acme/tickets/{ticket.number}/reply/", {"to": "nobody", "text": "x"}).status_code == 422
    assert last(acme).object_id == ticket.pk


def test_a_file_is_written_down_before_its_first_byte(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    with organization_scope(acme):
        message = ticket.messages.get()
        (file,) = attach_files(message, [NewFile("plan.txt", "text/plain", b"a plan")])
    response = as_alice.get(f"/acme/tickets/{ticket.number}/files/{file.pk}/")
    told = last(acme)  # nothing was read from the stream yet

    assert (told.verb, told.object_id, told.object_ids) == ("download", ticket.pk, [file.pk])
    assert b"".join(response) == b"a plan"  # type: ignore[arg-type]


def test_an_export_says_how_many(as_bob: Client, acme: Organization, contact: Contact) -> None:
    factories.make_contact(acme, name="Nora", address="nora@other.example")
    as_bob.get("/acme/contacts/export/")

    told = last(acme)
    assert (told.verb, told.amount) == ("export", 2)


@pytest.mark.parametrize("path", ["contacts/", "print", "source", "quarantine/", "notifications/"])
def test_other_pages_with_content_are_written_down(
    path: str, as_owner: Client, acme: Organization, ticket: Ticket
) -> None:
    with organization_scope(acme):
        message = factories.make_message(ticket, inbound=factories.make_inbound_email(ticket.mailbox, b"A: b\r\n\r\nc"))
    page = {
        "print": f"tickets/{ticket.number}/print/",
        "source": f"tickets/{ticket.number}/mails/{message.pk}/source/",
    }.get(path, path)

    assert as_owner.get(f"/acme/{page}").status_code == 200
    assert len(events(acme)) == 1


def test_what_shows_nothing_writes_nothing(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    as_alice.get(f"/acme/tickets/{ticket.number + 99}/")
    as_alice.get("/acme/people/")
    as_alice.get("/acme/notifications/bell/")

    assert events(acme) == []


def test_a_page_costs_one_statement_for_its_line(as_alice: Client, ticket: Ticket) -> None:
    path = f"/acme/tickets/{ticket.number}/"
    as_alice.get(path)
    with counted_sql() as statements:
        as_alice.get(path)

    assert len([sql for sql in statements if "accounts_accessevent" in sql]) == 1
    assert statements[-1].startswith('INSERT INTO "accounts_accessevent"')


@pytest.mark.django_db(transaction=True)
def test_a_look_stays_written_though_the_view_rolls_back(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    def shown(*args: Any, **kwargs: Any) -> HttpResponse:
        response = render(*args, **kwargs)
        transaction.set_rollback(True)
        return response

    with patch("tickets.views.queue.render", side_effect=shown):
        assert b"does not close" in as_alice.get("/acme/").content
    assert last(acme).object_ids == [ticket.pk]


@pytest.mark.django_db(transaction=True)
def test_a_line_costs_one_round_trip_and_leaves_nothing_on_the_connection(
    as_alice: Client, acme: Organization, alice: Membership, ticket: Ticket
) -> None:
    with CaptureQueriesContext(connection) as captured:
        as_alice.get(f"/acme/tickets/{ticket.number}/", REMOTE_ADDR="203.0.113.9")
    after = [one["sql"] for one in captured.captured_queries]
    told = last(acme)

    assert after[-1].startswith("/* access log */")
    assert sum("accounts_accessevent" in sql for sql in after) == 1
    assert (told.user_id, told.object_id, told.verb) == (alice.user_id, ticket.pk, "read")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), current_setting('deskhero.organization', true)")
        assert cursor.fetchone() in {("none", ""), ("none", None)}


@pytest.mark.django_db(transaction=True)
def test_a_line_that_fails_leaves_nothing_either(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_accessevent RENAME TO accounts_accessevent_gone")
    try:
        assert as_alice.get("/acme/").status_code == 503
        assert as_alice.post(f"/acme/tickets/{ticket.number}/close/").status_code == 503
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_accessevent_gone RENAME TO accounts_accessevent")
    assert as_alice.get("/acme/").status_code == 200
    with organization_scope(acme):
        assert not Ticket.objects.get(pk=ticket.pk).is_closed


# --- No log, no answer -----------------------------------------------------------------------------------------------
@pytest.fixture
def broken(ticket: Ticket) -> None:
    """A log that cannot be written."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_accessevent RENAME TO accounts_accessevent_gone")


@pytest.mark.parametrize(
    "path", ["", "tickets/{number}/", "contacts/", "tickets/{number}/print/", "search/", "contacts/export/"]
)
def test_without_a_log_pages_answer_503_and_no_content(
    path: str, broken: None, as_owner: Client, ticket: Ticket
) -> None:
    response = as_owner.get(f"/acme/{path.format(number=ticket.number)}")

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert b"does not close" not in response.content
    assert b"carol" not in response.content.lower()
    assert b"cannot be written" in response.content


def test_without_a_log_no_byte_of_a_file_leaves(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    with organization_scope(acme):
        (file,) = attach_files(ticket.messages.get(), [NewFile("plan.txt", "text/plain", b"a plan")])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_accessevent RENAME TO accounts_accessevent_gone")

    response = as_alice.get(f"/acme/tickets/{ticket.number}/files/{file.pk}/")
    assert response.status_code == 503
    assert not response.streaming


def test_without_a_log_nothing_is_changed(broken: None, as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    assert as_alice.post(f"/acme/tickets/{ticket.number}/close/").status_code == 503
    with organization_scope(acme):
        assert not Ticket.objects.get(pk=ticket.pk).is_closed


def test_pages_without_content_go_on(broken: None, as_alice: Client, ticket: Ticket) -> None:
    assert as_alice.get("/acme/settings/").status_code == 200


# --- The table only takes rows ---------------------------------------------------------------------------------------
ATTACKS = [
    "UPDATE accounts_accessevent SET verb = 'list'",
    "DELETE FROM accounts_accessevent",
    "TRUNCATE accounts_accessevent",
    "UPDATE accounts_accessseal SET number = 7",
    "DELETE FROM accounts_accesscheckpoint",
    "TRUNCATE accounts_accessseal",
]


@pytest.mark.parametrize("sql", ATTACKS)
@pytest.mark.parametrize("who", ["owner", "tenant"])
def test_no_row_is_changed_or_taken_away(
    sql: str, who: str, as_alice: Client, acme: Organization, ticket: Ticket
) -> None:
    from accounts.access_log.sealing import seal_organization

    as_alice.get("/acme/")
    seal_organization(acme.pk)
    _checkpoint(acme.pk)

    with pytest.raises(DatabaseError, match=r"only takes new rows|permission denied"):
        _run(sql, acme if who == "tenant" else None)


def _run(sql: str, tenant: Organization | None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if tenant is not None:
            cursor.execute(f"SET LOCAL ROLE {TENANT_ROLE}")
            cursor.execute("SELECT set_config('deskhero.organization', %s, true)", [str(tenant.pk)])
        cursor.execute(sql)


def _checkpoint(organization_id: UUID) -> None:
    from accounts.models import AccessCheckpoint

    AccessCheckpoint.objects.create(
        organization_id=organization_id, reason="retention", number=0, hash=bytes(32), signature=bytes(32)
    )


def test_an_organization_sees_its_own_log_only(as_alice: Client, globex: Organization, ticket: Ticket) -> None:
    as_alice.get("/acme/")

    assert events(globex) == []
    with organization_scope(globex), pytest.raises(DatabaseError), transaction.atomic():
        AccessEvent(organization_id=ticket.organization_id, verb="read", page="x").save(force_insert=True)


def test_drafts_on_their_way_are_not_reading(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    file: Any = SimpleUploadedFile("a.txt", b"a", "text/plain")
    as_alice.post(f"/acme/tickets/{ticket.number}/draft/", {"text": "Perhaps"})
    as_alice.post(f"/acme/tickets/{ticket.number}/draft/files/", {"file": file})

    assert events(acme) == []
