"""Doorbells of the promises: they take ids, call one action, and say when to ring again."""

from uuid import UUID

from celery import shared_task

from privacy import clock
from privacy.actions.keep_backups import take_due_backups
from privacy.actions.run_drill import drill_if_due
from privacy.actions.run_job import run_job
from privacy.actions.run_retention import run_retention
from privacy.backups.expire import sweep_files
from privacy.deletion.due import due_jobs

SECONDS = 50  # of one run, so that a deletion of a million mails holds no worker for an hour


@shared_task
def sweep_deletions() -> None:
    """Ring for every deletion whose time has come or that is under way."""
    for organization_id, job_id in due_jobs(clock.now()).values_list("organization_id", "pk"):
        work_on_deletion.apply_async([str(organization_id), str(job_id)], expires=SECONDS)


@shared_task
def work_on_deletion(organization_id: str, job_id: str) -> None:
    """Go on with a deletion for a while; ring again at once where more is to be done."""
    if run_job(UUID(job_id), seconds=SECONDS).more:
        work_on_deletion.delay(organization_id, job_id)


@shared_task
def keep_promises() -> None:
    """Do everything about time that is due: notices, rules, backups, released holds, alarms."""
    run_retention(seconds=SECONDS)


@shared_task
def take_backups() -> None:
    """Take what this day has not yet, the vault's last, and verify it."""
    take_due_backups()


@shared_task
def drill_restore() -> None:
    """Every four weeks bring the newest backup back into a scratch database; sweep stored files that nobody names."""
    if drill_if_due() is not None:
        sweep_files()
