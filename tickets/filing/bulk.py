"""Saving changes of many rows with one statement, sealed columns included."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from django.db import connection, models

_Row = TypeVar("_Row", bound=models.Model)


def save_many(rows: Collection[_Row], fields: Sequence[str]) -> None:
    """Write these fields of saved rows of one model; as save(update_fields=...) on each, without its signals."""
    if not rows:
        return
    meta = next(iter(rows))._meta
    columns = [meta.get_field(name) for name in fields]
    assert all(isinstance(column, models.Field) for column in columns)  # noqa: S101 - told to the type checker
    written: list[models.Field] = [meta.pk, *columns]  # type: ignore[list-item]
    names = [connection.ops.quote_name(str(column.column)) for column in written]
    place = "(" + ", ".join(f"%s::{_type(column)}" for column in written) + ")"
    values = [_value(column, row) for row in rows for column in written]
    table = connection.ops.quote_name(meta.db_table)
    settings = ", ".join(f"{name} = given.{name}" for name in names[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET {settings} FROM (VALUES {', '.join([place] * len(rows))})"  # noqa: S608 - our names
            f" AS given ({', '.join(names)}) WHERE kept.{names[0]} = given.{names[0]}",
            values,
        )


def _type(column: models.Field) -> str:
    return str(column.db_type(connection)).partition("(")[0]


def _value(column: models.Field, row: models.Model) -> Any:
    value = getattr(row, column.attname) if column.primary_key else column.pre_save(row, add=False)
    return column.get_db_prep_save(value, connection)
