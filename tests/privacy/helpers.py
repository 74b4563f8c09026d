"""Words that the tests of deletion share."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from privacy import clock
from privacy.actions.run_retention import Report, run_retention
from privacy.models import DeletionJob


def travel(days: float, **options: Any) -> Report:
    """Keep the promises as of so many days from now."""
    with clock.at(timezone.now() + timedelta(days=days)):
        return run_retention(**options)


def job_of(target_id: UUID) -> DeletionJob:
    """Return the newest job about something."""
    job = DeletionJob.objects.filter(target_id=target_id).order_by("-pk").first()
    assert job is not None
    return job


def left_of(job: DeletionJob) -> dict[str, int]:
    """Return what the job counted at its end and no hold keeps."""
    return {row.place: row.after for row in job.counts.all() if row.after != row.held}
