"""Verification: reads the whole log again and names every row that was edited, deleted, moved, added or cut off."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from accounts.access_log.anchors import anchored_organizations, read_anchors
from accounts.access_log.chain import EVENT_AS_BYTES, START, digest_of, follows, is_signed
from accounts.access_log.sealing import BATCH
from accounts.models import AccessCheckpoint
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organizations_with_access_log

WAITING = timedelta(hours=2)  # an event without a seal for longer was put in by hand, or the sealer stands still
MOST = 1000  # faults named one by one

_CHAIN = f"""
    SELECT s.number, uuid_send(s.event_id), s.digest, s.hash, {EVENT_AS_BYTES}, e.id IS NULL
    FROM accounts_accessseal s LEFT JOIN accounts_accessevent e ON e.id = s.event_id
    WHERE s.organization_id = %s ORDER BY s.number
"""  # noqa: S608 - constants of ours
_UNSEALED = """
    SELECT e.id FROM accounts_accessevent e WHERE e.organization_id = %s AND e.at < %s
      AND NOT EXISTS (SELECT FROM accounts_accessseal s WHERE s.event_id = e.id)
    ORDER BY e.id LIMIT %s
"""


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was written."""

    kind: str  # edited, deleted, moved, missing, added, cut, rewritten, forged
    number: int  # the place in the chain; 0 where it has none
    event_id: UUID | None
    said: str

    def __str__(self) -> str:
        row = f" row {self.number}" if self.number else ""
        event = f" (event {self.event_id})" if self.event_id else ""
        return f"{self.kind}{row}{event}: {self.said}"


@dataclass
class Report:
    """What one organization's log looks like."""

    organization_id: UUID
    rows: int = 0
    number: int = 0
    hash: bytes = START
    faults: list[Fault] = field(default_factory=list)

    def add(self, kind: str, number: int, event_id: UUID | None, said: str) -> None:
        """Note a fault; beyond a thousand only that there are more would be said."""
        if len(self.faults) < MOST:
            self.faults.append(Fault(kind, number, event_id, said))


def verify_all(organization_id: UUID | None = None) -> Iterator[Report]:
    """Verify one log, or all: those with rows and those whose heads are kept outside."""
    chosen = {organization_id} if organization_id else {*organizations_with_access_log(), *anchored_organizations()}
    for pk in sorted(chosen):
        yield verify_organization(pk)


def verify_organization(organization_id: UUID) -> Report:
    """Return what is wrong with the log of one organization; each row that is, by its number and id."""
    report = Report(organization_id)
    kept = list(read_anchors(organization_id))
    witnesses = {one.number: one for one in kept if one is not None}
    with organization_scope(organization_id):
        checkpoints = list(AccessCheckpoint.objects.filter(organization_id=organization_id).order_by("number", "pk"))
        _begin(report, checkpoints)
        jumps = {one.number: one for one in checkpoints if one.reason == AccessCheckpoint.Reason.RESTORE}
        seen: dict[int, bytes] = {report.number: report.hash}
        for row in _chain(organization_id):
            _look_at(report, row, jumps)
            if report.number in witnesses:
                seen[report.number] = report.hash
        _unsealed(report)
    if forged := kept.count(None):
        report.add("forged", 0, None, f"{forged} lines of its anchors are not signed by us: they were written over")
    for number, anchor in sorted(witnesses.items()):
        if number > report.number and not any((one.lost_number or 0) >= number for one in jumps.values()):
            report.add(
                "cut", number, None, f"rows {report.number + 1} to {number} are gone; they were there {anchor.at}"
            )
        elif number in seen and seen[number] != anchor.hash:
            report.add("rewritten", number, None, f"the chain up to here is not the one of {anchor.at}")
    return report


def _begin(report: Report, checkpoints: list[AccessCheckpoint]) -> None:
    """Start where retention let the chain begin; a checkpoint that is not signed by us is none."""
    for one in checkpoints:
        if not is_signed(bytes(one.signature), one.reason, report.organization_id, one.number, bytes(one.hash)):
            report.add("rewritten", one.number, None, "this checkpoint is not signed by us")
        elif one.reason == AccessCheckpoint.Reason.RETENTION:
            report.number, report.hash = one.number, bytes(one.hash)


def _look_at(report: Report, row: tuple[Any, ...], jumps: dict[int, AccessCheckpoint]) -> None:
    number, event_id, digest, head, event, is_gone = row  # the id as bytes: a UUID is made only where it is named
    if number <= report.number and not report.rows:
        return  # let go of, and not deleted yet
    expected = report.number + 1
    before = report.hash
    if number > expected and number - 1 in jumps:  # the chain goes on after a restore
        expected, before = number, bytes(jumps[number - 1].hash)
    if number != expected:
        said = f"rows {expected} to {number - 1} are missing" if number > expected else "this number stands twice"
        report.add("missing", expected, None, said)
    elif follows(before, number, event_id, digest) != head:
        report.add(
            "moved", number, UUID(bytes=event_id), "its seal does not follow from the one before: moved, or edited"
        )
    if is_gone:
        report.add("deleted", number, UUID(bytes=event_id), "the event of this seal is gone")
    elif digest_of(event) != digest:
        report.add("edited", number, UUID(bytes=event_id), "it does not say what it said when it was sealed")
    report.number, report.hash = number, head
    report.rows += 1


def _chain(organization_id: UUID) -> Iterator[tuple[Any, ...]]:
    """Yield every seal with its event, in order, a batch in memory at a time."""
    connection.ensure_connection()
    with transaction.atomic(), psycopg.ServerCursor(connection.connection, "access_chain") as cursor:
        cursor.itersize = BATCH
        cursor.execute(_CHAIN, [organization_id], binary=True)
        yield from cursor


def _unsealed(report: Report) -> None:
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(_UNSEALED, [report.organization_id, timezone.now() - WAITING, MOST])
        for (event_id,) in cursor:
            report.add("added", 0, event_id, "it has no seal though it is hours old: put in by hand, or never sealed")
