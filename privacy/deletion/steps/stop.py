"""Step `stop`: nothing comes in or goes out any more, the permission is handed back, and what there is gets counted."""

from collections.abc import Iterator
from uuid import UUID

from django.db import models, transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.tenancy import organization_scope
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.actions.revoke_grant import revoke_grant
from mailbox.models import Mailbox
from privacy import clock
from privacy.deletion.counting import REDIS, count_everything, note_before
from privacy.deletion.reach import known_only_through, only_here, targets
from privacy.deletion.redis_keys import redis_keys
from privacy.deletion.step import Progress, StepWaits
from privacy.deletion.turns import chunks, owner_turn, turn
from privacy.models import DeletionJob, DeletionTarget
from tickets.models import Contact

BATCH = 1000
Scope = DeletionJob.Scope
PROVIDER_SILENT = "The provider does not answer, so the permission of the mailbox is not handed back yet."
OTHERS_FIRST = "Another deletion inside this organization is to be finished first."


class Stop:
    """Disconnect, hand back, note whom the job deletes, count; then lock out whom only this organization has."""

    name = "stop"
    starts_over = True  # a run that stopped within it would begin again, for ever

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Each part changes nothing where it ran before."""
        if job.scope == Scope.ORGANIZATION:
            self._wait_for_others(job)
        yield from self._disconnect(job)
        yield from self._note_people(job)
        for place, count in count_everything(job).items():
            note_before(job, place, count)
        note_before(job, REDIS, len(redis_keys(job)))

    def _wait_for_others(self, job: DeletionJob) -> None:
        others = DeletionJob.objects.unfinished().filter(organization_id=job.organization_id).exclude(pk=job.pk)
        if others.exclude(state=DeletionJob.State.VERIFIED).exists():
            raise StepWaits(OTHERS_FIRST)

    def _disconnect(self, job: DeletionJob) -> Iterator[Progress]:
        with organization_scope(job.organization_id):
            mailboxes = list(_mailboxes_of(job).order_by("pk"))
        for number, mailbox in enumerate(mailboxes, start=1):
            with organization_scope(job.organization_id):
                disconnect_mailbox(mailbox, by=None)
                Mailbox.objects.filter(pk=mailbox.pk, deletion_begun_at=None).update(deletion_begun_at=clock.now())
            revoke_grant(job.organization_id, mailbox.pk, now=clock.now())
            yield Progress(number, len(mailboxes))
        with organization_scope(job.organization_id):
            if _mailboxes_of(job).filter(credentials__isnull=False).exists():
                raise StepWaits(PROVIDER_SILENT)

    def _note_people(self, job: DeletionJob) -> Iterator[Progress]:
        if job.scope == Scope.MAILBOX:
            with turn(job):
                contacts = list(known_only_through(job.target_id).values_list("pk", flat=True))
            yield from self._note(job, Contact, contacts)
        elif job.scope == Scope.CONTACT:
            yield from self._note(job, Contact, [job.target_id])
        elif job.scope == Scope.ORGANIZATION:
            yield from self._note(job, User, list(only_here(job.target_id).values_list("pk", flat=True)))
            yield from self._lock_out(job)

    def _note(self, job: DeletionJob, model: type[models.Model], ids: list[UUID]) -> Iterator[Progress]:
        done = 0
        for batch in chunks(ids, BATCH):
            with turn(job):
                place, organization_id = model._meta.label, job.organization_id
                rows = [
                    DeletionTarget(job=job, organization_id=organization_id, place=place, row_id=pk) for pk in batch
                ]
                DeletionTarget.objects.bulk_create(rows, ignore_conflicts=True)
            done += len(batch)
            yield Progress(done, len(ids))

    def _lock_out(self, job: DeletionJob) -> Iterator[Progress]:
        """From here on nobody of them signs in, so none can take a place elsewhere while their key goes."""
        ids = list(targets(job, User).values_list("row_id", flat=True))
        done = 0
        for batch in chunks(ids, BATCH):
            with transaction.atomic(), owner_turn(job):
                people = only_here(job.target_id).filter(pk__in=batch)
                staying = set(batch) - set(people.select_for_update(of=("self",)).values_list("pk", flat=True))
                targets(job, User).filter(row_id__in=staying).delete()
                User.objects.filter(pk__in=set(batch) - staying).update(is_active=False)
            done += len(batch)
            yield Progress(done, len(ids))


def _mailboxes_of(job: DeletionJob) -> QuerySet[Mailbox]:
    if job.scope == Scope.MAILBOX:
        return Mailbox.objects.filter(pk=job.target_id)
    if job.scope == Scope.ORGANIZATION:
        return Mailbox.objects.filter(organization_id=job.target_id)
    return Mailbox.objects.none()


STEP = Stop()
