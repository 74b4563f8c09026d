"""Strangers: tables that nobody declared. A job that cannot know what lies in them is never done."""

from typing import Any

from django.db import connection
from psycopg import sql

from privacy import kin
from privacy.declarations import declaration

OF_DJANGO = frozenset({"django_migrations"})  # names of migrations and times
_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
    ORDER BY c.relname
"""


def strangers() -> list[str]:
    """Return the tables of the database with rows in them that no model declares; as the owner of the tables."""
    declared = {model._meta.db_table for model in kin.all_models() if declaration(model)} | OF_DJANGO
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        unknown = [name for (name,) in cursor.fetchall() if name not in declared]
        return [name for name in unknown if _has_rows(cursor, name)]


def _has_rows(cursor: Any, name: str) -> bool:
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(name)))
    return bool(cursor.fetchone()[0])
