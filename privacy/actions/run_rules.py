"""The retention rules of all organizations are carried out: at the scheduled hour, or at a given moment."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organization_ids
from privacy.holding import exclude_held, take_turn
from privacy.models import RetentionRule, RetentionRun
from privacy.retention.due import due, preview
from privacy.retention.erasing import Gone, anonymise_ticket, delete_contact, delete_ticket, remove_files
from privacy.retention.remembering import remember

log = logging.getLogger(__name__)
BATCH = 25  # things in a transaction: pages never wait for a run
ERRORS_LISTED = 200
REPORTS_KEPT = timedelta(days=3 * 366)
Kind, Does = RetentionRule.Kind, RetentionRule.Does
# Files before the tickets they hang on, and contacts last: a ticket that goes may leave its contact without one.
ORDER = [Kind.FILES, Kind.SPAM, Kind.CLOSED, Kind.CONTACTS]


@dataclass(frozen=True)
class Report:
    """What one rule did, or would do: ids, a kind and numbers."""

    organization_id: UUID
    kind: str
    found: int
    done: int
    held: int
    failed: int
    counts: dict[str, int]


def run_rules(now: datetime | None = None, *, dry_run: bool = False) -> list[Report]:
    """Carry out every confirmed rule in force at this moment; with `dry_run` say what it would do, and change nothing.

    Outside any scope. Running it again finds nothing left; one that was killed goes on; a rule that breaks stops none
    of the others, and a row that cannot be deleted is listed and stops nothing.
    """
    now = now or timezone.now()
    reports = []
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            rules = sorted(RetentionRule.objects.in_force(), key=lambda rule: ORDER.index(Kind(rule.kind)))
        for rule in rules:
            try:
                reports.append(_looked_at(rule, now) if dry_run else _run(rule, now))
            except Exception:
                log.exception("The retention rule %s broke off.", rule.pk)
    return reports


def _looked_at(rule: RetentionRule, now: datetime) -> Report:
    with organization_scope(rule.organization_id):
        seen = preview(rule, now)
    return Report(rule.organization_id, rule.kind, seen.due, 0, seen.held, 0, {})


def _run(rule: RetentionRule, now: datetime) -> Report:
    _finish_broken_off(rule)
    with organization_scope(rule.organization_id):
        seen = preview(rule, now)
        newest = rule.changes.order_by("-version").first()
        started = timezone.now()
        run = RetentionRun.objects.create(
            organization_id=rule.organization_id,
            rule=rule,
            version=newest.version if newest else 0,
            due_before=rule.before(now),
            started_at=started,
            moved_at=started,
            found=seen.due,
            held=seen.held,
        )
        RetentionRun.objects.filter(rule=rule, started_at__lt=started - REPORTS_KEPT).delete()
    for _batch in _batches(rule, run, now):
        _remove_files(run)
    with organization_scope(rule.organization_id):
        run.finished_at = run.moved_at = timezone.now()
        run.save()
    return Report(run.organization_id, rule.kind, run.found, run.done, run.held, run.failed, run.counts)


def _batches(rule: RetentionRule, run: RetentionRun, now: datetime) -> Iterator[None]:
    """Do one batch after the other, each in a transaction that holds the turn: a hold is placed between two of them."""
    last: UUID | None = None
    while True:
        with organization_scope(rule.organization_id):
            take_turn(rule.organization_id)
            going = exclude_held(due(rule, now)).order_by("pk")
            rows = list(going[:BATCH] if last is None else going.filter(pk__gt=last)[:BATCH])
            if not rows:
                return
            last = rows[-1].pk
            remember(rule, run, rows)
            _erase(rule, run, rows, now)
        yield


def _erase(rule: RetentionRule, run: RetentionRun, rows: Sequence[Any], now: datetime) -> None:
    counts, files = Counter(run.counts), list(run.files_due)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")  # a row that somebody holds is left for the next run
    for row in rows:
        try:
            with transaction.atomic():
                row.lock()
                if not due(rule, now).filter(pk=row.pk).exists():  # opened again a moment ago
                    continue
                gone = _one(rule, row, now)
                connection.check_constraints()  # here, where only this row pays for it, and not at the commit
        except Exception as error:  # noqa: BLE001 - whatever it is, one bad row never stops a run
            log.warning("Retention: %s %s could not go: %s.", row._meta.label, row.pk, type(error).__name__)
            run.failed += 1
            run.errors = [*run.errors, [str(row.pk), type(error).__name__]][:ERRORS_LISTED]
            continue
        counts.update(gone.counts)
        counts["files"] += len(gone.files)
        files += [file.path for file in gone.files]
        run.done += 1
    run.counts, run.files_due, run.moved_at = dict(counts), files, timezone.now()
    run.save()


def _one(rule: RetentionRule, row: Any, now: datetime) -> Gone:
    if rule.kind == Kind.FILES:
        return remove_files(row, now)
    if rule.kind == Kind.CONTACTS:
        return delete_contact(row)
    return anonymise_ticket(row, now) if rule.does == Does.ANONYMISE else delete_ticket(row)


def _remove_files(run: RetentionRun) -> None:
    """Remove the files of rows that are gone; their names stay noted until all of them are."""
    if not run.files_due:
        return
    for path in run.files_due:
        default_storage.delete(path)
    with organization_scope(run.organization_id):
        run.files_due = []
        run.save(update_fields=["files_due"])


def _finish_broken_off(rule: RetentionRule) -> None:
    """Do what a run that was killed had left: the files of rows it had deleted."""
    with organization_scope(rule.organization_id):
        broken = list(RetentionRun.objects.filter(rule=rule, finished_at=None))
    for run in broken:
        _remove_files(run)
        with organization_scope(rule.organization_id):
            run.finished_at = run.moved_at
            run.save(update_fields=["finished_at"])
