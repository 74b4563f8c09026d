"""Alarms: who answers a request is told on day 14, 21 and 27, before the end of an extension, and when it is over."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organization_ids
from privacy.models import DataSubjectRequest
from privacy.rights.history import Verb, record

logger = logging.getLogger(__name__)
LATE = 1000  # the alarm of a case whose time is over: once


@dataclass(frozen=True)
class Alarm:
    """One alarm that is due, and whom it wakes: addresses with their language."""

    request: DataSubjectRequest
    day: int
    url: str
    people: tuple[tuple[str, str], ...]


def remind_requests(now: datetime | None = None) -> int:
    """Send every alarm that is due and was not sent; of several that were missed, the last. Return how many left.

    Runs as often as wanted: an alarm that left is remembered in the case. One whose mail fails is tried again.
    """
    now = now or timezone.now()
    sent = sum(_send(one, None) for one in _of_operator(now))
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            due = list(_of_organization(organization_id, now))
        sent += sum(_send(one, organization_id) for one in due)
    return sent


def alarm_due(request: DataSubjectRequest, now: datetime) -> int | None:
    """Return which alarm of a case is due and not sent; None where its clock stands still or it is closed."""
    if request.is_closed or request.is_paused:
        return None
    days = request.clock.alarms_due(now)
    if request.is_late(now):
        days.append(LATE)
    sent = set(request.requestevents.filter(day__isnull=False).values_list("day", flat=True))
    return days[-1] if days and days[-1] not in sent else None


def _of_operator(now: datetime) -> Iterable[Alarm]:
    people = ((settings.DPO_EMAIL, settings.LANGUAGE_CODE),) if settings.DPO_EMAIL else ()
    for request in DataSubjectRequest.objects.of_the_operator().unfinished():
        day = alarm_due(request, now)
        if day is not None:
            url = reverse("admin:privacy_datasubjectrequest_change", args=[request.pk])
            yield Alarm(request, day, settings.URL + url, people)


def _of_organization(organization_id: UUID, now: datetime) -> Iterable[Alarm]:
    requests = [
        (request, day)
        for request in DataSubjectRequest.objects.unfinished()
        if (day := alarm_due(request, now)) is not None
    ]
    if not requests:
        return
    roles = (Membership.Role.OWNER, Membership.Role.ADMIN)
    admins = Membership.objects.reachable().filter(organization_id=organization_id, role__in=roles)
    people = tuple(admins.values_list("user__email", "user__language"))
    slug = Organization.objects.values_list("slug", flat=True).get(pk=organization_id)
    for request, day in requests:
        url = reverse("rights:case", args=[slug, request.pk])
        yield Alarm(request, day, settings.URL + url, people)


def _send(alarm: Alarm, organization_id: UUID | None) -> bool:
    """Mail an alarm, then remember it: a case number, a date and a link, and nothing about the person."""
    try:
        for address, language in alarm.people:
            _compose(alarm, address, language).send()
    except (SMTPException, OSError) as error:
        logger.warning("An alarm did not leave: case %s, %s", alarm.request.pk, type(error).__name__)
        return False
    try:
        if organization_id is None:
            with transaction.atomic():
                _remember(alarm)
        else:
            with organization_scope(organization_id):
                _remember(alarm)
    except IntegrityError:  # another run was quicker
        return False
    return True


def _remember(alarm: Alarm) -> None:
    record(alarm.request, Verb.LATE if alarm.day == LATE else Verb.REMINDED, day=alarm.day)


def _compose(alarm: Alarm, address: str, language: str) -> EmailMessage:
    request = alarm.request
    with translation.override(language):
        context = {
            "number": request.case_number,
            "right": request.get_right_display(),
            "due_on": date_format(request.clock.due_on, "DATE_FORMAT"),
            "is_late": alarm.day == LATE,
            "url": alarm.url,
        }
        subject = " ".join(render_to_string("privacy/email/alarm_subject.txt", context).split())
        body = render_to_string("privacy/email/alarm_message.txt", context)
    return EmailMessage(subject, body, to=[address])
