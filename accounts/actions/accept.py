"""An invitation becomes a place, for the person whose address it names."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Invitation, Membership, User
from accounts.tenancy import organization_scope


def is_for(invitation: Invitation, user: User) -> bool:
    """Return whether the invitation names a verified address of this person."""
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return invitation.email in {email.lower() for email in verified}


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> Membership:
    """Turn an open invitation into a place; it works once, and only for a verified address it names."""
    if by.is_staff:
        raise ActionRefused(_("The operator's staff cannot belong to a desk."))
    if not is_for(invitation, by):
        raise ActionRefused(_("This invitation is for somebody else."))
    with organization_scope(invitation.organization_id):
        invitation.lock()
        if not invitation.is_open:
            raise ActionRefused(_("This invitation no longer works."))
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        membership, _made = Membership.objects.get_or_create(
            organization_id=invitation.organization_id, user=by, defaults={"role": invitation.role}
        )
        if not membership.is_active:
            raise ActionRefused(_("An admin of this desk must let you in again."))
    return membership


@transaction.atomic
def join_as_new_user(invitation: Invitation, *, name: str, password: str, language: str, time_zone: str) -> User:
    """Make an account for the invited address and take the place; the link in the mail has proved the address."""
    email = invitation.email
    if EmailAddress.objects.filter(email=email).exists() or User.objects.filter(email=email).exists():
        raise ActionRefused(_("There is an account for this address. Sign in with it to join."))
    user = User.objects.create_user(email, password, name=name, language=language, time_zone=time_zone)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    accept_invitation(invitation, by=user)
    return user
