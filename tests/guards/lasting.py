"""Rows that last for the tests of a module: written once, each test begins with them, none changes them for others."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from typing import Any, TypeVar

from django.db import connections, transaction

Made = TypeVar("Made")


@contextmanager
def lasting(blocker: Any, make: Callable[[], Made]) -> Iterator[Made]:
    """Make rows in a transaction around the tests of a module, and roll it back after the last.

    A test's own transaction becomes a savepoint within it: for modules whose tests all run in one.
    """
    with blocker.unblock(), ExitStack() as around:
        for alias in connections:
            around.enter_context(transaction.atomic(using=alias))
        yield make()
        for alias in connections:
            transaction.set_rollback(True, using=alias)


def fresh(made: Made) -> Made:
    """Return the objects as they were made, so that what one test does to them no other sees."""
    return deepcopy(made)
