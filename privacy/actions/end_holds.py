"""After the release: what was put aside goes, and what a job had left out is due again."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from accounts.sealing.keys import Kind, destroy_key
from accounts.tenancy import organization_scope
from privacy.actions.place_hold import note
from privacy.holding import is_held
from privacy.models import DeletionJob, HeldItem, HoldEvent, LegalHold
from privacy.models.legal_hold import GONE_WITHIN
from tickets.models import Contact

BATCH = 200
WORDS_KEPT = timedelta(days=3 * 365)  # why it was placed and released: as long as a claim can still come of it
log = logging.getLogger(__name__)


def end_released_holds(now: datetime | None = None, *, dry_run: bool = False) -> list[UUID]:
    """Delete what was put aside for released holds, and return which; whatever breaks off goes on at the next run.

    Outside any scope, over all organizations, the longest released first. One that fails leaves the others alone.
    """
    now = now or timezone.now()
    waiting = list(LegalHold.objects.to_purge().filter(released_at__lte=now).order_by("released_at"))
    if dry_run:
        return [hold.pk for hold in waiting]
    ended = []
    for hold in waiting:
        try:
            _end(hold, now)
            ended.append(hold.pk)
        except OSError:  # a file store that refuses; the hold is still to be purged
            log.exception("Hold %s could not be ended.", hold.pk)
    _end_words(now)
    return ended


def _end(hold: LegalHold, now: datetime) -> None:
    with organization_scope(hold.organization_id):
        make_due_again(hold, now)
    _remember(hold)
    destroy_key(Kind.HOLD, hold.items_key_id)  # first: from here on nobody can read the copies, in no backup
    count = 0
    while batch := list(hold.items.order_by("pk")[:BATCH]):
        for item in batch:
            if item.file_state != HeldItem.FileState.NONE:
                item.file.delete()
        count += hold.items.filter(pk__in=[item.pk for item in batch]).delete()[0]
    with transaction.atomic():
        hold.purged_at = now
        hold.save(update_fields=["purged_at"])
        note(hold, HoldEvent.Verb.PURGED, count=count)


def _remember(hold: LegalHold) -> None:
    """Tell the ledger what goes: a backup that is brought back has rows, files and, for a while, the key."""
    from privacy.ledger import append

    place, about = HeldItem._meta.label, {"job_id": None, "organization_id": hold.organization_id}
    items = hold.items.order_by("pk")
    files = list(items.filter(file_state=HeldItem.FileState.KEPT).values_list("pk", flat=True))
    rows = list(items.values_list("pk", flat=True))
    if files:  # first: they are found by their rows when this is read again
        append("file", files, place=f"{place}.file", **about)
    if rows:
        append("rule", rows, place=place, **about)
        append("hold", [hold.items_key_id], place=place, **about)


def make_due_again(hold: LegalHold, now: datetime) -> list[DeletionJob]:
    """Make new jobs for contacts that were erased but for what this hold kept; they are due within 72 hours.

    Retention rules need none: their next run finds what is due, however long ago that was.
    """
    done = DeletionJob.objects.filter(
        organization_id=hold.organization_id,
        scope=DeletionJob.Scope.CONTACT,
        state=DeletionJob.State.CERTIFIED,
        certified_at__gte=hold.placed_at,
        counts__held__gt=0,
    )
    made = []
    for target in sorted(set(done.values_list("target_id", flat=True))):
        contact = Contact.objects.filter(pk=target).first()
        busy = DeletionJob.objects.unfinished().filter(scope=DeletionJob.Scope.CONTACT, target_id=target)
        if contact is None or busy.exists() or is_held(contact):
            continue
        made.append(
            DeletionJob.objects.create(
                organization_id=hold.organization_id,
                scope=DeletionJob.Scope.CONTACT,
                target_id=target,
                cause=DeletionJob.Cause.REQUESTED,
                requested_at=hold.released_at or now,
                run_after=now,
                due_at=(hold.released_at or now) + GONE_WITHIN,
            )
        )
    return made


def _end_words(now: datetime) -> None:
    """Destroy the key of the words of holds that ended long ago, or whose organization is gone."""
    ended = LegalHold.objects.filter(purged_at__isnull=False, words_ended_at=None)
    here = Organization.objects.filter(closed_at=None).values("pk")
    for hold in [*ended.filter(released_at__lte=now - WORDS_KEPT), *ended.exclude(organization_id__in=here)]:
        destroy_key(Kind.HOLD, hold.pk)
        LegalHold.objects.filter(pk=hold.pk).update(words_ended_at=now)
