"""Doorbells about people: mail an invitation, tidy what nobody came back for."""

from smtplib import SMTPException

from celery import shared_task

from accounts.actions.remove_expired_sessions import remove_expired_sessions
from accounts.actions.remove_unverified import remove_unverified_users
from accounts.actions.send_invitation import mail_invitation
from accounts.models import Invitation
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organization_ids


@shared_task(autoretry_for=[SMTPException, OSError], retry_backoff=True, max_retries=8)
def send_invitation(organization_id: str, invitation_id: str) -> None:
    """Mail an invitation that was not mailed yet."""
    mail_invitation(organization_id, invitation_id)


@shared_task
def sweep_invitations() -> None:
    """Ring again for invitations whose mail has not left."""
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            waiting = [str(pk) for pk in Invitation.objects.waiting_for_mail().values_list("pk", flat=True)]
        for invitation_id in waiting:
            send_invitation.delay(str(organization_id), invitation_id)


@shared_task
def sweep_people() -> None:
    """Remove accounts whose address nobody ever verified, and what is left of sessions that ended."""
    remove_unverified_users()
    remove_expired_sessions()
