"""Taking a bulk change back, for ten minutes, ticket by ticket, where nobody has changed the same thing since."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from tickets.actions.release import release_unreachable
from tickets.actions.tag import untag_ticket
from tickets.history import record
from tickets.models import BulkChange, BulkTicket, Event, Tag, Ticket
from tickets.snapshots import put_back, snapshot

STEP = 50  # tickets in one transaction


@transaction.atomic
def undo_change(change: BulkChange, *, by: Membership) -> None:
    """Ask for everything back; what of it was not done yet is left undone. The work itself is carried on by steps."""
    change.lock()
    if change.by_id != by.pk or not change.can_be_undone:
        raise ActionRefused(_("This can no longer be undone: ten minutes have passed, or it was undone already."))
    change.undone_at = change.moved_at = timezone.now()
    change.finished_at = change.finished_at or change.undone_at
    change.save(update_fields=["undone_at", "moved_at", "finished_at"])


def take_some_back(change: BulkChange, by: Membership) -> None:
    """Put the next tickets back; the caller holds the change and saves it."""
    changed = change.tickets.filter(state=BulkTicket.State.CHANGED).order_by("pk")
    items = list(changed.select_related("ticket__mailbox", "ticket__organization")[:STEP])
    may = by.is_active and by.can_answer
    seen = seen_of(items, by)
    for item in items:
        is_back = may and item.ticket_id in seen and _put_back(item, change, by)
        item.state = BulkTicket.State.TAKEN_BACK if is_back else BulkTicket.State.KEPT
        change.taken_back += is_back
    BulkTicket.objects.bulk_update(items, ["state"])
    if len(items) < STEP:
        change.taken_back_at = change.moved_at


def seen_of(items: Sequence[BulkTicket], by: Membership) -> set[UUID]:
    """Return which of these tickets the member may see, as of now."""
    ids = [item.ticket_id for item in items]
    return set(Ticket.objects.workable_by(by).filter(pk__in=ids).values_list("pk", flat=True))


def _put_back(item: BulkTicket, change: BulkChange, by: Membership) -> bool:
    """Put one ticket back, and return whether that was done: not where somebody has changed the same since."""
    ticket, tag = item.ticket.lock(), str(change.details.get("tag", ""))
    now: dict[str, Any] = snapshot(ticket, tag)
    if ticket.is_merged or any(now.get(name) != value for name, value in item.after.items()):
        return False
    put_back(ticket, item.before)
    if "has_tag" in item.before:
        untag_ticket(ticket, tag=Tag.objects.get(pk=tag), by=by)
    record(ticket, Event.Verb.UNDONE, by=by)
    release_unreachable(ticket.organization_id, by=by, among=[ticket.pk])
    return True
