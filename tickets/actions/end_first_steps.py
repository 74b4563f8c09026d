"""The first steps are put away."""

from django.utils import timezone

from accounts.models import Membership, Organization


def end_first_steps(*, by: Membership) -> None:
    """Show the first steps to nobody in the organization any more; doing it again changes nothing."""
    mine = Organization.objects.filter(pk=by.organization_id, first_steps_ended_at=None)
    mine.update(first_steps_ended_at=timezone.now())
