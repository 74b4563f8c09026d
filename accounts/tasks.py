"""Doorbells about people and the access log: mail an invitation, tidy up, seal and verify what was read."""

from datetime import timedelta
from smtplib import SMTPException

from celery import shared_task
from django.utils import timezone

from accounts.access_log import retention
from accounts.access_log.alerts import watch_access_log as watch
from accounts.access_log.anchoring import anchor_heads, verify_and_tell
from accounts.access_log.sealing import seal_access_log as seal
from accounts.actions.remove_expired_sessions import remove_expired_sessions
from accounts.actions.remove_unverified import remove_unverified_users
from accounts.actions.send_invitation import mail_invitation
from accounts.actions.tell_of_grant import mail_of_grant
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


@shared_task(expires=30)
def seal_access_log() -> None:
    """Number and hash what was read in the last minutes."""
    seal()


@shared_task(expires=120)
def watch_access_log() -> None:
    """Ask the rules over the access log."""
    watch()


@shared_task
def verify_access_log() -> None:
    """Seal what a sealer that stood still left behind, and read every log again."""
    seal(timezone.now() - timedelta(days=7))
    verify_and_tell()


@shared_task
def anchor_access_log() -> None:
    """Keep the heads of all logs outside the database."""
    anchor_heads()


@shared_task
def let_go_of_access_log() -> None:
    """Delete rows of the access log whose term is over."""
    retention.let_go()


@shared_task(autoretry_for=[SMTPException, OSError], retry_backoff=True, max_retries=8)
def tell_of_grant(organization_id: str, grant_id: str) -> None:
    """Mail an organization's admins that the operator's staff asks to look in."""
    mail_of_grant(organization_id, grant_id)
