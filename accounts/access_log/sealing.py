"""The sealer: gives each new event its number and its hash. Rings every ten seconds; a page never waits for it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.utils import timezone

from accounts.access_log.anchors import keep_head
from accounts.access_log.chain import EVENT_AS_BYTES, START, digest_of, follows
from accounts.models import AccessCheckpoint, AccessSeal
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organizations_with_access_since

BATCH = 5000
RECENT = timedelta(minutes=5)  # what every ring looks at; older events that wait are sealed by the hourly one
_LOCK = 0x61636365  # one sealer of an organization at a time

_UNSEALED = f"""
    SELECT e.id, {EVENT_AS_BYTES} FROM accounts_accessevent e
    WHERE e.organization_id = %s AND e.at > %s
      AND NOT EXISTS (SELECT FROM accounts_accessseal s WHERE s.event_id = e.id)
    ORDER BY e.at, e.id LIMIT {BATCH}
"""  # noqa: S608 - constants of ours
_INSERT = """
    INSERT INTO accounts_accessseal (event_id, organization_id, number, digest, hash)
    SELECT event_id, %s, number, digest, hash
    FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[], %s::bytea[]) AS sealed (event_id, number, digest, hash)
"""


def seal_access_log(since: datetime | None = None) -> int:
    """Seal what every organization's log has got since then, and return how many events that were."""
    since = since or timezone.now() - RECENT
    return sum(seal_organization(pk, since) for pk in organizations_with_access_since(since))


def seal_organization(organization_id: UUID, since: datetime | None = None) -> int:
    """Seal the events of one organization that have no seal, in the order of their times; repeats without harm."""
    since, sealed = since or timezone.now() - RECENT, 0
    while True:
        with organization_scope(organization_id):
            rows = _seal_batch(organization_id, since)
        sealed += rows
        if rows < BATCH:
            return sealed


def head_of(organization_id: UUID) -> tuple[int, bytes]:
    """Return number and hash of the newest seal, or of the checkpoint that the next one follows."""
    seal = AccessSeal.objects.filter(organization_id=organization_id).order_by("-number").first()
    checkpoint = AccessCheckpoint.objects.filter(organization_id=organization_id).order_by("-number", "-pk").first()
    heads = [(one.number, bytes(one.hash)) for one in (seal, checkpoint) if one is not None]
    return max(heads, default=(0, START), key=lambda head: head[0])


def _seal_batch(organization_id: UUID, since: datetime) -> int:
    cursor = psycopg.Cursor(_raw())
    found = cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, str(organization_id)])
    if found.fetchone() != (True,):
        return 0  # another worker is at it
    rows = cursor.execute(_UNSEALED, [organization_id, since]).fetchall()
    if not rows:
        return 0
    number, head = head_of(organization_id)
    ids, numbers, digests, hashes = [], [], [], []
    for event_id, event in rows:
        number, digest = number + 1, digest_of(event)
        head = follows(head, number, event_id.bytes, digest)
        ids.append(event_id)
        numbers.append(number)
        digests.append(digest)
        hashes.append(head)
    cursor.execute(_INSERT, [organization_id, ids, numbers, digests, hashes])
    keep_head(organization_id, number, head)
    return len(rows)


def _raw() -> Any:
    """Return the connection itself: parameters and answers as bytes, not as text."""
    connection.ensure_connection()
    return connection.connection
