"""Sign-up becomes an organization once the address is known to be the person's own."""

from django.db import transaction

from accounts.actions.create_organization import create_organization
from accounts.models import Membership, User


@transaction.atomic
def found_organization(*, by: User) -> Membership | None:
    """Create the organization this person asked for at sign-up; doing it again changes nothing."""
    by = User.objects.select_for_update().get(pk=by.pk)
    if not by.founding:
        return None
    membership = create_organization(by.founding, by=by, language=by.language)
    by.founding = ""
    by.save(update_fields=["founding"])
    return membership
