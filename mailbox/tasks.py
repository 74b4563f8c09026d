"""Doorbells of the mailboxes: they take ids, call one action, and say when to ring again."""

from uuid import UUID

from celery import shared_task
from django.conf import settings

from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organization_ids
from mailbox.actions import sync_mailbox as syncing
from mailbox.actions.begin_consent import forget_old_consents
from mailbox.actions.deliver_email import deliver_email, due_emails
from mailbox.actions.revoke_grant import revoke_grant, unrevoked_mailboxes

RING_AGAIN_UP_TO = 60  # seconds; what waits longer is left to the sweep


@shared_task
def poll_mailboxes() -> None:
    """Queue one sync for each mailbox that may be asked now, so that none waits for another."""
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            due = [str(pk) for pk in syncing.due_mailboxes()]
        for mailbox_id in due:
            sync_mailbox.apply_async([str(organization_id), mailbox_id], expires=settings.MAILBOX_POLL_SECONDS * 4)


@shared_task
def sync_mailbox(organization_id: str, mailbox_id: str) -> None:
    """Bring in what is new; ring again at once where more waits."""
    if syncing.sync_mailbox(UUID(organization_id), UUID(mailbox_id)).more:
        sync_mailbox.delay(organization_id, mailbox_id)


@shared_task(soft_time_limit=240, time_limit=270)
def deliver(organization_id: str, email_id: str) -> None:
    """Send one mail of the outbox; ring again when its time comes, and for the next of its conversation."""
    outcome = deliver_email(UUID(organization_id), UUID(email_id))
    if outcome.next_id:
        deliver.delay(organization_id, str(outcome.next_id))
    if outcome.again_in is not None and outcome.again_in <= RING_AGAIN_UP_TO:
        deliver.apply_async([organization_id, email_id], countdown=outcome.again_in)


@shared_task
def sweep_outbox() -> None:
    """Ring for every mail whose task was lost or whose time has come."""
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            due = [str(pk) for pk in due_emails()]
        for email_id in due:
            deliver.delay(str(organization_id), email_id)


@shared_task
def sweep_consents() -> None:
    """Forget consents that were begun and not finished; hand back permissions that could not be handed back before."""
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            forget_old_consents()
            waiting = [str(pk) for pk in unrevoked_mailboxes()]
        for mailbox_id in waiting:
            revoke.delay(str(organization_id), mailbox_id)


@shared_task
def revoke(organization_id: str, mailbox_id: str) -> None:
    """Hand a disconnected mailbox's permission back to the provider."""
    revoke_grant(UUID(organization_id), UUID(mailbox_id))
