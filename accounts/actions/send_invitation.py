"""The mail with the link of an invitation."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Invitation
from accounts.models.invitation import LIFE
from accounts.tenancy import organization_scope
from accounts.tokens import new_token


def mail_invitation(organization_id: str, invitation_id: str) -> None:
    """Mail the link once; what was mailed, accepted or taken back is left alone.

    The token is made here, so that no queue ever carries it. A run that was cut short after the mail left makes a new
    token, and the link of the first mail is dead.
    """
    token, token_hash = new_token()
    with organization_scope(organization_id):
        invitation = Invitation.objects.filter(pk=invitation_id).first()
        if invitation is None or invitation.mailed_at is not None or not invitation.is_open:
            return
        invitation.token_hash = token_hash
        invitation.save(update_fields=["token_hash"])
        mail = _compose(invitation, token)
    mail.send()
    with organization_scope(organization_id):
        Invitation.objects.filter(pk=invitation_id).update(mailed_at=timezone.now())


def _compose(invitation: Invitation, token: str) -> EmailMessage:
    inviter, organization = invitation.invited_by, invitation.organization
    with translation.override(organization.language):
        context = {
            "organization": organization.name,
            "invited_by": inviter.display_name if inviter else organization.name,
            "role": invitation.get_role_display(),
            "url": f"{settings.URL}{reverse('invitation', args=[token])}",
            "days": LIFE.days,
        }
        subject = " ".join(render_to_string("accounts/email/invitation_subject.txt", context).split())
        body = render_to_string("accounts/email/invitation_message.txt", context)
    return EmailMessage(subject, body, to=[invitation.email])
