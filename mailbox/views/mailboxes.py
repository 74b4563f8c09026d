"""The mailboxes: which there are, how they fare, and what they are called. These pages never ask a provider."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind, keys
from mailbox.models import Mailbox, OutboundEmail
from mailbox.views.why import why

GONE_SHOWN = 20
_UNSENT = Q(outbound_emails__state__in=[OutboundEmail.State.QUEUED, OutboundEmail.State.SENDING])


@require_safe
@admins_only
def mailboxes(request: DeskRequest) -> HttpResponse:
    """List the mailboxes with their health, since when and why."""
    connected = request.organization.mailboxes.connected().select_related("connected_by__user").order_by("pk")
    rows: list[Any] = list(connected.annotate(waiting_count=Count("outbound_emails", filter=_UNSENT)))
    gone: list[Any] = list(
        request.organization.mailboxes.filter(state=Mailbox.State.DISCONNECTED).order_by("-disconnected_at")[
            :GONE_SHOWN
        ]
    )
    keys.warm(Kind.MAILBOX, {mailbox.pk for mailbox in [*rows, *gone]})
    for mailbox in rows:
        mailbox.why = why(mailbox)
    for mailbox in gone:
        mailbox.address = _address_of(mailbox)
    return render(request, "mailbox/mailboxes.html", about(request, mailboxes=rows, gone=gone))


@require_safe
@admins_only
def connected(request: DeskRequest, mailbox_id: UUID) -> HttpResponse:
    """Say that the mailbox is connected, and what happens next."""
    mailbox = get_object_or_404(request.organization.mailboxes.connected(), pk=mailbox_id)
    return render(request, "mailbox/connected.html", about(request, mailbox=mailbox))


def about(request: DeskRequest, **more: Any) -> dict[str, Any]:
    """Return what every page about mailboxes knows."""
    return {
        "organization": request.organization,
        "membership": request.membership,
        "poll_seconds": settings.MAILBOX_POLL_SECONDS,
        **more,
    }


def _address_of(mailbox: Mailbox) -> str:
    try:
        return str(mailbox.address)
    except SealingError:  # its key was destroyed, and with it what it was called
        return _("Erased")
