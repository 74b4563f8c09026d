"""Row-level security as the database has it, not as the code means it."""

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, connections, models, transaction
from django.test.utils import isolate_apps

from accounts.models import Organization, Owned, User
from accounts.tenancy.scope import SETTING, TENANT_ROLE
from tests.guards import catalog

pytestmark = pytest.mark.django_db

CLOSED_TO_TENANTS = [
    "account_emailaddress",
    "account_emailconfirmation",
    "accounts_user_groups",
    "accounts_user_user_permissions",
    "auth_group",
    "auth_permission",
    "django_admin_log",
    "django_migrations",
    "django_session",
    "mfa_authenticator",
    "usersessions_usersession",
]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_table_is_closed_as_declared() -> None:
    assert catalog.faults() == []


def test_the_models_of_people_and_companies_have_policies_too() -> None:
    assert {Organization._meta.db_table, User._meta.db_table} <= set(catalog.declared())


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("CREATE TABLE guard_plain (id uuid, organization_id uuid)", "declares no TenantPolicy"),
        ("CREATE TABLE guard_plain (id uuid, organization_id uuid)", "row-level security is off"),
        ("ALTER TABLE tickets_ticket DISABLE ROW LEVEL SECURITY", "tickets_ticket: row-level security is off"),
        ("DROP POLICY tenant_tickets_ticket ON tickets_ticket", "tickets_ticket has 0 policies"),
        ("CREATE POLICY open ON tickets_note USING (true)", "does not ask for the organization in scope"),
        ("ALTER POLICY tenant_tickets_note ON tickets_note WITH CHECK (true)", "does not ask for the organization"),
        (f"GRANT SELECT ON django_session TO {TENANT_ROLE}", "django_session: the tenant role may SELECT"),
        (f"GRANT SELECT (id) ON auth_group TO {TENANT_ROLE}", "auth_group: the tenant role may SELECT"),
        ("GRANT SELECT ON account_emailaddress TO PUBLIC", "account_emailaddress: the tenant role may SELECT"),
        (f"GRANT TRUNCATE ON tickets_ticket TO {TENANT_ROLE}", "the tenant role may TRUNCATE"),
        (f"REVOKE DELETE ON tickets_ticket FROM {TENANT_ROLE}", "the tenant role may not DELETE"),
        ("CREATE VIEW guard_view AS SELECT * FROM tickets_ticket", "guard_view shows organizations' rows"),
        (
            "CREATE FUNCTION guard_door() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'",
            "guard_door runs as its owner and is no named door",
        ),
        (f"ALTER ROLE {TENANT_ROLE} LOGIN", "may more than read and write rows"),
        (f"GRANT CREATE ON SCHEMA public TO {TENANT_ROLE}", "may create things in the schema public"),
    ],
)
def test_the_guard_is_red_when(sql: str, fault: str) -> None:
    with transaction.atomic():
        run(sql)
        assert any(fault in sentence for sentence in catalog.faults())
        transaction.set_rollback(True)


@isolate_apps("tests")
def test_an_owned_model_gets_its_policy_without_being_asked() -> None:
    class GuardThing(Owned):
        organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")

        class Meta:
            app_label = "tests"

        def __str__(self) -> str:
            return ""

    with connection.schema_editor() as editor:
        editor.create_model(GuardThing)
    about = [sentence for sentence in catalog.faults() if "tests_guardthing" in sentence]

    # The throw-away model is in no registry, so its declaration and its grants surprise; its policy is there.
    assert len(about) == 2
    assert "declares no TenantPolicy" in about[0]
    assert "the tenant role may DELETE, INSERT, SELECT, UPDATE" in about[1]


@isolate_apps("tests")
def test_a_model_with_an_organization_that_is_not_owned_is_found() -> None:
    class GuardStray(models.Model):
        organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")

        class Meta:
            app_label = "tests"

        def __str__(self) -> str:
            return ""

    with connection.schema_editor() as editor:
        editor.create_model(GuardStray)

    assert any("tests_guardstray has an organization" in sentence for sentence in catalog.faults())


@pytest.mark.parametrize("table", CLOSED_TO_TENANTS)
def test_the_tenant_role_cannot_read_what_is_nobodys(table: str) -> None:
    run(f"SET LOCAL ROLE {TENANT_ROLE}")
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(f"SELECT count(*) FROM {table}")  # noqa: S608 - names from the list above


def test_the_list_of_closed_tables_names_real_ones() -> None:
    assert set(CLOSED_TO_TENANTS) <= set(connection.introspection.table_names())


def test_keys_are_in_another_database() -> None:
    data, vault = settings.DATABASES["default"], settings.DATABASES["vault"]

    assert (data["HOST"], data["PORT"], data["NAME"]) != (vault["HOST"], vault["PORT"], vault["NAME"])
    assert "vault_vaultkey" not in connection.introspection.table_names()
    assert set(connections["vault"].introspection.table_names()) == {"vault_vaultkey", "django_migrations"}


@pytest.mark.parametrize("table", sorted(catalog.declared()))
def test_without_an_organization_in_scope_no_table_shows_a_row(table: str) -> None:
    with transaction.atomic():
        run(f"SET LOCAL ROLE {TENANT_ROLE}")
        for value in ("", "00000000-0000-7000-8000-000000000000"):
            run(f"SET LOCAL {SETTING} = '{value}'")
            assert catalog.rows(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608 - tables of models
