"""organization_scope(): one organization's rows, for any statement, and nothing left behind."""

from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Membership, Organization
from accounts.tenancy import OutsideScope, current_organization_id, organization_scope
from accounts.tenancy.scope import TENANT_ROLE
from tests import factories
from tickets.models import Contact


def count(table: str) -> int:
    """Count with raw SQL."""
    return int(ask(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - names in this file


def ask(sql: str, *params: object) -> list[tuple]:
    """Return what a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def create_and_fail(organization: Organization) -> None:
    """Write a row, and then have a bug."""
    Contact.objects.create(organization=organization, name="Never")
    _ = 1 / 0


@pytest.fixture
def both(acme: Organization, globex: Organization) -> tuple[Contact, Contact]:
    """A contact at Acme and one at Globex."""
    return factories.make_contact(acme, name="Mine"), factories.make_contact(globex, name="Theirs")


def test_inside_no_statement_sees_another_organization(
    both: tuple[Contact, Contact], acme: Organization, mallory: Membership
) -> None:
    assert count("tickets_contact") == 2
    with organization_scope(acme):
        assert Contact.objects.count() == 1
        assert count("tickets_contact") == 1
        assert count("accounts_organization") == 1
        assert ask("SELECT id FROM accounts_user WHERE email = %s", mallory.user.email) == []
        assert ask("SELECT 1 FROM tickets_contact WHERE id = %s", both[1].pk) == []
        assert ask("SELECT 1 FROM tickets_contact WHERE organization_id = %s OR true", both[1].organization_id) == [
            (1,)
        ]


def test_inside_nothing_of_another_organization_can_be_changed(
    both: tuple[Contact, Contact], acme: Organization
) -> None:
    _mine, theirs = both
    with organization_scope(acme):
        assert Contact.objects.filter(pk=theirs.pk).update(created_at="2020-01-01T00:00Z") == 0
        assert Contact.objects.filter(pk=theirs.pk).delete()[0] == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ask("UPDATE tickets_contact SET organization_id = %s", theirs.organization_id)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ask(
                "INSERT INTO tickets_contact (id, organization_id, name, created_at) VALUES (%s, %s, '', now())",
                uuid4(),
                theirs.organization_id,
            )
    assert Contact.objects.count() == 2


def test_naming_another_organization_in_sql_is_still_only_that_one(
    both: tuple[Contact, Contact], acme: Organization
) -> None:
    """What the setting says is what is seen; code that could run such SQL is code of ours."""
    with organization_scope(acme):
        assert ask("SELECT current_user") == [(TENANT_ROLE,)]
        assert count("tickets_contact") == 1


def test_without_an_organization_the_tenant_role_sees_nothing(
    both: tuple[Contact, Contact], mallory: Membership
) -> None:
    for setting in ("", None):
        with transaction.atomic():
            ask("SELECT set_config('role', %s, true)", TENANT_ROLE)
            if setting is not None:
                ask("SELECT set_config('deskhero.organization', %s, true)", setting)
            tables = ("tickets_contact", "tickets_contactaddress", "accounts_membership", "accounts_organization")
            assert {count(table) for table in (*tables, "accounts_user", "mailbox_mailbox")} == {0}
            ask("SELECT set_config('role', 'none', true)")


def test_the_tenant_role_owns_nothing_and_cannot_grow(acme: Organization) -> None:
    with organization_scope(acme):
        for sql in (
            "DROP TABLE tickets_contact",
            "ALTER TABLE tickets_contact DISABLE ROW LEVEL SECURITY",
            "CREATE TABLE extra (x int)",
            "TRUNCATE tickets_contact",
            "SELECT * FROM django_session",
            "SELECT * FROM account_emailaddress",
            "SELECT * FROM mfa_authenticator",
            "SELECT * FROM usersessions_usersession",
            "UPDATE accounts_user SET is_staff = true",
            "DELETE FROM accounts_organization",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                ask(sql)


def test_entering_the_same_scope_again_changes_nothing(both: tuple[Contact, Contact], acme: Organization) -> None:
    with organization_scope(acme) as first, organization_scope(str(acme.pk)) as second:
        assert first == second == current_organization_id()
        assert count("tickets_contact") == 1
    with organization_scope(acme):
        with organization_scope(acme):
            pass
        assert current_organization_id() == acme.pk
        assert count("tickets_contact") == 1, "leaving the inner one leaves the outer one open"


def test_entering_another_organizations_scope_is_refused(acme: Organization, globex: Organization) -> None:
    with organization_scope(acme):
        with pytest.raises(OutsideScope), organization_scope(globex):
            pass
        assert current_organization_id() == acme.pk


def test_afterwards_the_connection_is_the_owners_again(both: tuple[Contact, Contact], acme: Organization) -> None:
    with organization_scope(acme):
        pass

    assert current_organization_id() is None
    assert count("tickets_contact") == 2
    assert ask("SELECT current_user <> %s, current_setting('deskhero.organization', true)", TENANT_ROLE) == [(True, "")]


def test_an_exception_rolls_everything_back_and_closes_the_scope(
    both: tuple[Contact, Contact], acme: Organization
) -> None:
    with pytest.raises(ZeroDivisionError), organization_scope(acme):
        create_and_fail(acme)

    assert current_organization_id() is None
    assert count("tickets_contact") == 2


def test_a_database_error_closes_the_scope_too(both: tuple[Contact, Contact], acme: Organization) -> None:
    with pytest.raises(ProgrammingError), organization_scope(acme):
        ask("SELECT * FROM no_such_table")

    assert current_organization_id() is None
    assert count("tickets_contact") == 2


def test_an_exception_in_the_inner_scope_that_is_caught_leaves_the_outer_one_working(
    both: tuple[Contact, Contact], acme: Organization
) -> None:
    with organization_scope(acme):
        with pytest.raises(ZeroDivisionError), organization_scope(acme):
            create_and_fail(acme)
        assert count("tickets_contact") == 1
        Contact.objects.create(organization=acme, name="Kept")
    assert count("tickets_contact") == 3


@pytest.mark.django_db(transaction=True)
def test_what_follows_the_commit_runs_outside_the_scope(acme: Organization) -> None:
    seen = []

    with organization_scope(acme):
        transaction.on_commit(lambda: seen.append((current_organization_id(), ask("SELECT current_user")[0][0])))
        assert not seen

    assert seen[0][0] is None
    assert seen[0][1] != TENANT_ROLE


@pytest.mark.django_db(transaction=True)
def test_committed_and_rolled_back_scopes_leave_no_setting_on_the_connection(acme: Organization) -> None:
    with organization_scope(acme):
        Contact.objects.create(organization=acme, name="Kept")
    with pytest.raises(ZeroDivisionError), organization_scope(acme):
        _ = 1 / 0

    assert ask("SELECT current_user = session_user, coalesce(current_setting('deskhero.organization', true), '')") == [
        (True, "")
    ]
    assert Contact.objects.count() == 1


def test_a_made_up_organization_is_an_empty_one(both: tuple[Contact, Contact]) -> None:
    with organization_scope(uuid4()):
        assert count("tickets_contact") == 0
        assert count("accounts_user") == 0


def test_colleagues_are_seen_and_the_rest_of_the_world_is_not(
    alice: Membership, bob: Membership, mallory: Membership, acme: Organization
) -> None:
    with organization_scope(acme):
        emails = {email for (email,) in ask("SELECT email FROM accounts_user")}

    assert emails == {"alice@acme.example", "bob@acme.example", "olivia@acme.example"}
