"""Letting old rows of the log go, behind a signed checkpoint that says where the chain begins since."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.access_log.anchors import forget_anchors
from accounts.access_log.chain import signature_of
from accounts.models import AccessAlert, AccessCheckpoint, AccessEvent, AccessGrant, AccessSeal
from accounts.tenancy.append_only import SETTING
from accounts.tenancy.doors import organizations_with_access_log

BATCH = 10_000
Reason = AccessCheckpoint.Reason


def let_go(now: datetime | None = None, *, dry_run: bool = False) -> int:
    """Delete what is older than its term in every organization's log, and return how many rows that were (would be)."""
    before = (now or timezone.now()) - timedelta(days=settings.ACCESS_LOG_DAYS)
    gone = sum(let_go_of(pk, before, dry_run=dry_run) for pk in organizations_with_access_log())
    if not dry_run:
        AccessAlert.objects.filter(at__lt=before).delete()
        AccessGrant.objects.filter(asked_at__lt=before).delete()
    return gone


def let_go_of(organization_id: UUID, before: datetime, *, dry_run: bool = False) -> int:
    """Delete the oldest rows of one log up to a moment: first the checkpoint, then rows, in batches.

    It goes by the chain, not by time alone: what is not sealed stays, and the chain is never cut in its middle.
    """
    seals = AccessSeal.objects.filter(organization_id=organization_id)
    old = AccessEvent.objects.filter(organization_id=organization_id, at__lt=before)
    last = seals.filter(event_id__in=old.values("pk")).order_by("-number").first()
    if last is None:
        return 0
    kept = AccessEvent.objects.filter(organization_id=organization_id, at__gte=before).values("pk")
    first_kept = seals.filter(event_id__in=kept).order_by("number").first()
    if first_kept is not None and first_kept.number <= last.number:  # sealed out of turn: the younger one stays
        last = seals.filter(number=first_kept.number - 1).first()
        if last is None:
            return 0
    due = seals.filter(number__lte=last.number)
    if dry_run:
        return due.count()
    with transaction.atomic():
        AccessCheckpoint.objects.create(
            organization_id=organization_id,
            reason=Reason.RETENTION,
            number=last.number,
            hash=bytes(last.hash),
            signature=signature_of(Reason.RETENTION, organization_id, last.number, bytes(last.hash)),
        )
    gone = 0
    while batch := list(due.order_by("number").values_list("event_id", flat=True)[:BATCH]):
        with transaction.atomic():
            _delete(AccessEvent._meta.db_table, "id", batch)
            _delete(AccessSeal._meta.db_table, "event_id", batch)
        gone += len(batch)
    with transaction.atomic():
        older = AccessCheckpoint.objects.filter(organization_id=organization_id, number__lt=last.number)
        _delete(AccessCheckpoint._meta.db_table, "id", list(older.values_list("pk", flat=True)))
    if not AccessEvent.objects.filter(organization_id=organization_id).exists():
        forget_anchors(organization_id)
    return gone


def _delete(table: str, column: str, ids: list[UUID]) -> None:
    """Delete rows by the one path that the triggers let through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, table])
        cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [ids])  # noqa: S608 - names of our own models
        cursor.execute("SELECT set_config(%s, '', true)", [SETTING])
