"""Everything an organization has, to take along: asked for, made in the background, handed out once, then gone."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access_log import record_access
from accounts.access_log.recording import of_member
from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.streams import begun
from accounts.tenancy import organization_scope
from privacy.exports.archive import zipped
from privacy.exports.contents import Contents
from privacy.models import Export
from privacy.models.export import KEPT, STALE
from privacy.tasks import make_export


def request_export(*, by: Membership) -> Export:
    """Ask for an export of the member's organization; one at a time, and the one before it is deleted."""
    if not by.is_owner:
        raise ActionRefused(_("Only owners can export everything."))
    try:
        with transaction.atomic():
            export = Export.objects.create(organization_id=by.organization_id, by=by)
    except IntegrityError:
        raise ActionRefused(_("An export is being made already.")) from None
    for old in Export.objects.filter(organization_id=by.organization_id, state=Export.State.READY):
        end_export(old, Export.State.EXPIRED)
    make_export.delay_on_commit(str(export.organization_id), str(export.pk))
    return export


def write_export(organization_id: UUID, export_id: UUID) -> None:
    """Make the file; one that was begun and lost is begun anew, one that is being made elsewhere is left alone.

    Called outside any scope: every batch opens its own, so that progress is seen. Where a mailbox was disconnected
    meanwhile, the file would hold what is closed to everybody: nothing of it stays.
    """
    now = timezone.now()
    with organization_scope(organization_id):
        export = _claimed(export_id, now)
    if export is None:
        return
    contents = Contents(organization_id, at=now, moved=lambda count: _moved(export, count))
    export.total_count = contents.total()
    export.file.delete()  # what a lost run left
    try:
        size = export.file.write(zipped(contents.entries()))
    except _Ended:
        return
    with organization_scope(organization_id):
        done = timezone.now()
        ready = {"state": Export.State.READY, "size": size, "ready_at": done, "expires_at": done + KEPT}
        is_wanted = Export.objects.filter(pk=export.pk, state=Export.State.RUNNING).update(**ready)
        if is_wanted:  # in the same transaction: without its line nothing is ready
            user_id = export.by.user_id if export.by else None
            said = {"object_id": export.pk, "amount": export.done_count}
            record_access(of_member(organization_id, user_id, "export", "privacy:export", **said))
    if not is_wanted:
        export.file.delete()


@transaction.atomic
def take_export(export: Export) -> Iterator[bytes]:
    """Hand the file out: whoever asks second is refused, and it is deleted when the last byte has left.

    The row says "taken" before the first byte leaves; the stream itself holds no scope and no transaction.
    """
    export.lock()
    if not export.is_ready or (export.expires_at and export.expires_at <= timezone.now()):
        raise ActionRefused(_("This file was downloaded before, or has expired. Ask for a new one."))
    export.state, export.taken_at = Export.State.TAKEN, timezone.now()
    export.save(update_fields=["state", "taken_at"])
    return begun(_read_once(export))


def end_export(export: Export, state: str) -> None:
    """Delete the file, and say why it is gone."""
    export.file.delete()
    Export.objects.filter(pk=export.pk).update(state=state)


def end_exports(organization_id: UUID) -> None:
    """End every export of an organization, ready or being made: a mailbox in it was closed to everybody."""
    for export in Export.objects.filter(organization_id=organization_id, state=Export.State.READY):
        end_export(export, Export.State.EXPIRED)
    Export.objects.filter(organization_id=organization_id).under_way().update(state=Export.State.EXPIRED)


def clear_up_exports(organization_id: UUID, now: datetime) -> list[UUID]:
    """Delete what expired or was taken, and return the ids of those whose worker was lost; in the scope."""
    old = Export.objects.filter(organization_id=organization_id, state=Export.State.READY, expires_at__lte=now)
    for export in old:
        end_export(export, Export.State.EXPIRED)
    for export in Export.objects.filter(state=Export.State.TAKEN, taken_at__lt=now - STALE * 12):
        export.file.delete()  # a download that broke off
    lost = Export.objects.under_way().filter(moved_at__lt=now - STALE)
    return list(lost.values_list("pk", flat=True))


def _claimed(export_id: UUID, now: datetime) -> Export | None:
    export = Export.objects.select_for_update().filter(pk=export_id).under_way().first()
    if export is None or (export.state == Export.State.RUNNING and export.moved_at > now - STALE):
        return None
    export.state, export.done_count, export.moved_at = Export.State.RUNNING, 0, now
    export.save()
    return export


def _moved(export: Export, count: int) -> None:
    export.done_count += count
    counts = {"done_count": export.done_count, "total_count": export.total_count, "moved_at": timezone.now()}
    if not Export.objects.filter(pk=export.pk, state=Export.State.RUNNING).update(**counts):
        raise _Ended


class _Ended(Exception):
    """Nobody wants the file any more."""


def _read_once(export: Export) -> Iterator[bytes]:
    yield from export.file.read()
    export.file.delete()
