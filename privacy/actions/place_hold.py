"""A legal hold is placed, and released."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Organization
from accounts.sealing.keys import Kind, make_key
from mailbox.models import Mailbox
from privacy.holding import take_turn
from privacy.holds.actors import Actor, Officer, refuse_unless_allowed
from privacy.holds.targets import refuse_if_destroyed, target_of
from privacy.models import DeletionJob, HoldEvent, LegalHold
from privacy.models.legal_hold import REVIEW_WITHIN
from tickets.models import Contact, Ticket

Verb = HoldEvent.Verb


@transaction.atomic
def place_hold(
    of: Ticket | Contact | Mailbox | Organization,
    *,
    basis: str,
    reason: str,
    review_on: date,
    reviewer: Actor,
    by: Actor,
) -> LegalHold:
    """Keep this from every deletion from now on; one that is running leaves it out from its next batch.

    Refused once the keys are destroyed. Inside the organization's scope.
    """
    refuse_unless_allowed(by)
    if not reason.strip():
        raise ActionRefused(_("Say why it has to be kept."))
    organization_id = of.pk if isinstance(of, Organization) else of.organization_id
    _between_batches(of, organization_id)
    refuse_if_destroyed(organization_id, of)
    target = target_of(of)
    now = timezone.now()
    hold = LegalHold(
        organization_id=organization_id,
        scope=target.scope,
        target_id=target.id,
        number=target.number,
        basis=basis,
        is_operators=isinstance(by, Officer),
        placed_at=now,
        placed_by_id=by.user_id,
        reviewer_id=reviewer.user_id,
        reviewed_at=now,
        review_at=review_moment(review_on, now),
    )
    make_key(Kind.HOLD, hold.pk)  # of no organization: what ends an organization ends its keys
    hold.title, hold.reason = target.title, reason.strip()
    hold.save(force_insert=True)
    note(hold, Verb.PLACED, by=by, review_at=hold.review_at)
    return hold


@transaction.atomic
def release_hold(hold: LegalHold, *, reason: str, by: Actor) -> None:
    """Keep it no longer: what was due goes within 72 hours. Releasing twice changes nothing."""
    refuse_unless_allowed(by, hold)
    if not reason.strip():
        raise ActionRefused(_("Say why it need not be kept any more."))
    take_turn(hold.organization_id)
    hold.refresh_from_db(from_queryset=LegalHold.objects.select_for_update())
    if not hold.is_active:
        return
    hold.released_at, hold.released_by_id = timezone.now(), by.user_id
    hold.release_reason = reason.strip()
    hold.save(update_fields=["released_at", "released_by_id", "release_reason"])
    note(hold, Verb.RELEASED, by=by)


def note(hold: LegalHold, verb: str, *, by: Actor | None = None, **more: object) -> HoldEvent:
    """Write a line of the hold's history."""
    return HoldEvent.objects.create(
        organization_id=hold.organization_id,
        hold=hold,
        verb=verb,
        at=timezone.now(),
        by_id=by.user_id if by else None,
        is_operators=isinstance(by, Officer),
        **more,
    )


def review_moment(on: date, now: datetime) -> datetime:
    """Return the beginning of that day; refused where it has begun, or lies more than 180 days ahead."""
    at = timezone.make_aware(datetime.combine(on, time.min))
    if at <= now:
        raise ActionRefused(_("Choose a day to come for the review."))
    if at > now + REVIEW_WITHIN:
        raise ActionRefused(_("A review is due within %(days)d days.") % {"days": REVIEW_WITHIN.days})
    return at


def _between_batches(of: Ticket | Contact | Mailbox | Organization, organization_id: UUID) -> None:
    """Wait for the batch that a job is doing, and see whether it has left what is to be held."""
    list(DeletionJob.objects.unfinished().filter(organization_id=organization_id).select_for_update().order_by("pk"))
    take_turn(organization_id)
    if not type(of)._base_manager.filter(pk=of.pk).exists():
        raise ActionRefused(_("This was deleted a moment ago: there is nothing left to keep."))
