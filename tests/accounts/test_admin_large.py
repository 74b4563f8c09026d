"""Every list of the operator's desk with 100,000 rows: few statements, and none that reads the table."""

import json
import statistics
import time
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from psycopg import sql

from accounts.admin_lists import COUNTED
from tests.guards.world import make_world
from tests.sql import counted_sql

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.timeout(900)]
ROWS = 100_000
STATEMENTS = 14
# There are never many of these: a few a day for a year, a few a year.
FEW = {"privacy.Backup", "privacy.CertificateKey", "privacy.Drill"}
READ = COUNTED + 5_000  # rows one step of a plan may touch: the bounded count, and the page


COPY = (
    "INSERT INTO {table} ({columns}) SELECT {values} FROM (TABLE {table} LIMIT 1) one, generate_series(1, {rows}) n",
    "ANALYZE {table}",
    "SELECT count(*) FROM {table}",
)
REFERENCES = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('f', 'c')"


def unique_fields(model: type[models.Model]) -> set[str]:
    """Return the columns that differ from row to row: keys, and the last column of every uniqueness."""
    found = {field.name for field in model._meta.concrete_fields if field.unique}
    for one in model._meta.constraints:
        if isinstance(one, models.UniqueConstraint) and one.fields:
            numbers = [name for name in one.fields if isinstance(model._meta.get_field(name), models.IntegerField)]
            ids = [name for name in one.fields if name.endswith("_id")]
            found.add((numbers or ids or [one.fields[-1]])[-1])
    return found


def multiply(model: type[models.Model], rows: int = ROWS) -> int:
    """Copy the first row of a table in SQL, without triggers or references, and return how many rows there are."""
    vary = unique_fields(model)
    values = [_varied(field) if field.name in vary else _later(field) for field in model._meta.concrete_fields]
    names = {
        "table": sql.Identifier(model._meta.db_table),
        "columns": sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in model._meta.concrete_fields),
        "values": sql.SQL(", ").join(values),
        "rows": sql.Literal(rows),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql.SQL("ALTER TABLE {table} DISABLE TRIGGER USER").format(**names))
        cursor.execute(REFERENCES, [model._meta.db_table])
        for (name,) in cursor.fetchall():
            drop = sql.SQL("ALTER TABLE {table} DROP CONSTRAINT {name}")
            cursor.execute(drop.format(name=sql.Identifier(name), **names))
        for statement in COPY:
            cursor.execute(sql.SQL(statement).format(**names))
        return int(cursor.fetchone()[0])


def _varied(field: Any) -> sql.Composable:
    kind = str(field.db_type(connection))
    if kind == "uuid":
        return sql.SQL("gen_random_uuid()")
    if kind == "bytea":
        return sql.SQL("decode(md5(n::text), 'hex')")
    return sql.SQL("1000 + n") if "int" in kind else sql.SQL("'x' || n")


def _later(field: Any) -> sql.Composable:
    column = sql.SQL("one.{}").format(sql.Identifier(str(field.column)))
    if isinstance(field, models.DateTimeField):
        return sql.SQL("{} - n * interval '1 second'").format(column)
    return column


def most_read(statement: str) -> int:
    """Run a statement, and return the most rows that one step of its plan touched."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}".replace("%", "%%"), [])
        (answer,) = cursor.fetchone()
    plan = json.loads(answer) if isinstance(answer, str) else answer
    return max(_touched(plan[0]["Plan"]))


def _touched(node: dict[str, Any]) -> list[int]:
    touched = int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node.get("Actual Loops", 1))
    return [touched, *(rows for child in node.get("Plans", []) for rows in _touched(child))]


def test_the_measure_sees_a_table_that_is_read_to_its_end() -> None:
    assert most_read("SELECT count(*) FROM generate_series(1, 20000) n WHERE n % 7 = 1") >= 20_000


def faults(url: str, client: Client) -> tuple[list[str], str]:
    """Open a list, and return what makes it slow, and its figures."""
    client.get(url)
    with counted_sql() as statements:
        assert client.get(url).status_code == 200, url
    # What is prepared once finds one row by its key: the session, the person.
    read = {one: most_read(one) for one in statements if one.startswith("SELECT") and "$1" not in one}
    found = [f"{url}: reads {rows:,} rows: {one[:300]}" for one, rows in read.items() if rows > READ]
    if len(statements) > STATEMENTS:
        found.append(f"{url}: {len(statements)} statements")
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        client.get(url)
        times.append(1000 * (time.perf_counter() - begun))
    most = max(read.values(), default=0)
    return found, f"{url}: {len(statements)} statements, {most:,} rows, p50 {statistics.median(times):.0f} ms"


def test_every_list_stays_quick_with_100_000_rows(as_staff: Client) -> None:
    make_world("Acme")
    slow, figures, empty = [], [], []
    for model in list(admin.site._registry):
        if model._meta.label in FEW or not model._base_manager.exists() or multiply(model) < ROWS:
            empty.append(model._meta.label)
            continue
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        found, figure = faults(reverse(f"admin:{name}_changelist"), as_staff)
        slow += found
        figures.append(figure)

    print("\n".join(figures))
    assert not slow, "\n".join(slow)
    assert set(empty) <= FEW
