"""Accounts that nobody proved to own go."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from accounts.sealing.keys import Kind, destroy_key

GRACE = timedelta(days=2)


def remove_unverified_users() -> int:
    """Delete users who signed up, never verified an address and never got in, with their keys; return how many.

    Their organization was never founded (accounts.actions.found_organization), so nothing else hangs on them.
    """
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    left = User.objects.filter(
        ~Exists(addresses.filter(verified=True)),
        Exists(addresses),
        created_at__lt=timezone.now() - GRACE,
        last_login=None,
        is_staff=False,
        memberships=None,
    )
    users = list(left)
    for user in users:
        destroy_key(Kind.PROFILE, user.pk)
        user.delete()
    return len(users)
