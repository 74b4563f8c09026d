"""Keeping the promises about time: what the scheduled task does, and people by hand. It catches up after any outage."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from privacy import clock
from privacy.actions.raise_alarms import raise_alarms
from privacy.actions.run_job import run_job
from privacy.actions.tell_of_revoked import tell_of_revoked
from privacy.deletion.counting import count_everything
from privacy.deletion.due import due_jobs, late_jobs
from privacy.models import DeletionJob

logger = logging.getLogger(__name__)


@dataclass
class Report:
    """What a run did, or would do: numbers, ids and our own sentences."""

    now: str
    dry_run: bool
    jobs: list[dict[str, Any]] = field(default_factory=list)
    done: dict[str, Any] = field(default_factory=dict)  # part -> what it says
    failed: dict[str, str] = field(default_factory=dict)  # part -> name of the error
    more: bool = False  # there was not enough time for all of it


def run_retention(*, dry_run: bool = False, seconds: float | None = None) -> Report:
    """Do everything that is due at the clock's moment. One part that fails stops no other, and is tried again.

    Everything looks for what is due now or was due at any time before, and does nothing a second time.
    """
    report = Report(clock.now().isoformat(), dry_run)
    parts: dict[str, Callable[[Report, float | None], Any]] = {
        "notices": lambda *_: None if dry_run else tell_of_revoked(),
        "releases": _end_holds,
        "reviews": _remind_of_reviews,
        "deletions": _run_jobs,
        "rules": _run_rules,
        "backups": _expire_backups,
        "alarms": _raise_alarms,
    }
    for name, part in parts.items():
        try:
            report.done[name] = part(report, seconds)
        except Exception as error:
            logger.exception("Retention: %s broke off", name)
            report.failed[name] = type(error).__name__
    return report


def _run_jobs(report: Report, seconds: float | None) -> int:
    jobs = list(due_jobs(clock.now()))
    until = None if seconds is None else time.monotonic() + seconds
    for job in jobs:
        if report.dry_run:
            report.jobs.append(_told(job) | {"counts": {k: v for k, v in count_everything(job).items() if v}})
            continue
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            report.more = True
            break
        report.more |= run_job(job.pk, seconds=left).more
        job.refresh_from_db()
        report.jobs.append(_told(job))
    return len(report.jobs)


def _told(job: DeletionJob) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "scope": job.scope,
        "target": str(job.target_id),
        "state": job.state,
        "due_at": job.due_at.isoformat(),
        "waits_for": job.waits_for,
    }


def _end_holds(report: Report, seconds: float | None) -> Any:
    from privacy.actions.end_holds import end_released_holds

    return len(end_released_holds(clock.now(), dry_run=report.dry_run))


def _remind_of_reviews(report: Report, seconds: float | None) -> Any:
    from privacy.actions.remind_reviews import remind_of_reviews

    return 0 if report.dry_run else len(remind_of_reviews(clock.now()))


def _run_rules(report: Report, seconds: float | None) -> Any:
    from privacy.actions.run_rules import run_rules

    return run_rules(clock.now(), dry_run=report.dry_run)


def _expire_backups(report: Report, seconds: float | None) -> Any:
    from privacy.backups.expire import expire

    return expire(clock.now(), dry_run=report.dry_run)


def _raise_alarms(report: Report, seconds: float | None) -> int:
    return len(late_jobs(clock.now()) if report.dry_run else raise_alarms())
