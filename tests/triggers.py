"""Tables that only take rows, opened as their owner can open them: for emptying them, and for playing the attacker."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import transaction

from accounts.tenancy.append_only import AppendOnly


@contextmanager
def switched_off(connection: Any) -> Iterator[None]:
    """Switch the triggers of every such table off for the block; they are on again with its transaction."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if any(isinstance(one, AppendOnly) for one in model._meta.constraints)
    ]
    there = set(connection.introspection.table_names()) & set(tables)
    with transaction.atomic(using=connection.alias):
        _switch(connection, there, "DISABLE")
        yield
        _switch(connection, there, "ENABLE")


def _switch(connection: Any, tables: set[str], how: str) -> None:
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER USER")
