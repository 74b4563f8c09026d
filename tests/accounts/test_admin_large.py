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

from accounts.admin_lists import COUNTED
from tests.guards.world import make_world
from tests.sql import counted_sql

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.timeout(900)]
ROWS = 100_000
STATEMENTS = 14
READ = COUNTED + 5_000  # rows one step of a plan may touch: the bounded count, and the page


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
    quote, table, vary = connection.ops.quote_name, model._meta.db_table, unique_fields(model)
    values = []
    for field in model._meta.concrete_fields:
        column = f"one.{quote(field.column)}"
        kind = str(field.db_type(connection))
        if field.name in vary:
            column = {"uuid": "gen_random_uuid()"}.get(kind, f"1000 + n::{kind}" if "int" in kind else "'x' || n")
        elif isinstance(field, models.DateTimeField):
            column = f"{column} - n * interval '1 second'"
        values.append(column)
    columns = ", ".join(quote(field.column) for field in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO {quote(table)} ({columns}) SELECT {', '.join(values)} "
            f"FROM (SELECT * FROM {quote(table)} LIMIT 1) one, generate_series(1, {rows}) n"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(f"ANALYZE {quote(table)}")
        cursor.execute(f"SELECT count(*) FROM {quote(table)}")
        return int(cursor.fetchone()[0])


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


def test_every_list_stays_quick_with_100_000_rows(as_staff: Client) -> None:
    make_world("Acme")
    slow, figures = [], []
    for model in list(admin.site._registry):
        label, url = model._meta.label, reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        )  # fmt: skip
        if not model._base_manager.exists() or multiply(model) < ROWS:
            slow.append(f"{label}: has no rows to look at")
            continue
        as_staff.get(url)
        with counted_sql() as statements:
            answer = as_staff.get(url)
        assert answer.status_code == 200, label
        if len(statements) > STATEMENTS:
            slow.append(f"{label}: {len(statements)} statements")
        for statement in statements:
            if statement.startswith("SELECT") and (read := most_read(statement)) > READ:
                slow.append(f"{label}: reads {read:,} rows: {statement[:300]}")
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            as_staff.get(url)
            times.append(1000 * (time.perf_counter() - begun))
        figures.append(f"{label}: {len(statements)} statements, p50 {statistics.median(times):.0f} ms")

    print("\n".join(figures))
    assert not slow, "\n".join(slow)
