"""Doorbells of the promises: they take ids, call one action, and say when to ring again."""

from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organization_ids
from privacy import clock
from privacy.actions.keep_backups import take_due_backups
from privacy.actions.run_drill import drill_if_due
from privacy.actions.run_job import run_job
from privacy.actions.run_retention import run_retention
from privacy.actions.tell_owners import tell_certificate, tell_decision
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


@shared_task
def make_export(organization_id: str, export_id: str) -> None:
    """Make the file of everything an organization has; nothing where it is made already."""
    from privacy.actions.export import write_export  # which queues this task

    write_export(UUID(organization_id), UUID(export_id))


@shared_task
def sweep_exports() -> None:
    """Delete files that expired or were taken, and go on with what lost its worker."""
    from privacy.actions.export import clear_up_exports

    for organization_id in organization_ids():
        with organization_scope(organization_id):
            lost = clear_up_exports(organization_id, timezone.now())
        for export_id in lost:
            make_export.delay(str(organization_id), str(export_id))


@shared_task(autoretry_for=[SMTPException, OSError], retry_backoff=True, max_retries=8)
def mail_decision(organization_id: str, decision_id: str) -> None:
    """Tell the owners what was decided about an earlier deletion."""
    tell_decision(UUID(organization_id), UUID(decision_id))


@shared_task(autoretry_for=[SMTPException, OSError], retry_backoff=True, max_retries=8)
def mail_certificate(organization_id: str, certificate_id: str) -> None:
    """Tell the owners that a deletion is done and proven."""
    tell_certificate(UUID(organization_id), UUID(certificate_id))
