"""The access log as admins of an organization see it: who by name, what by number, narrowed, and as a harmless file."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import AccessAlert, AccessEvent, Membership, Organization
from accounts.tenancy import organization_scope
from tests.sql import counted_sql
from tickets.models import Contact, Ticket

pytestmark = pytest.mark.django_db
PAGE = "/acme/settings/privacy/access/"


def text_of(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def write(organization: Organization, count: int = 1, **said: object) -> None:
    rows = [
        AccessEvent(**{"organization_id": organization.pk, "verb": "read", "page": "tickets:ticket"} | said)
        for _ in range(count)
    ]
    with organization_scope(organization):
        AccessEvent.objects.bulk_create(rows)


def test_the_page_names_people_and_numbers_and_no_content(
    as_bob: Client, as_alice: Client, ticket: Ticket, contact: Contact
) -> None:
    as_alice.get(f"/acme/tickets/{ticket.number}/", REMOTE_ADDR="203.0.113.9")
    page = text_of(as_bob)

    assert "Alice Agent" in page
    assert f">#{ticket.number}</a>" in page
    assert "203.0.113.9" in page
    assert "does not close" not in page
    assert "Carol" not in page


def test_reading_the_log_is_in_the_log(as_bob: Client, bob: Membership, acme: Organization) -> None:
    text_of(as_bob)

    with organization_scope(acme):
        told = AccessEvent.objects.get()
    assert (told.verb, told.page, told.user_id) == ("list", "privacy:access_log", bob.user_id)


@pytest.mark.parametrize(
    ("query", "lines"),
    [("?who={alice}", 2), ("?who=staff", 1), ("?verb=export", 1), ("?purpose=law", 1), ("?ticket={number}", 2),
     ("?since={today}", 4), ("?until={yesterday}", 0), ("?ticket=999", 0)],
)  # fmt: skip
def test_every_question_narrows_it(
    query: str, lines: int, as_bob: Client, acme: Organization, alice: Membership, bob: Membership, ticket: Ticket
) -> None:
    write(acme, user_id=alice.user_id, object_id=ticket.pk)
    write(acme, user_id=alice.user_id, verb="list", object_ids=[ticket.pk])
    write(acme, user_id=bob.user_id, verb="export", page="tickets:export_contacts")
    write(acme, user_id=uuid7(), grant_id=uuid7(), purpose="law")
    today = timezone.localdate()
    said = {"alice": alice.user_id, "number": ticket.number, "today": today, "yesterday": today - timedelta(days=1)}

    assert text_of(as_bob, query.format(**said)).count('<th scope="row">') == lines


@pytest.mark.parametrize("query", ["?verb=x", "?who=nobody", "?ticket=x", "?since=x"])
def test_a_wrong_question_shows_no_line(query: str, as_bob: Client, acme: Organization) -> None:
    write(acme)
    answer = as_bob.get(PAGE + query)

    assert answer.status_code == 422
    assert b'<th scope="row">' not in answer.content


def test_pages_follow_one_another_without_losing_a_line(as_bob: Client, acme: Organization) -> None:
    write(acme, 120, amount=1, object_id=None)
    seen, url = 0, PAGE
    for _ in range(3):
        answer = as_bob.get(url)
        seen += answer.content.count(b'<th scope="row">')
        url = answer.context["older_url"]
        assert (url == "") == (seen >= 120)
    assert seen == 120 + 0  # what these looks wrote themselves is newer than the page they began from


def test_a_page_costs_the_same_however_long_the_log_is(as_bob: Client, acme: Organization, ticket: Ticket) -> None:
    counts = []
    for many in (1, 100):
        write(acme, many, object_id=ticket.pk)
        text_of(as_bob)
        with counted_sql() as statements:
            text_of(as_bob)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 11  # one of them: the newest reviews


def test_the_file_runs_nothing_in_a_spreadsheet(
    as_bob: Client, acme: Organization, alice: Membership, ticket: Ticket
) -> None:
    alice.user.name = "=HYPERLINK(1)"
    alice.user.save()
    write(acme, user_id=alice.user_id, object_id=ticket.pk, page="@page", amount=1)
    answer = as_bob.get(PAGE + "export/?who=" + str(alice.user_id))
    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))

    assert head[:2] == ["at", "who"]
    assert (line[1], line[5], line[6]) == ("'=HYPERLINK(1)", "'@page", f"#{ticket.number}")
    with organization_scope(acme):
        told = AccessEvent.objects.order_by("-at")[0]
    assert (told.verb, told.amount) == ("export", 1)


def test_somebody_who_left_and_staff_are_told_apart_by_number(as_bob: Client, acme: Organization) -> None:
    gone, staff = uuid7(), uuid7()
    write(acme, user_id=gone)
    write(acme, user_id=staff, grant_id=uuid7(), purpose="support")
    page = text_of(as_bob)

    assert f"Somebody who left ({gone.hex[-6:]})" in page
    assert f"staff ({staff.hex[-6:]})" in page


def test_an_alert_is_shown_until_an_admin_looked(as_bob: Client, bob: Membership, acme: Organization) -> None:
    with organization_scope(acme):
        alert = AccessAlert.objects.create(
            organization_id=acme.pk, rule="many", user_id=bob.user_id, window=timezone.now(), amount=300
        )
    assert "Very many tickets within an hour" in text_of(as_bob)
    as_bob.post(f"{PAGE}alerts/{alert.pk}/looked/")

    assert "Very many tickets within an hour" not in text_of(as_bob)
    with organization_scope(acme):
        alert.refresh_from_db()
    assert alert.looked_by_id == bob.user_id
