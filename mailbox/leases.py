"""One worker for one mailbox: a lock that the database lets go of by itself when the worker dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

_NAMESPACE = 0x6D61696C  # "mail": apart from the other advisory locks of this database


@contextmanager
def only_one(mailbox_id: UUID) -> Iterator[bool]:
    """Yield True to the one that may work on this mailbox now, False to everybody else, without waiting."""
    number = int.from_bytes(mailbox_id.bytes[-4:], "big", signed=True)  # the random end of the id
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_NAMESPACE, number])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_NAMESPACE, number])
