"""Turns: one batch of a job, in a transaction of its own, inside the organization's scope and with the job's row held.

Inside the scope the database itself sees to it that no batch touches another organization.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

from accounts.tenancy import organization_scope
from privacy.models import DeletionJob

Item = TypeVar("Item")
LOCK_WAIT = "5s"  # for a row that somebody holds; the batch is tried again later


class JobEnded(Exception):
    """The job was cancelled, or another worker has ended it."""


@contextmanager
def turn(job: DeletionJob) -> Iterator[DeletionJob]:
    """Hold the job for one batch; JobEnded where it is no longer running."""
    with organization_scope(job.organization_id):
        yield _held(job)


@contextmanager
def owner_turn(job: DeletionJob) -> Iterator[DeletionJob]:
    """Hold the job for one batch over rows that belong to no organization alone: people, the company itself."""
    with transaction.atomic():
        yield _held(job)


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Yield the items in lists of that size."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _held(job: DeletionJob) -> DeletionJob:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
    held = DeletionJob.objects.select_for_update().get(pk=job.pk)
    if held.state not in {DeletionJob.State.RUNNING, DeletionJob.State.VERIFIED}:
        raise JobEnded
    return held
