"""Step `contacts`: the people who were known only through what is gone, with addresses, codes, notes and history."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet

from privacy.deletion.counting import note_deleted
from privacy.deletion.erasing import erase
from privacy.deletion.reach import targets
from privacy.deletion.step import Progress, StepWaits
from privacy.deletion.steps.rows import HELD
from privacy.deletion.turns import chunks, turn
from privacy.models import DeletionJob
from tickets.models import Contact, Message, Ticket

BATCH = 200


class Contacts:
    """Delete the contacts noted when the job began; one who has written elsewhere since then stays."""

    name = "contacts"

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Go on with those that are left."""
        from privacy.holding import exclude_held

        with turn(job):
            wanted = Contact.objects.filter(pk__in=targets(job, Contact).values("row_id"))
            ids = list(wanted.order_by("pk").values_list("pk", flat=True))
        for number, batch in enumerate(chunks(ids, BATCH), start=1):
            counts: Counter[str] = Counter()
            with turn(job) as held:
                free = exclude_held(without_mail(Contact.objects.filter(pk__in=batch)))
                erase(Contact, list(free.values_list("pk", flat=True)), counts)
                if job.scope == DeletionJob.Scope.MAILBOX:
                    self._let_go(job, list(batch))
                note_deleted(held, counts)
            yield Progress(min(number * BATCH, len(ids)), len(ids))
        with turn(job):
            if Contact.objects.filter(pk__in=targets(job, Contact).values("row_id")).exists():
                raise StepWaits(HELD)

    def _let_go(self, job: DeletionJob, ids: list) -> None:
        """Who has mail in another mailbox by now is no longer known only through this one."""
        here = Contact.objects.filter(pk__in=ids)
        writing = here.exclude(pk__in=without_mail(here).values("pk"))
        targets(job, Contact).filter(row_id__in=list(writing.values_list("pk", flat=True))).delete()


def without_mail(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Return those on whom no ticket and no message hangs, nor on any contact that was merged into them."""
    for path in ("contact", "contact__merged_into"):
        contacts = contacts.filter(~Exists(Ticket.objects.filter(**{path: OuterRef("pk")})))
    for path in ("sender", "sender__merged_into"):
        contacts = contacts.filter(~Exists(Message.objects.filter(**{path: OuterRef("pk")})))
    return contacts


STEP = Contacts()
