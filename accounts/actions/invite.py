"""An address is offered a place; the offer is taken back."""

import secrets

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.governing import hold_organization
from accounts.errors import ActionRefused
from accounts.models import Invitation, Membership, Organization
from accounts.models.invitation import LIFE
from accounts.sealing.digests import address_digest


def invite_person(organization: Organization, *, email: str, role: str, by: Membership) -> Invitation:
    """Offer a place to an address; an open offer to the same address is replaced and its link is dead.

    The answer is the same whether the address has an account at Deskhero or not. A worker makes the link and mails it.
    """
    from accounts.tasks import send_invitation

    if role not in by.roles_to_give:
        raise ActionRefused(_("Only an owner can make somebody an owner."))
    hold_organization(organization)
    if organization.memberships.filter(user__email=email.strip().lower()).exists():
        raise ActionRefused(_("This person is in the list already."))
    digest = address_digest(organization.pk, email)
    organization.invitations.open().filter(email_digest=digest).update(withdrawn_at=timezone.now())
    invitation = Invitation.objects.create(
        organization=organization,
        email=email.strip().lower(),
        email_digest=digest,
        role=role,
        token_hash=secrets.token_bytes(32),  # of no token: nobody can come before the mail
        invited_by=by,
        expires_at=timezone.now() + LIFE,
    )
    send_invitation.delay_on_commit(str(organization.pk), str(invitation.pk))
    return invitation


def withdraw_invitation(invitation: Invitation) -> None:
    """Take an offer back; one that was accepted or taken back stays as it is."""
    invitation.lock()
    if invitation.accepted_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
