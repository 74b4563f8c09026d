"""What lost its worker (letters that wait, finders, packages, erasures that have not moved), and what is over."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.sealing.keys import Kind, destroy_key
from accounts.tenancy import current_organization_id
from privacy.actions.requests.close_request import CASES_KEPT
from privacy.models import DataSubjectRequest, DeletionJob, RequestLetter, RequestPackage

LOST_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class LeftBehind:
    """Ids of what has to be rung for again."""

    finders: list[UUID]
    erasures: list[UUID]
    packages: list[UUID]


def forget_old_cases() -> int:
    """End what was closed three years ago in the queue at hand: files, rows, and the key of each case."""
    before = timezone.now() - CASES_KEPT
    old = DataSubjectRequest.objects.filter(organization=current_organization_id(), closed_at__lt=before)
    ended = 0
    for case in list(old[:200]):
        for evidence in case.identityevidences.all():
            evidence.file.delete()
        case_id = case.pk
        case.delete()
        transaction.on_commit(partial(destroy_key, Kind.CASE, case_id))
        ended += 1
    return ended


def letters_left_behind() -> list[UUID]:
    """Return the letters of the queue at hand that wait: the organization's in scope, or the operator's."""
    waiting = RequestLetter.objects.filter(
        organization=current_organization_id(),
        state=RequestLetter.State.WAITING,
        created_at__lt=timezone.now() - timedelta(minutes=2),
    )
    return list(waiting.values_list("pk", flat=True)[:500])


def left_behind() -> LeftBehind:
    """Return the finders and packages of the queue at hand that have not moved."""
    before = timezone.now() - LOST_AFTER
    mine = current_organization_id()
    finders = DataSubjectRequest.objects.unfinished().filter(organization=mine, looking_since__lt=before)
    jobs = DeletionJob.objects.filter(state=DeletionJob.State.PLANNED, worked_at__lt=before)
    erasing = DataSubjectRequest.objects.unfinished().filter(organization=mine, job_id__in=jobs.values("pk"))
    packing = RequestPackage.objects.filter(organization=mine, state=RequestPackage.State.PACKING, worked_at__lt=before)
    return LeftBehind(
        list(finders.values_list("pk", flat=True)[:100]),
        list(erasing.values_list("pk", flat=True)[:100]),
        list(packing.values_list("pk", flat=True)[:100]),
    )
