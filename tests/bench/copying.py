"""Many rows at once: unsaved instances go through their fields' own sealing and then through COPY."""

from collections.abc import Iterable

from django.db import connection, models
from psycopg import sql


def copy_rows(model: type[models.Model], instances: Iterable[models.Model]) -> None:
    """Write the instances as bulk_create would, sealed fields sealed, a few times as fast."""
    fields = model._meta.concrete_fields
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for instance in instances:
            row = []
            for field in fields:
                value = field.pre_save(instance, add=True)
                row.append(value.pk if isinstance(value, models.Model) else value)
            copy.write_row(row)
