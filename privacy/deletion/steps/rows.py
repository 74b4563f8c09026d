"""Step `rows`: the tables, and with them the search index and the files, in batches that leave agents undisturbed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, OperationalError, ProgrammingError, models
from django.db.models import F
from psycopg.errors import DeadlockDetected, InsufficientPrivilege, LockNotAvailable

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy import kin
from privacy.deletion.counting import note_deleted
from privacy.deletion.erasing import erase
from privacy.deletion.people import delete_organization, delete_people
from privacy.deletion.reach import reached_by
from privacy.deletion.step import Progress, StepWaits
from privacy.deletion.turns import chunks, owner_turn, turn
from privacy.models import DeletionCount, DeletionJob
from tickets.models import Message, SearchDocument, Ticket

BATCH = 400  # rows of a statement
PAGE = 20_000  # ids read at once: the more, the less often the index is walked past what is gone
Scope = DeletionJob.Scope
HELD = "A legal hold keeps what is left."
STORAGE = "The storage of files refuses to delete."
LOCKED = "A row is held by something else for too long."


class Rows:
    """Delete table by table, children before parents, until nothing is found; late rows are found by a second look."""

    name = "rows"

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Go on wherever the last run stopped: what is gone is not found again."""
        try:
            yield from self._run(job)
        except OSError:
            raise StepWaits(STORAGE) from None
        except OperationalError as error:
            if not isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
                raise
            raise StepWaits(LOCKED) from None
        except IntegrityError as error:
            raise StepWaits(f"Rows of the table {_table_in(error)} still refer to what is to be deleted.") from None
        except ProgrammingError as error:
            if not isinstance(error.__cause__, InsufficientPrivilege):
                raise
            raise StepWaits(f"A table is not declared in the inventory: {_said_by(error)}.") from None

    def _run(self, job: DeletionJob) -> Iterator[Progress]:
        total = sum(job.counts.exclude(place__startswith="vault").values_list("before", flat=True))
        done = sum(job.counts.exclude(place__startswith="vault").values_list("deleted", flat=True))
        for deleted in self._batches(job):
            done += deleted
            yield Progress(done, max(done, total))

    def _batches(self, job: DeletionJob) -> Iterator[int]:
        if job.scope == Scope.MAILBOX:
            yield from self._mailbox(job, job.target_id)
        elif job.scope == Scope.ORGANIZATION:
            yield from self._organization(job)
        elif job.scope == Scope.CONTACT:
            yield from self._contact(job)
        self._index(job)  # tells of nothing: a run that ended here would come back here, for ever

    def _index(self, job: DeletionJob) -> None:
        """Triggers took index rows along; should any have stayed, it goes here, as the owner of that closed table."""
        with owner_turn(job) as held:
            for reached in reached_by(job):
                if reached.model is SearchDocument:
                    for query in reached.queries:
                        query.delete()
                    # What triggers delete nobody counts: none is left, so all of it went.
                    DeletionCount.objects.filter(job=held, place=reached.place).update(deleted=F("before"))

    def _mailbox(self, job: DeletionJob, mailbox_id: Any) -> Iterator[int]:
        """Delete what hangs on a mailbox, then the mailbox: a row that came late makes the last statement fail."""
        for _look in range(2):
            for model in kin.children_first(Mailbox):
                for field in kin.children(Mailbox):
                    if field.model is model and kin.what_happens(field) in kin.BELONGS:
                        yield from self._table(job, model, {field.name: mailbox_id})
        yield from self._table(job, Mailbox, {"pk": mailbox_id})

    def _organization(self, job: DeletionJob) -> Iterator[int]:
        with organization_scope(job.organization_id):
            mailboxes = list(Mailbox.objects.order_by("pk").values_list("pk", flat=True))
        for mailbox_id in mailboxes:
            yield from self._mailbox(job, mailbox_id)
        for model in kin.children_first(Organization):
            if model is not Membership and kin.what_happens(model._meta.get_field("organization")) in kin.BELONGS:
                yield from self._table(job, model, {"organization": job.target_id})
        yield from delete_people(job)
        yield from self._table(job, Membership, {"organization": job.target_id})
        yield from delete_organization(job)

    def _contact(self, job: DeletionJob) -> Iterator[int]:
        """A contact's tickets, and what it wrote elsewhere; the contact itself goes in the step `contacts`."""
        for model, name in ((Message, "ticket__contact"), (Ticket, "contact"), (Message, "sender")):
            yield from self._table(job, model, {name: job.target_id}, originals=True)

    def _table(
        self, job: DeletionJob, model: type[models.Model], which: dict[str, Any], *, originals: bool = False
    ) -> Iterator[int]:
        from privacy.holding import exclude_held

        while True:
            with organization_scope(job.organization_id):
                rows = model._base_manager.filter(**which)
                page = list(exclude_held(rows).values_list("pk", flat=True)[:PAGE])
                is_held = not page and rows.exists()
            if is_held:
                raise StepWaits(HELD)
            if not page:
                return
            for ids in chunks(page, BATCH):
                counts: Counter[str] = Counter()
                with turn(job) as held:
                    free = exclude_held(model._base_manager.filter(pk__in=ids))
                    erase(model, list(free.values_list("pk", flat=True)), counts, originals=originals)
                    note_deleted(held, counts)
                yield counts.total()


def _table_in(error: Exception) -> str:
    """Return the table that a violated constraint belongs to: a name of a table, never a value."""
    return str(getattr(_diagnosis(error), "table_name", None) or "of somebody else")


def _said_by(error: Exception) -> str:
    """Return the database's sentence about a table that is closed to us: it names the table and nothing else."""
    return str(getattr(_diagnosis(error), "message_primary", None) or "a table of somebody else")


def _diagnosis(error: Exception) -> Any:
    return getattr(error.__cause__, "diag", None)


STEP = Rows()
