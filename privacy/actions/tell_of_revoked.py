"""Service mails to the admins of a mailbox whose permission was taken back: what happens when, and how to stop it."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from accounts.models import Membership
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy import clock
from privacy.actions.request_deletion import is_closing
from privacy.models import DeletionJob

logger = logging.getLogger(__name__)

NOTICES = tuple(timedelta(days=days) for days in (0, 7, 21, 27))  # after the permission was first seen to be gone
BEFORE_THE_END = timedelta(days=1)  # between the last notice and the deletion, even after an outage


def tell_of_revoked() -> int:
    """Mail the notices that are due and return how many jobs were told of; after an outage one stands for all.

    A mail that did not leave is tried again by the next run. Nothing is deleted within a day of the last notice.
    """
    told = 0
    waiting = DeletionJob.objects.filter(state=DeletionJob.State.GRACE, cause=DeletionJob.Cause.REVOKED)
    for job in waiting.filter(notices_sent__lt=len(NOTICES)).order_by("requested_at"):
        due = sum(clock.now() >= job.requested_at + after for after in NOTICES)
        if due > job.notices_sent and not is_closing(job.organization_id) and _tell(job, due):
            told += 1
    return told


def _tell(job: DeletionJob, due: int) -> bool:
    with organization_scope(job.organization_id):
        mails = _mails(job)
    try:
        for mail in mails:
            mail.send()
    except (SMTPException, OSError) as error:
        logger.warning("Notice of deletion %s could not be mailed: %s", job.pk, type(error).__name__)
        return False
    with transaction.atomic():
        held = DeletionJob.objects.select_for_update().get(pk=job.pk)
        held.notices_sent = due
        if due == len(NOTICES):
            held.run_after = min(max(held.run_after, clock.now() + BEFORE_THE_END), max(held.run_after, held.due_at))
        held.save(update_fields=["notices_sent", "run_after"])
    return True


def _mails(job: DeletionJob) -> list[EmailMessage]:
    mailbox = Mailbox.objects.select_related("organization").get(pk=job.target_id)
    admins = Membership.objects.reachable().filter(
        organization_id=job.organization_id, role__in=[Membership.Role.OWNER, Membership.Role.ADMIN]
    )
    return [_mail(job, mailbox, admin) for admin in admins.select_related("user")]


def _mail(job: DeletionJob, mailbox: Mailbox, admin: Membership) -> EmailMessage:
    page = reverse("mailbox:mailboxes", args=[mailbox.organization.slug])
    with translation.override(admin.user.language):
        context = {
            "organization": mailbox.organization.name,
            "provider": mailbox.get_provider_display(),
            "on": date_format(job.run_after, "DATE_FORMAT"),
            "url": settings.URL + page,
        }
        subject = " ".join(render_to_string("privacy/email/permission_gone_subject.txt", context).split())
        body = render_to_string("privacy/email/permission_gone_message.txt", context)
    return EmailMessage(subject, body, to=[admin.user.email])
