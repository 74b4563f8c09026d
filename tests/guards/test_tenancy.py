"""Two organizations with rows in every table: inside one's scope, the other's do not exist."""

from uuid import UUID

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, transaction

from accounts.models import Membership, Organization
from accounts.tenancy import OutsideScope, current_organization_id, organization_scope
from mailbox.models import Mailbox
from tests.guards import catalog
from tests.guards.world import World
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
OWNED = sorted(
    table for table, policy in catalog.declared().items() if policy.column == "organization_id" and not policy.using
)
# What the tenant role may change at all; the rest it only reads, which test_policies compares with the database.
CHANGED = [table for table in OWNED if "DELETE" in catalog.declared()[table].grant]


def count(table: str, condition: str = "true") -> int:
    return int(catalog.rows(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0])  # noqa: S608


@pytest.mark.parametrize("table", OWNED)
def test_a_table_shows_the_rows_of_the_scope_only(table: str, two_worlds: tuple[World, World]) -> None:
    ours, theirs = two_worlds
    whole = count(table)
    assert count(table, f"organization_id = '{theirs.organization.pk}'"), f"the worlds of this test have no {table}"

    with organization_scope(ours.organization):
        assert 0 < count(table) < whole
        assert count(table, f"organization_id <> '{ours.organization.pk}'") == 0


@pytest.mark.parametrize("table", CHANGED)
def test_no_row_can_be_given_away_changed_or_deleted_across(table: str, two_worlds: tuple[World, World]) -> None:
    ours, theirs = two_worlds
    with organization_scope(ours.organization), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match=r"row-level security|permission denied"), transaction.atomic():
            cursor.execute(f"UPDATE {table} SET organization_id = '{theirs.organization.pk}'")  # noqa: S608
        if "DELETE" in catalog.declared()[table].grant:  # the access log gives no such right to begin with
            cursor.execute(f"DELETE FROM {table} WHERE organization_id = '{theirs.organization.pk}'")  # noqa: S608
            assert cursor.rowcount == 0


def test_colleagues_are_seen_and_strangers_are_not(two_worlds: tuple[World, World]) -> None:
    ours, theirs = two_worlds
    with organization_scope(ours.organization):
        assert count("accounts_user", f"id = '{ours.agent.user_id}'") == 1
        assert count("accounts_user", f"id = '{theirs.agent.user_id}'") == 0
        assert list(Organization.objects.all()) == [ours.organization]


def test_a_scope_leaves_nothing_behind(two_worlds: tuple[World, World]) -> None:
    ours, theirs = two_worlds
    with organization_scope(ours.organization):
        pass
    assert role_and_setting() == ("none", "")
    with pytest.raises(ZeroDivisionError), organization_scope(ours.organization):
        _ = 1 / 0
    assert role_and_setting() == ("none", "")
    with pytest.raises(DatabaseError), organization_scope(ours.organization), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert role_and_setting() == ("none", "")
    with organization_scope(theirs.organization):
        assert set(Ticket.objects.values_list("pk", flat=True)) == {theirs.ticket.pk, theirs.linked.pk}


@pytest.mark.django_db(transaction=True)
def test_a_scope_leaves_nothing_behind_on_a_connection_that_broke(two_worlds: tuple[World, World]) -> None:
    ours, theirs = two_worlds
    with pytest.raises(DatabaseError), organization_scope(ours.organization), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert current_organization_id() is None
    connection.close()
    assert role_and_setting() == ("none", "")
    with organization_scope(theirs.organization):
        assert set(Ticket.objects.values_list("pk", flat=True)) == {theirs.ticket.pk, theirs.linked.pk}


@pytest.mark.django_db(transaction=True)
def test_a_scope_that_cannot_open_is_not_open() -> None:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
    with pytest.raises((DatabaseError, ValueError)), organization_scope("not-an-id"):
        pytest.fail("the scope opened")
    assert current_organization_id() is None


def test_the_scope_of_another_organization_does_not_open_inside(two_worlds: tuple[World, World]) -> None:
    ours, theirs = two_worlds
    with organization_scope(ours.organization):
        with pytest.raises(OutsideScope), organization_scope(theirs.organization):
            pytest.fail("the scope opened")
        assert set(Ticket.objects.values_list("pk", flat=True)) == {ours.ticket.pk, ours.linked.pk}


def test_what_waits_for_the_commit_runs_outside_the_scope(
    two_worlds: tuple[World, World], django_capture_on_commit_callbacks: object
) -> None:
    seen: list[UUID | None] = []
    with django_capture_on_commit_callbacks(execute=True), organization_scope(two_worlds[0].organization):  # type: ignore[operator]
        transaction.on_commit(lambda: seen.append(current_organization_id()))
    assert seen == [None]


def test_a_reference_to_another_organization_opens_nothing(two_worlds: tuple[World, World]) -> None:
    ours, theirs = two_worlds
    with organization_scope(ours.organization):
        for model, pk in [(Mailbox, theirs.mailbox.pk), (Ticket, theirs.ticket.pk), (Membership, theirs.agent.pk)]:
            with pytest.raises(ObjectDoesNotExist):
                model.objects.get(pk=pk)  # type: ignore[attr-defined]


def role_and_setting() -> tuple[str, str]:
    return catalog.rows("SELECT current_setting('role'), COALESCE(current_setting('deskhero.organization', true), '')")[
        0
    ]  # type: ignore[return-value]
