"""The step that writes down, outside the database, what is erased next: a restored backup is told again."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from accounts.tenancy import organization_scope
from privacy.deletion.step import Progress, StepWaits
from privacy.ledger import LedgerFault, append
from privacy.ledger.remembering import BATCH, remember_contacts, remember_messages
from privacy.models import DeletionJob
from tickets.models import Contact, Message

WAITS = "The erasure ledger cannot be written, so nothing is erased yet."


class Ledger:
    """Before the keys: whoever is killed after this line erases again, never less.

    What a retention rule chose is written by the rule's own batches (privacy.ledger.remembering), who know the rows.
    """

    name = "ledger"
    starts_over = True  # a run that stopped within it would begin again, for ever

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Write what the job erases; doing it again adds lines and changes nothing else."""
        try:
            yield from self._written(job)
        except LedgerFault:
            raise StepWaits(WAITS) from None

    def _written(self, job: DeletionJob) -> Iterator[Progress]:
        if job.scope in {DeletionJob.Scope.MAILBOX, DeletionJob.Scope.ORGANIZATION}:
            append(job.scope, [job.target_id], job_id=job.pk, organization_id=job.organization_id)
            self._people(job)
            yield Progress(1, 1)
        elif job.scope == DeletionJob.Scope.CONTACT:
            remember_contacts(job.organization_id, [job.target_id], job_id=job.pk)
            yield from self._messages(job)

    def _people(self, job: DeletionJob) -> None:
        """Write the contacts and users who end with it, as the job noted them when it began."""
        from privacy.models import DeletionTarget

        targets = DeletionTarget.objects.filter(job=job)
        for place in (Contact._meta.label, User._meta.label):
            ids = list(targets.filter(place=place).values_list("row_id", flat=True))
            append("contact", ids, place=place, job_id=job.pk, organization_id=job.organization_id)

    def _messages(self, job: DeletionJob) -> Iterator[Progress]:
        with organization_scope(job.organization_id):
            written = Message.objects.filter(Q(sender=job.target_id) | Q(ticket__contact=job.target_id)).order_by("pk")
            ids: list[UUID] = list(written.values_list("pk", flat=True))
        for start in range(0, len(ids), BATCH):
            remember_messages(job.organization_id, ids[start : start + BATCH], job_id=job.pk)
            yield Progress(1 + min(start + BATCH, len(ids)), 1 + len(ids))


STEP = Ledger()
