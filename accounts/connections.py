"""Database connections are few: what waits for a slow line or for news gives its own back first."""

from django.db import connections


def release_connections() -> None:
    """Give this thread's connections back to their pool; one with an open transaction is left alone."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
