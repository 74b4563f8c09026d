"""AppendOnly: a table that takes new rows and gives none back, as a constraint, so that makemigrations writes it."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import BaseConstraint, Model

SETTING = "deskhero.retention"  # names the one table whose rows may be deleted until the transaction ends
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION deskhero_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $f$
BEGIN
    IF TG_OP <> 'UPDATE' AND current_setting('{SETTING}', true) = TG_TABLE_NAME THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '%% only takes new rows: %% is refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $f$;
"""


class AppendOnly(BaseConstraint):
    """No row is changed; rows go only by the named path of retention. It binds the owner of the table, too.

    Whoever may drop a trigger can get past it: that shows in the chain of seals (accounts.access_log), not here.
    """

    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str | None:  # type: ignore[override]
        """Add nothing inside CREATE TABLE; the triggers follow once the table is there."""
        assert model is not None  # noqa: S101 - the signature of Django is wider than its use
        assert schema_editor is not None  # noqa: S101
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return None

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Statement:  # type: ignore[override]
        """Return the statements that refuse UPDATE, DELETE and TRUNCATE."""
        assert model is not None  # noqa: S101 - the signature of Django is wider than its use
        assert schema_editor is not None  # noqa: S101
        return Statement(
            _FUNCTION
            + "CREATE TRIGGER %(rows)s BEFORE UPDATE OR DELETE ON %(table)s"
            + " FOR EACH ROW EXECUTE FUNCTION deskhero_append_only();"
            + "CREATE TRIGGER %(whole)s BEFORE TRUNCATE ON %(table)s"
            + " FOR EACH STATEMENT EXECUTE FUNCTION deskhero_append_only();",
            table=schema_editor.quote_name(model._meta.db_table),
            rows=schema_editor.quote_name(self.name),
            whole=schema_editor.quote_name(f"{self.name}_whole"),
        )

    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Statement:  # type: ignore[override]
        """Return the statements that open the table again."""
        assert model is not None  # noqa: S101 - the signature of Django is wider than its use
        assert schema_editor is not None  # noqa: S101
        return Statement(
            "DROP TRIGGER %(rows)s ON %(table)s; DROP TRIGGER %(whole)s ON %(table)s;",
            table=schema_editor.quote_name(model._meta.db_table),
            rows=schema_editor.quote_name(self.name),
            whole=schema_editor.quote_name(f"{self.name}_whole"),
        )

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to check on an instance: the database decides."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AppendOnly) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)
