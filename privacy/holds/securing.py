"""Putting aside: rows and files of a job that are under a hold, copied under the key of the hold, in batches."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, F, Value
from django.utils import timezone

from accounts.sealing.errors import KeyMissing, SealingError
from accounts.sealing.keys import Kind, keys, make_key
from accounts.tenancy import organization_scope
from privacy.holding import is_aside, kept_inside, unsecured
from privacy.holds.contents import content_of, file_of
from privacy.holds.covered import PLACE_OF, Place
from privacy.models import DeletionJob, HeldItem, HoldEvent, LegalHold

BATCH = 50  # rows; a large one is an original of 256 KB
FileState = HeldItem.FileState
Bookmarks = dict[tuple[UUID, str], Any]  # of a hold and a table: how far a run has come, so that none starts over
_MODELS = {place.label: place.model for place in PLACE_OF.values()}


def left(job: DeletionJob) -> int:
    """Return how many rows and files are still to be put aside."""
    files = HeldItem.objects.filter(job_id=job.pk, file_state=FileState.DUE).count()
    return files + sum(rows.count() for _hold, _place, rows in unsecured(job))


def put_rows_aside(job: DeletionJob, after: Bookmarks) -> int:
    """Copy the next rows, in the caller's transaction, and return how many it looked at; the bookmarks move on.

    A new run begins behind what earlier ones put aside: however short they are, they come to the end.
    """
    for hold, place, rows in kept_inside(job):
        bookmark = (hold.pk, place.label)
        page = rows.filter(pk__gt=after[bookmark]) if bookmark in after else rows.filter(~is_aside(hold))
        batch = list(page.annotate(**_ends(place)).order_by("pk")[:BATCH])
        if batch:
            _items_key(hold)
            known = set(hold.items.filter(row_id__in=[row.pk for row in batch]).values_list("row_id", flat=True))
            HeldItem.objects.bulk_create([_item(job, hold, place, row) for row in batch if row.pk not in known])
            after[bookmark] = batch[-1].pk
            return len(batch)
    return 0


def put_file_aside(job: DeletionJob) -> bool:
    """Copy the next file, in the caller's transaction; return whether there was one.

    What a copy that broke off has left is written over: the row says that it is due until the copy is whole.
    """
    item = HeldItem.objects.filter(job_id=job.pk, file_state=FileState.DUE).order_by("pk").first()
    if item is None:
        return False
    row = _MODELS[item.place]._base_manager.filter(pk=item.row_id).first()
    source = file_of(row) if row is not None else None
    item.file.delete()
    item.file_state = FileState.LOST
    if source is not None:
        try:
            item.file.write(source.read())
            item.file_state = FileState.KEPT
        except (FileNotFoundError, SealingError):
            item.file.delete()
    item.save(update_fields=["file_state"])
    return True


def put_everything_aside(job: DeletionJob) -> int:
    """Copy all rows and files in one transaction, and return how many: for a system that is brought back and serves
    nobody yet. The job need not be saved.
    """
    after: Bookmarks = {}
    done = 0
    with organization_scope(job.organization_id):
        while moved := put_rows_aside(job, after):
            done += moved
        while put_file_aside(job):
            done += 1
    return done


def note_secured(job: DeletionJob) -> None:
    """Write into the history of each hold how much the job put aside for it; once."""
    aside = HeldItem.objects.filter(job_id=job.pk).values("hold").annotate(rows=Count("pk")).order_by("hold")
    for row in aside:
        events = HoldEvent.objects.filter(hold=row["hold"], verb=HoldEvent.Verb.SECURED, item_id=job.pk)
        if not events.update(count=row["rows"]):
            HoldEvent.objects.create(
                organization_id=job.organization_id,
                hold_id=row["hold"],
                verb=HoldEvent.Verb.SECURED,
                at=timezone.now(),
                item_id=job.pk,
                count=row["rows"],
            )


def _items_key(hold: LegalHold) -> None:
    try:
        keys.current(Kind.HOLD, hold.items_key_id)
    except KeyMissing:
        make_key(Kind.HOLD, hold.items_key_id)  # of no organization: it outlives this one


def _item(job: DeletionJob, hold: LegalHold, place: Place, row: Any) -> HeldItem:
    item = HeldItem(
        organization_id=job.organization_id,
        hold=hold,
        place=place.label,
        row_id=row.pk,
        ticket_id=row.held_ticket,
        mailbox_id=row.held_mailbox,
        job_id=job.pk,
        hold_key_id=hold.items_key_id,
    )
    try:
        item.content = content_of(row)
        item.file_state = FileState.DUE if file_of(row) is not None else FileState.NONE
    except SealingError:  # the row cannot be read by anybody; that there was one stays known
        item.content, item.is_readable = {}, False
    return item


def _ends(place: Place) -> dict[str, Any]:
    """Return what to read with a row: its ticket and its mailbox."""
    nothing = Value(None, output_field=models.UUIDField())
    return {
        "held_ticket": F(place.ticket) if place.ticket else nothing,
        "held_mailbox": F(place.mailbox) if place.mailbox else nothing,
    }
