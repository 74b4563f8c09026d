"""Copies the bench's tickets in SQL: `python -m tests.bench.multiply TIMES` leaves TIMES as many as before.

Copies are older than every original. Their sealed texts are copied as they are, so nobody can open them: a seal knows
the row it belongs to. The pages that are measured show the newest, which are the originals; the copies are what a
database has to get past.
"""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django
from django.apps import apps
from django.db import connection, models
from psycopg import sql

RARE = "Q000777X"  # the search's rare word: found once, however large the desk
ROOTS = ("tickets.ticket", "mailbox.inboundemail", "mailbox.outboundemail")
SPAN = timedelta(minutes=250_000)  # of the originals
APART = 10_000_000  # between the numbers of one copy and the next


def copied() -> list[type[models.Model]]:
    """Return every model whose rows belong to a ticket or a mail, parents before children."""
    found = [apps.get_model(name) for name in ROOTS]
    ours = [model for app in ("mailbox", "tickets") for model in apps.get_app_config(app).get_models()]
    while more := [model for model in ours if model not in found and _belongs(model, found)]:
        found += more
    return found


def _belongs(model: type[models.Model], to: list[type[models.Model]]) -> bool:
    fields = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    return any(field.remote_field.model in to and field.remote_field.on_delete is models.CASCADE for field in fields)


def copy_of(model: type[models.Model], everything: list[type[models.Model]]) -> sql.Composed:
    """Return the statement that writes one more copy, the `turn`-th, of a table's original rows."""
    varied = set(_varied(model, everything))
    columns, values = [], []
    for field in model._meta.concrete_fields:
        column = sql.Identifier(field.column)
        columns.append(column)
        if field.primary_key or getattr(field.remote_field, "model", None) in everything or field.name in varied:
            values.append(_changed(field, column))
        elif isinstance(field, models.DateTimeField):
            values.append(sql.SQL("{} - %(turn)s * %(span)s").format(column))
        else:
            values.append(column)
    return sql.SQL("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {original}").format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(columns),
        values=sql.SQL(", ").join(values),
        original=sql.SQL("id = ANY(SELECT id FROM {})").format(sql.Identifier(_originals(model))),
    )


def copy_of_index() -> sql.Composed:
    """Return the statement that copies the search index likewise: same codes, ids as those of the copies."""
    model = apps.get_model("tickets.searchdocument")
    columns, values = [], []
    for field in model._meta.concrete_fields:
        column = sql.Identifier(field.column)
        columns.append(column)
        if field.name in ("id", "ticket_id"):
            values.append(_changed(field, column))
        else:
            values.append(sql.SQL("{} - %(turn)s * %(span)s").format(column) if field.name == "at" else column)
    return sql.SQL(
        "INSERT INTO tickets_searchdocument ({columns}) SELECT {values} FROM tickets_searchdocument"
        " WHERE id = ANY(SELECT id FROM original_index) AND NOT codes @@ %(rare)s::tsquery"
    ).format(columns=sql.SQL(", ").join(columns), values=sql.SQL(", ").join(values))


def rare_codes() -> str:
    """Return what finds the rare word under the key of any mailbox."""
    from mailbox.models import Mailbox
    from tickets.search.asking import books_of
    from tickets.search.expressions import as_query, either
    from tickets.search.wording import word_expressions

    books = books_of(Mailbox.objects.values_list("pk", flat=True))
    return as_query(either(word_expressions(RARE)), books)


def _originals(model: type[models.Model]) -> str:
    return f"original_{model._meta.db_table}"


def _varied(model: type[models.Model], everything: list[type[models.Model]]) -> Iterator[str]:
    """Yield a field of every rule of uniqueness that no key of a copied row makes unique already."""
    rules = [list(one.fields) for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    rules += [[field.name] for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    for rule in rules:
        fields = [model._meta.get_field(name) for name in rule]
        if any(getattr(field.remote_field, "model", None) in everything for field in fields):
            continue
        changeable = (models.BinaryField, models.IntegerField, models.CharField, models.UUIDField)
        yield from [field.name for field in fields if isinstance(field, changeable)][:1]


def _changed(field: models.Field, column: sql.Identifier) -> sql.Composed:  # type: ignore[type-arg]
    """Return another value of the same kind for the same row in another copy; null stays null."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(kind, models.UUIDField):  # the time it begins with stays, and with it the order in an index
        digest = sql.SQL("md5({0}::text || %(turn)s)").format(column)
        whole = sql.SQL("(left({0}::text, 19) || left({1}, 4) || '-' || right({1}, 12))::uuid")
        return whole.format(column, digest)
    if isinstance(kind, models.BinaryField):
        return sql.SQL("substr(sha256({0} || int4send(%(turn)s)), 1, 16)").format(column)
    if isinstance(kind, models.IntegerField):
        return sql.SQL("{0} + %(turn)s * {1}").format(column, sql.Literal(APART))
    return sql.SQL("{0} || '.' || %(turn)s").format(column)


def multiply(times: int) -> None:
    """Write times - 1 copies of every original row; foreign keys are not checked meanwhile."""
    everything = copied()
    with connection.cursor() as cursor:
        keys = _take_foreign_keys(cursor, everything)
        for model in everything:
            name, table = sql.Identifier(_originals(model)), sql.Identifier(model._meta.db_table)
            cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} AS SELECT id FROM {}").format(name, table))
        index = copy_of_index()
        cursor.execute("CREATE TEMPORARY TABLE original_index AS SELECT id FROM tickets_searchdocument")
        rare = rare_codes()
        for turn in range(1, times):
            for model in everything:
                cursor.execute(copy_of(model, everything), {"turn": turn, "span": SPAN})
            cursor.execute(index, {"turn": turn, "span": SPAN, "rare": rare})
            print(f"copy {turn} of {times - 1}", file=sys.stderr, flush=True)
        for statement in keys:
            cursor.execute(statement)


def _take_foreign_keys(cursor: Any, everything: list[type[models.Model]]) -> list[sql.Composed]:
    """Drop the foreign keys of these tables and return the statements that put them back, for new rows."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [[model._meta.db_table for model in everything]],
    )
    found = cursor.fetchall()
    for table, name, _ in found:
        cursor.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(*map(sql.Identifier, (table, name))))
    return [
        sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID").format(
            sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)
        )
        for table, name, definition in found
    ]


def main() -> None:
    """Multiply, then let new tickets be numbered after the copies."""
    django.setup()
    from tickets.models import Ticket, TicketSequence

    multiply(int(sys.argv[1]))
    last = Ticket.objects.aggregate(last=models.Max("number"))["last"]
    TicketSequence.objects.update(last=last)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
