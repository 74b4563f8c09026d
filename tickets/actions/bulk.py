"""One thing done to many tickets: those chosen, or all that a list holds. Each is done by the action of its own."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, Team
from mailbox.access import mailboxes_for
from tickets.actions.assign import assign_ticket, assign_to_team
from tickets.actions.close import close_ticket, reopen_ticket
from tickets.actions.prioritize import set_priority
from tickets.actions.snooze import snooze_ticket
from tickets.actions.spam import mark_not_spam, mark_spam
from tickets.actions.tag import tag_ticket
from tickets.actions.undo_bulk import seen_of, take_some_back
from tickets.models import BulkChange, BulkTicket, Tag, Ticket
from tickets.narrowing import Asked, asked_by
from tickets.snapshots import differences, snapshot

AT_ONCE = 100  # tickets that are done while the browser waits; more are a worker's work
STEP = 50  # tickets in one transaction
MOST = 20_000  # tickets of one change
LOST = timedelta(minutes=2)  # a change that has not moved for so long has no worker any more
KEPT = timedelta(days=1)
Verb = BulkChange.Verb


@transaction.atomic
def change_tickets(tickets: Sequence[Ticket], *, verb: str, details: dict[str, Any], by: Membership) -> BulkChange:
    """Do this to these tickets now, AT_ONCE at most, and return what became of it.

    One that is declined stops no other; where it is the only one, its sentence is raised and nothing has changed.
    """
    if not tickets:
        raise ActionRefused(_("Choose at least one ticket."))
    if len(tickets) > AT_ONCE:
        raise ActionRefused(_("Choose %(count)d tickets at most, or all of a list.") % {"count": AT_ONCE})
    change = BulkChange.objects.create(organization_id=by.organization_id, by=by, verb=verb, details=details)
    _write_down(change, [ticket.pk for ticket in tickets])
    while carry_on(change.pk, raises=len(tickets) == 1):
        pass
    change.refresh_from_db()
    return change


@transaction.atomic
def change_all(wanted: Asked, *, verb: str, details: dict[str, Any], by: Membership) -> BulkChange:
    """Do this to everything that list holds for this member, in the background; return the change with its progress."""
    from tickets.tasks import carry_out

    if reason := wanted.slow_because():
        raise ActionRefused(reason)
    change = BulkChange.objects.create(
        organization_id=by.organization_id, by=by, verb=verb, details=details, query=wanted.query()
    )
    carry_out.delay_on_commit(str(change.organization_id), str(change.pk))
    return change


@transaction.atomic
def carry_on(change_id: UUID, *, raises: bool = False) -> bool:
    """Do the next step of a change, forward or back, and return whether more is left; in the organization's scope.

    Rights are asked anew at every step: who may no longer answer changes nothing any more.
    """
    change = BulkChange.objects.select_for_update().filter(pk=change_id).first()
    if change is None or not change.is_running:
        return False
    by = Membership.objects.select_related("organization", "user").get(pk=change.by_id)
    change.moved_at = timezone.now()
    if change.undone_at is not None:
        take_some_back(change, by)
    elif not (by.is_active and by.can_answer):
        change.finished_at = change.moved_at
    elif change.query is not None:
        _collect(change, by)
    else:
        _do_some(change, by, raises=raises)
    change.save()
    return change.is_running


def lost_changes() -> list[UUID]:
    """Return changes that no worker moves any more."""
    before = timezone.now() - LOST
    return list(BulkChange.objects.unfinished().filter(moved_at__lt=before).values_list("pk", flat=True)[:100])


def forget_changes() -> int:
    """Delete changes that nobody can take back any more, with what they remember; return how many."""
    old = BulkChange.objects.filter(finished_at__lt=timezone.now() - KEPT).exclude(pk__in=lost_changes())
    return old.delete()[1].get(BulkChange._meta.label, 0)


def _collect(change: BulkChange, by: Membership) -> None:
    """Write down which tickets the list holds now: what comes into it later is left alone."""
    wanted = asked_by(change.query or {})
    found = wanted.narrow(by)(Ticket.objects.workable_by(by))
    if wanted.mailbox:
        found = found.filter(mailbox__in=mailboxes_for(by).filter(pk=wanted.mailbox))
    ids = list(found.order_by().values_list("pk", flat=True)[: MOST + 1])
    change.query, change.is_too_much = None, len(ids) > MOST
    _write_down(change, [] if change.is_too_much else ids)
    if not change.total:
        change.finished_at = change.moved_at


def _write_down(change: BulkChange, ids: Sequence[UUID]) -> None:
    owned = {"organization_id": change.organization_id, "change": change}
    BulkTicket.objects.bulk_create([BulkTicket(ticket_id=pk, **owned) for pk in ids], batch_size=1000)
    change.total = len(ids)
    change.save(update_fields=["total"])


def _do_some(change: BulkChange, by: Membership, *, raises: bool) -> None:
    waiting = change.tickets.filter(state=BulkTicket.State.WAITING).order_by("pk")
    items = list(waiting.select_related("ticket__mailbox", "ticket__organization")[:STEP])
    seen = seen_of(items, by)
    for item in items:
        if item.ticket_id in seen:
            _do(change, item, by, raises=raises)
        else:
            item.state = BulkTicket.State.REFUSED
        change.done += 1
        change.changed += item.state == BulkTicket.State.CHANGED
        change.refused += item.state == BulkTicket.State.REFUSED
    BulkTicket.objects.bulk_update(items, ["state", "before", "after"])
    if len(items) < STEP:
        change.finished_at = change.moved_at


def _do(change: BulkChange, item: BulkTicket, by: Membership, *, raises: bool) -> None:
    tag = str(change.details.get("tag", ""))
    try:
        with transaction.atomic():
            before = snapshot(item.ticket.lock(), tag)
            _ACTS[Verb(change.verb)](item.ticket, change.details, by)
            after = snapshot(item.ticket, tag)
    except ActionRefused:
        if raises:
            raise
        item.state = BulkTicket.State.REFUSED
        return
    item.before = differences(before, after)
    item.after = {name: after[name] for name in item.before}
    item.state = BulkTicket.State.CHANGED if item.before else BulkTicket.State.SAME


def _assign(ticket: Ticket, details: dict[str, Any], by: Membership) -> None:
    chosen = details["assignee"]
    assign_ticket(ticket, to=_found(Membership, chosen, by) if chosen else None, by=by)


def _team(ticket: Ticket, details: dict[str, Any], by: Membership) -> None:
    chosen = details["team"]
    assign_to_team(ticket, team=_found(Team, chosen, by) if chosen else None, by=by)


def _snooze(ticket: Ticket, details: dict[str, Any], by: Membership) -> None:
    snooze_ticket(ticket, until=parse_datetime(details["until"]) if details["until"] else None, by=by)


def _found(model: Any, pk: str, by: Membership) -> Any:
    """Return that row; declined where it went meanwhile."""
    found = model.objects.filter(organization_id=by.organization_id, pk=pk).first()
    if found is None:
        raise ActionRefused(_("This is no more."))
    return found


_ACTS: dict[str, Callable[[Ticket, dict[str, Any], Membership], Any]] = {
    Verb.ASSIGN: _assign,
    Verb.TEAM: _team,
    Verb.TAG: lambda ticket, details, by: tag_ticket(ticket, name=_found(Tag, details["tag"], by).name, by=by),
    Verb.PRIORITY: lambda ticket, details, by: set_priority(ticket, priority=details["priority"], by=by),
    Verb.SNOOZE: _snooze,
    Verb.CLOSE: lambda ticket, _details, by: close_ticket(ticket, by=by),
    Verb.REOPEN: lambda ticket, _details, by: reopen_ticket(ticket, by=by),
    Verb.SPAM: lambda ticket, _details, by: mark_spam(ticket, by=by),
    Verb.NOT_SPAM: lambda ticket, _details, by: mark_not_spam(ticket, by=by),
}
