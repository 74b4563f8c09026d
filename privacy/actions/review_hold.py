"""A hold is looked at, and goes on."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from privacy.actions.place_hold import note, review_moment
from privacy.holds.actors import Actor, refuse_unless_allowed
from privacy.models import HoldEvent, LegalHold


@transaction.atomic
def review_hold(hold: LegalHold, *, review_on: date, reviewer: Actor, by: Actor) -> None:
    """Say that it is still needed, and who looks at it next and when: within 180 days."""
    refuse_unless_allowed(by, hold)
    hold.refresh_from_db(from_queryset=LegalHold.objects.select_for_update())
    if not hold.is_active:
        raise ActionRefused(_("This hold was released meanwhile."))
    now = timezone.now()
    hold.reviewed_at, hold.review_at, hold.reviewer_id = now, review_moment(review_on, now), reviewer.user_id
    hold.reminded_at = None
    hold.save(update_fields=["reviewed_at", "review_at", "reviewer_id", "reminded_at"])
    note(hold, HoldEvent.Verb.REVIEWED, by=by, review_at=hold.review_at)
