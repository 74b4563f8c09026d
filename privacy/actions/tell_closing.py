"""The mail about a closed account: the link under which its page can be seen when no account is left."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import Membership, Organization
from privacy.certificates.names import new_closing_link
from privacy.models import DeletionJob

logger = logging.getLogger(__name__)


def mail_closing_link(job: DeletionJob, organization: Organization) -> None:
    """Make the link and mail it to the owners once the closing is surely stored; a new link ends the one before.

    The link stands in the mail only, so no queue carries it and the mail leaves here. A mail server that is down does
    not stop the closing: the page of the owner offers to send it again.
    """
    token = new_closing_link(job, organization.name)
    owners = organization.memberships.reachable().filter(role=Membership.Role.OWNER).select_related("user")
    mails = [_compose(one, organization, token, job) for one in owners]
    transaction.on_commit(lambda: _send(mails, job))


def _send(mails: list[EmailMessage], job: DeletionJob) -> None:
    for mail in mails:
        try:
            mail.send()
        except (SMTPException, OSError) as error:
            logger.warning("The link of closing %s could not be mailed: %s", job.pk, type(error).__name__)


def _compose(owner: Membership, organization: Organization, token: str, job: DeletionJob) -> EmailMessage:
    with translation.override(owner.user.language):
        context = {
            "organization": organization.name,
            "url": settings.URL + reverse("closed", args=[token]),
            "undo_url": settings.URL + reverse("closing", args=[organization.pk]),
            "job": job,
        }
        subject = " ".join(render_to_string("privacy/email/closed_subject.txt", context).split())
        body = render_to_string("privacy/email/closed_message.txt", context)
    return EmailMessage(subject, body, to=[owner.user.email])
