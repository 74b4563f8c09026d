"""TenantPolicy: row-level security as a constraint, so that makemigrations writes it with the table."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import BaseConstraint, Model

from accounts.tenancy.scope import SETTING, TENANT_ROLE

# Roles belong to the whole server: two databases migrated at once may both try to make this one.
ROLE_SQL = f"""
DO $role$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{TENANT_ROLE}') THEN
        CREATE ROLE {TENANT_ROLE} NOLOGIN NOBYPASSRLS;
    END IF;
    EXECUTE format('GRANT {TENANT_ROLE} TO %I', current_user);
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $role$;
"""
# The sub-select makes Postgres read the setting once for a statement, not once for a row.
OWN_ORGANIZATION = f"(SELECT NULLIF(current_setting('{SETTING}', true), '')::uuid)"


class TenantPolicy(BaseConstraint):
    """Only rows of the organization in scope are seen, written or deleted by the tenant role.

    `using` replaces the usual comparison of `column`; `grant` lists what the role may do at all. Policies are
    enabled, not forced on the owner, who migrates and runs the named doors of accounts.tenancy.doors.
    """

    def __init__(
        self,
        *,
        name: str,
        column: str = "organization_id",
        using: str = "",
        grant: str = "SELECT, INSERT, UPDATE, DELETE",
    ) -> None:
        """Take the name of the policy and what it compares."""
        super().__init__(name=name)
        self.column, self.using, self.grant = column, using, grant

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration needs to build this again."""
        path, args, kwargs = super().deconstruct()
        kwargs |= {"column": self.column, "using": self.using, "grant": self.grant}
        return path, args, kwargs

    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str | None:  # type: ignore[override]
        """Add nothing inside CREATE TABLE; the policy follows once the table is there."""
        assert model is not None  # noqa: S101 - the signature of Django is wider than its use
        assert schema_editor is not None  # noqa: S101
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return None

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Statement:  # type: ignore[override]
        """Return the statements that make the role, close the table and open it to its own organization."""
        assert model is not None  # noqa: S101 - the signature of Django is wider than its use
        assert schema_editor is not None  # noqa: S101
        condition = self.using or f"{self.column} = {OWN_ORGANIZATION}"
        return Statement(
            ROLE_SQL.replace("%", "%%")
            + "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY;"
            + "CREATE POLICY %(name)s ON %(table)s USING (%(condition)s) WITH CHECK (%(condition)s);"
            + "GRANT %(grant)s ON %(table)s TO %(role)s;",
            table=schema_editor.quote_name(model._meta.db_table),
            name=schema_editor.quote_name(self.name),
            condition=condition,
            grant=self.grant,
            role=TENANT_ROLE,
        )

    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Statement:  # type: ignore[override]
        """Return the statement that drops the policy; the table stays closed to the tenant role."""
        assert model is not None  # noqa: S101 - the signature of Django is wider than its use
        assert schema_editor is not None  # noqa: S101
        return Statement(
            "DROP POLICY %(name)s ON %(table)s;",
            table=schema_editor.quote_name(model._meta.db_table),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to check on an instance: the database decides."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TenantPolicy) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.column, self.using, self.grant))
