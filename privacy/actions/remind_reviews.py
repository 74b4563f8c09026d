"""Service mails to whoever has to look at a hold: a week before, and every week once it is overdue."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts.models import Membership, Organization, User
from privacy.models import LegalHold

log = logging.getLogger(__name__)
BEFORE = AGAIN = timedelta(days=7)


def remind_of_reviews(now: datetime | None = None) -> list[UUID]:
    """Write to the reviewers whose time has come, and return the holds; a mail that does not leave is tried again.

    Outside any scope. Where the reviewer has left, the organization's admins are written to.
    """
    now = now or timezone.now()
    due = LegalHold.objects.due_for_review(now + BEFORE)
    never, overdue = Q(reminded_at=None), Q(review_at__lte=now, reminded_at__lte=now - AGAIN)
    told = []
    for hold in due.filter(never | overdue).order_by("review_at"):
        organization = Organization.objects.filter(pk=hold.organization_id).first()
        try:
            for person in _people(hold):
                _mail(hold, organization, person, now).send()
        except (SMTPException, OSError) as error:
            log.warning("Review of hold %s could not be mailed: %s", hold.pk, type(error).__name__)
            continue
        LegalHold.objects.filter(pk=hold.pk).update(reminded_at=now)
        told.append(hold.pk)
    return told


def _people(hold: LegalHold) -> list[User]:
    if hold.is_operators:
        return list(User.objects.filter(pk=hold.reviewer_id, is_active=True, is_staff=True))
    roles = [Membership.Role.OWNER, Membership.Role.ADMIN]
    admins = Membership.objects.reachable().filter(organization_id=hold.organization_id, role__in=roles)
    people = [one.user for one in admins.select_related("user").order_by("pk")]
    return [one for one in people if one.pk == hold.reviewer_id] or people


def _mail(hold: LegalHold, organization: Organization | None, person: User, now: datetime) -> EmailMessage:
    page = (
        reverse("privacy:hold", args=[organization.slug, hold.pk])
        if organization and not hold.is_operators
        else reverse("admin:privacy_legalhold_change", args=[hold.pk])
    )
    with translation.override(person.language):
        context = {
            "organization": organization.name if organization else str(hold.organization_id),
            "on": date_format(timezone.localtime(hold.review_at), "j F Y"),
            "overdue": hold.review_at <= now,
            "url": f"{settings.URL}{page}",
        }
        subject = " ".join(render_to_string("privacy/email/hold_review_subject.txt", context).split())
        body = render_to_string("privacy/email/hold_review_message.txt", context)
    return EmailMessage(subject, body, to=[person.email])
