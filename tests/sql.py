"""Counting what a page asks the database; opening and closing a scope is not counted (DESIGN 2b)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.test.utils import CaptureQueriesContext

FREE = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ", "SELECT SET_CONFIG")


class Counted(list[str]):
    """The statements of a block, in order."""


@contextmanager
def counted_sql(alias: str = "default") -> Iterator[Counted]:
    """Collect the statements that count."""
    statements = Counted()
    with CaptureQueriesContext(connections[alias]) as captured:
        yield statements
    found = (query["sql"] for query in captured.captured_queries)
    statements.extend(sql for sql in found if not sql.upper().lstrip().startswith(FREE))
