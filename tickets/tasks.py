"""Doorbells of the desk: they take ids, call one action, and say when to ring again."""

import logging
import time
from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organization_ids
from mailbox.models import InboundEmail
from tickets.actions.acknowledge import acknowledge, to_acknowledge
from tickets.actions.bulk import carry_on, forget_changes, lost_changes
from tickets.actions.contacts.import_contacts import clear_up_imports, import_some
from tickets.actions.mail_notifications import mail_notifications, members_to_mail
from tickets.actions.receive import quarantine_email, receive_emails
from tickets.actions.refile import refile_some
from tickets.actions.schedule import send_scheduled
from tickets.actions.snooze import wake_due
from tickets.filing.ours import Ours
from tickets.filing.turn import serialize_filing
from tickets.models import Draft, Message, Notification

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
BATCH = 50  # mails filed in one transaction: a commit costs as much as a mail
RUN_SECONDS = 120  # of one task that works through many mails
NOTIFICATIONS_KEPT = timedelta(days=90)
LEFT_BEHIND = timedelta(minutes=2)  # stored that long ago and still not filed: its task was lost


@shared_task
def file_mail(organization_id: str, email_ids: list[str]) -> None:
    """File stored mails in the order given; what is filed already is left alone."""
    for start in range(0, len(email_ids), BATCH):
        file_batch(UUID(organization_id), [UUID(pk) for pk in email_ids[start : start + BATCH]])


@shared_task
def sweep_unfiled() -> None:
    """File what was stored and whose task was lost."""
    before = timezone.now() - LEFT_BEHIND
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            waiting = InboundEmail.objects.unfiled().filter(stored_at__lt=before).order_by("received_at", "pk")
            ids = [str(pk) for pk in waiting.values_list("pk", flat=True)[:1000]]
        if ids:
            file_mail.delay(str(organization_id), ids)


@shared_task
def refile_quarantined(organization_id: str, run_id: str) -> None:
    """Try again to read what is in quarantine; ring again where more waits, so that no worker is held for long."""
    until = time.monotonic() + RUN_SECONDS
    more = True
    while more and time.monotonic() < until:
        with organization_scope(organization_id):
            more = refile_some(UUID(run_id))
    if more:
        refile_quarantined.delay(organization_id, run_id)


@shared_task
def import_contacts(organization_id: str, import_id: str) -> None:
    """Take in a file of contacts, batch by batch; ring again where more rows wait, so that no worker is held long."""
    until = time.monotonic() + RUN_SECONDS
    more = True
    while more and time.monotonic() < until:
        with organization_scope(organization_id):
            more = import_some(UUID(import_id))
    if more:
        import_contacts.delay(organization_id, import_id)


@shared_task
def sweep_imports() -> None:
    """Delete files of contacts that nobody took in, and go on with what lost its worker."""
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            lost = clear_up_imports(organization_id)
        for import_id in lost:
            import_contacts.delay(str(organization_id), str(import_id))


@shared_task
def wake_snoozed() -> None:
    """Wake what is due, also what came due while nothing ran."""
    for organization_id in organization_ids():
        more = 1
        while more:
            with organization_scope(organization_id):
                more = wake_due(organization_id)


@shared_task
def carry_out(organization_id: str, change_id: str) -> None:
    """Carry a bulk change on; ring again where more is left, so that no worker is held for long."""
    until = time.monotonic() + RUN_SECONDS
    more = True
    while more and time.monotonic() < until:
        with organization_scope(UUID(organization_id)):
            more = carry_on(UUID(change_id))
    if more:
        carry_out.delay(organization_id, change_id)


@shared_task
def sweep_changes() -> None:
    """Carry on bulk changes whose worker was lost, and forget those nobody can take back any more."""
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            lost = lost_changes()
            forget_changes()
        for change_id in lost:
            carry_out.delay(str(organization_id), str(change_id))


@shared_task
def sweep_notifications() -> None:
    """Ring for every member to whom a mail is due about what waits in the app."""
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            due = members_to_mail(organization_id)
        for member_id in due:
            mail_member.delay(str(organization_id), str(member_id))


@shared_task(autoretry_for=[SMTPException, OSError], retry_backoff=True, max_retries=4)
def mail_member(organization_id: str, member_id: str) -> None:
    """Mail one member what waits; nothing where it was read meanwhile."""
    mail_notifications(UUID(organization_id), UUID(member_id))


@shared_task
def remove_old_notifications() -> None:
    """Forget what happened long ago."""
    before = timezone.now() - NOTIFICATIONS_KEPT
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            Notification.objects.filter(at__lt=before).delete()


def file_batch(organization_id: UUID, email_ids: list[UUID]) -> None:
    """File up to BATCH mails in one transaction; one that fails takes nothing with it."""
    with organization_scope(organization_id):
        # One filer at a time in an organization: an answer must see the mail it answers.
        serialize_filing(organization_id)
        ours = Ours.of(organization_id)
        organization = Organization.objects.get(pk=organization_id)
        found = InboundEmail.objects.unfiled().in_bulk(email_ids)
        emails = [found[pk] for pk in email_ids if pk in found]
        for email in emails:
            email.organization = organization  # one for all of them
        try:
            receive_emails(emails, ours)
        except Exception:  # noqa: BLE001 - one of them, so each is tried alone
            for email in emails:
                _file_alone(email, ours)
        for message_id in to_acknowledge(emails):
            acknowledge_mail.delay_on_commit(str(organization_id), str(message_id))


@shared_task
def acknowledge_mail(organization_id: str, message_id: str) -> None:
    """Answer a mail that opened a ticket by itself, where its mailbox wants that and a machine may."""
    with organization_scope(UUID(organization_id)):
        found = Message.objects.select_related("ticket__organization", "inbound").filter(pk=message_id).first()
        if found:
            acknowledge(found)


@shared_task
def send_later() -> None:
    """Send every answer whose time has come, each in a transaction of its own."""
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            due = list(Draft.objects.due().order_by("send_at").values_list("pk", flat=True)[:200])
        for draft_id in due:
            try:
                with organization_scope(organization_id):
                    send_scheduled(draft_id)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next answer must not wait for it
                logger.warning("Sending later failed: draft %s, %s", draft_id, type(error).__name__)


def _file_alone(email: InboundEmail, ours: Ours) -> None:
    try:
        receive_emails([email], ours)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next mail must not wait for it
        logger.warning("Filing failed: mail %s of mailbox %s, %s", email.pk, email.mailbox_id, type(error).__name__)
        email.attempts += 1
        email.save(update_fields=["attempts"])
        if email.attempts >= MAX_ATTEMPTS:
            quarantine_email(email, f"It could not be filed ({type(error).__name__}).")
