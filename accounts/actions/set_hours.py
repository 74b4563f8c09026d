"""The working hours of an organization are said, or taken back."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts.models import Membership, WorkingHours


@transaction.atomic
def set_hours(
    *, time_zone: str, week: Sequence[Sequence[str] | None], holidays: Mapping[str, str], by: Membership
) -> WorkingHours | None:
    """Keep these hours in place of what was said before; a week without any hour says that there are none."""
    WorkingHours.objects.filter(organization_id=by.organization_id).delete()
    if not any(week):
        return None
    return WorkingHours.objects.create(
        organization_id=by.organization_id, time_zone=time_zone, week=list(week), holidays=dict(holidays)
    )
