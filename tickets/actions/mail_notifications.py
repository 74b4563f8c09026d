"""The mail that says what waits: numbers and kinds, never a word of anybody's mail (docs/adr, notifications)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.tenancy import organization_scope
from tickets.models import Notification

WAIT = timedelta(minutes=2)  # what is read in the app by then needs no mail
BETWEEN = timedelta(minutes=10)  # two mails to one member
TOO_OLD = timedelta(days=1)  # is no news: after a standstill nobody gets what they have seen long ago
LINES = 50  # of one mail; what is more is a number


def members_to_mail(organization_id: UUID) -> list[UUID]:
    """Return the members for whom something waits and who got no such mail lately; in the organization's scope."""
    now = timezone.now()
    due = Notification.objects.filter(
        organization_id=organization_id, at__lt=now - WAIT, at__gt=now - TOO_OLD
    ).to_mail()
    lately = Notification.objects.filter(organization_id=organization_id, mailed_at__gt=now - BETWEEN)
    return list(
        due.exclude(member__in=lately.values("member_id")).values_list("member_id", flat=True).distinct()[:1000]
    )


def mail_notifications(organization_id: UUID, member_id: UUID) -> None:
    """Mail a member what waits, in one mail; nothing where it was read, mailed, or may not be seen any more.

    The rows are claimed before the mail leaves and given back where it does not, so that two runs send it once.
    """
    with organization_scope(organization_id):
        member = _held(member_id)
        if member is None or member_id not in members_to_mail(organization_id):
            return
        waiting = Notification.objects.filter(member=member).to_mail()
        seen = list(Notification.objects.visible_to(member).to_mail().select_related("ticket").order_by("at", "pk"))
        waiting.exclude(pk__in=[one.pk for one in seen]).update(by_mail=False)
        if not seen:
            return
        claimed = [one.pk for one in seen]
        Notification.objects.filter(pk__in=claimed).update(mailed_at=timezone.now())
        mail = _compose(member, seen)
    try:
        mail.send()
    except Exception:
        with organization_scope(organization_id):
            Notification.objects.filter(pk__in=claimed).update(mailed_at=None)
        raise


def _held(member_id: UUID) -> Membership | None:
    """Return the member, held until the transaction ends: a second run waits, and finds nothing left to do."""
    found = Membership.objects.select_for_update(of=("self",)).select_related("user", "organization")
    return found.reachable().filter(pk=member_id).first()


def _compose(member: Membership, seen: list[Notification]) -> EmailMessage:
    slug = member.organization.slug
    with translation.override(member.user.language):
        context = {
            "organization": member.organization.name,
            "count": len(seen),
            "lines": [_line(slug, one) for one in seen[:LINES]],
            "more": max(len(seen) - LINES, 0),
            "choices_url": settings.URL + reverse("tickets:notification_choices", args=[slug]),
        }
        subject = " ".join(render_to_string("tickets/email/notifications_subject.txt", context).split())
        body = render_to_string("tickets/email/notifications_message.txt", context)
    return EmailMessage(subject, body, to=[member.user.email])


def _line(slug: str, one: Notification) -> dict[str, Any]:
    said = {
        Notification.Kind.ASSIGNED: _("given to you or your team"),
        Notification.Kind.MENTIONED: _("you were mentioned in a note"),
        Notification.Kind.REPLY: _("a new answer"),
        Notification.Kind.MAILBOX: _("A mailbox needs somebody"),
    }[Notification.Kind(one.kind)]
    if one.ticket:
        url = reverse("tickets:ticket", args=[slug, one.ticket.number])
        return {
            "text": _("Ticket %(number)d: %(said)s") % {"number": one.ticket.number, "said": said},
            "url": settings.URL + url,
        }
    return {"text": said, "url": settings.URL + reverse("mailbox:mailboxes", args=[slug])}
