"""One at a time: who files, merges or splits in an organization waits for the others (docs/adr/0007)."""

from uuid import UUID

from django.db import connection


def serialize_filing(organization_id: UUID) -> None:
    """Wait until nobody else files mail of this organization, and hold that place until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(organization_id)])
