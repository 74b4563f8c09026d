"""Contacts from a file: looked through, then taken in by batches. The file is sealed, and gone when it is over."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from tickets.actions.contacts.take_in import TakeIn
from tickets.contacts.checking import Checked, checked
from tickets.contacts.columns import KINDS, guess_columns
from tickets.contacts.sheets import MAX_BYTES, MAX_ROWS, NotASheet, Row, Sheet
from tickets.filing.turn import serialize_filing
from tickets.models import ContactImport

STEP = 200  # rows of one transaction
LOOKED_AT = 1000  # rows looked at with one pair of statements
MAX_ERRORS = 500  # kept with their numbers; beyond it they are counted
KEPT = timedelta(days=1)  # a file nobody takes in
LOST = timedelta(minutes=10)  # a run that has not moved for so long has no worker any more
State = ContactImport.State


@transaction.atomic
def upload_contacts(organization: Organization, *, content: bytes, by: Membership) -> ContactImport:
    """Seal a file of contacts and guess its columns; refused with the reason where it is no table."""
    if len(content) > MAX_BYTES:
        raise ActionRefused(_("The file is larger than %(count)d MB. Split it.") % {"count": MAX_BYTES // 2**20})
    try:
        sheet = Sheet(content)
        total = sum(1 for _row in islice(sheet.rows(), MAX_ROWS + 1))
    except NotASheet:
        raise ActionRefused(_("The file is empty.")) from None
    if total > MAX_ROWS:
        raise ActionRefused(_("The file has more than %(count)d rows. Split it.") % {"count": MAX_ROWS})
    if not (sheet.head and total):
        raise ActionRefused(_("The file has no row below its head. The first row must say what the columns are."))
    run = ContactImport.objects.create(
        organization=organization, by=by, columns=guess_columns(sheet.head), errors={"rows": []}, total=total
    )
    run.file.write([content])
    return run


def sheet_of(run: ContactImport) -> Sheet:
    """Return the file of an import that is not over."""
    return Sheet(b"".join(run.file.read()))


@transaction.atomic
def look_through(run: ContactImport, *, columns: Mapping[str, str]) -> None:
    """Say what would become of every row with these columns, and keep both; nothing is taken in."""
    run.lock()
    _refuse_unless(run, State.UPLOADED, State.CHECKED)
    if set(columns.values()) - set(KINDS) or "address" not in columns.values():
        raise ActionRefused(_("Say which column holds the e-mail address: contacts are known by it."))
    run.columns, errors, seen = dict(columns), [], set[bytes]()
    run.added = run.changed = run.known = run.failed = 0
    for one in _checked(sheet_of(run).rows(), run):
        if one.problem:
            errors.append([one.row, one.problem])
        elif one.contact_id or seen & set(one.digests):
            run.known += 1
        else:
            run.added += 1
        seen.update(one.digests)
    run.failed, run.errors, run.state = len(errors), {"rows": errors[:MAX_ERRORS]}, State.CHECKED
    run.save()


@transaction.atomic
def begin_import(run: ContactImport, *, by: Membership) -> None:
    """Take the rows in, in the background; one file at a time in an organization."""
    from tickets.tasks import import_contacts

    run.lock()
    if run.state == State.RUNNING:
        return
    _refuse_unless(run, State.CHECKED)
    run.state, run.by, run.moved_at = State.RUNNING, by, timezone.now()
    run.added = run.changed = run.known = run.failed = run.position = 0
    run.errors = {"rows": []}
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        raise ActionRefused(_("Another file is being taken in. Wait until it is done.")) from None
    import_contacts.delay_on_commit(str(run.organization_id), str(run.pk))


@transaction.atomic
def give_up_import(run: ContactImport) -> None:
    """Delete the file of an import that has not begun; one that is over stays as it is."""
    run.lock()
    if run.is_finished:
        return
    _refuse_unless(run, State.UPLOADED, State.CHECKED)
    _end(run, State.GIVEN_UP)
    run.save()


def import_some(run_id: UUID) -> bool:
    """Take in the next rows of a run, note how far it has come, and return whether more wait; in the scope."""
    try:
        with transaction.atomic():
            return _import_some(run_id)
    except IntegrityError:  # a colleague added one of these addresses at this moment: these rows once more
        return True


@transaction.atomic
def clear_up_imports(organization_id: UUID) -> list[UUID]:
    """Delete files nobody took in within a day, and return the runs whose worker was lost; in the scope."""
    now = timezone.now()
    waiting = ContactImport.objects.filter(organization_id=organization_id, finished_at=None)
    for run in waiting.filter(uploaded_at__lt=now - KEPT).exclude(state=State.RUNNING).select_for_update():
        _end(run, State.GIVEN_UP)
        run.save()
    lost = waiting.filter(state=State.RUNNING, moved_at__lt=now - LOST)
    return list(lost.values_list("pk", flat=True))


def _import_some(run_id: UUID) -> bool:
    run = ContactImport.objects.select_for_update().filter(pk=run_id, state=State.RUNNING).first()
    if run is None:
        return False
    rows = list(islice(sheet_of(run).rows(), run.position, run.position + STEP))
    serialize_filing(run.organization_id)
    done = TakeIn(run, checked(rows, run.columns, run.organization_id))
    run.position += len(rows)
    run.added, run.changed = run.added + done.added, run.changed + done.changed
    run.known, run.failed = run.known + done.known, run.failed + len(done.errors)
    run.errors = {"rows": [*run.errors["rows"], *done.errors][:MAX_ERRORS]}
    run.moved_at, run.total = timezone.now(), max(run.total, run.position)
    if len(rows) < STEP:
        _end(run, State.DONE)
    run.save()
    return not run.is_finished


def _checked(rows: Iterator[Row], run: ContactImport) -> Iterator[Checked]:
    while some := list(islice(rows, LOOKED_AT)):
        yield from checked(some, run.columns, run.organization_id)


def _end(run: ContactImport, state: str) -> None:
    run.state, run.finished_at, run.columns = state, timezone.now(), {}
    transaction.on_commit(run.file.delete)


def _refuse_unless(run: ContactImport, *states: str) -> None:
    if run.state not in states:
        raise ActionRefused(_("This file is being taken in, or its import is over."))
