"""The alarm of day 25: a deletion that is not finished is told to the operator, once and by ids."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from privacy import clock
from privacy.deletion.due import late_jobs
from privacy.models import DeletionJob

logger = logging.getLogger(__name__)


def raise_alarms() -> list[DeletionJob]:
    """Log every job that is in danger of being late, mark it for the DPO's list, and mail DPO_EMAIL; return them."""
    late = late_jobs(clock.now())
    for job in late:
        logger.error(
            "Deletion %s of %s %s is not finished and is due at %s", job.pk, job.scope, job.target_id, job.due_at
        )
        DeletionJob.objects.filter(pk=job.pk).update(alarmed_at=clock.now())
    if late and settings.DPO_EMAIL:
        _mail(late)
    return late


def _mail(late: list[DeletionJob]) -> None:
    lines = [f"{job.pk}: {job.get_scope_display()}, due {job.due_at:%Y-%m-%d}. {job.waits_for}" for job in late]
    body = "These deletions are not finished and are due soon:\n\n" + "\n".join(lines) + f"\n\n{settings.URL}/admin/\n"
    try:
        EmailMessage("Deletions that are late", body, to=[settings.DPO_EMAIL]).send()
    except (SMTPException, OSError) as error:
        logger.error("The alarm could not be mailed: %s", type(error).__name__)
