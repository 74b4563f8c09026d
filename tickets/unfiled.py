"""Mails that are stored and in no ticket as they should be: lists of them, a page at a time, and what a row says."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.sealing.errors import SealingError
from mailbox.models import InboundEmail
from tickets.newest import Cursor, Order
from tickets.originals import peek
from tickets.visible import reveal

PAGE = 25
LATE = timedelta(minutes=2)  # stored that long ago and not filed yet
_ORDER = Order("unfiled", ("-stored_at", "-pk"))
_BODIES = ("new_text", "whole_text", "html")


def page_of(organization: Organization, state: str, before: Cursor | None) -> list[InboundEmail]:
    """Return one row more than a page, newest first, so that one knows whether there are older ones."""
    found = InboundEmail.objects.filter(organization=organization, state=state)
    if before is not None:
        at, pk = before
        found = found.filter(Q(stored_at__lt=at) | Q(stored_at=at, pk__lt=pk))
    found = found.select_related("mailbox", "message__ticket").defer(*(f"message__{name}" for name in _BODIES))
    if state == InboundEmail.State.QUARANTINED:  # these have a message that says who wrote
        found = found.defer("raw_inline")
    return list(found.order_by("-stored_at", "-pk")[: PAGE + 1])


def waiting(organization: Organization) -> dict[str, Any]:
    """Return how many mails are stored and late to be filed, and since when."""
    late = InboundEmail.objects.unfiled().filter(organization=organization, stored_at__lt=timezone.now() - LATE)
    return late.aggregate(count=Count("pk"), since=Min("stored_at"))


def row_of(email: InboundEmail) -> dict[str, Any]:
    """Return what the list says of one mail; where its key or its original is gone, that."""
    row: dict[str, Any] = {
        "id": email.pk,
        "at": email.received_at,
        "size": email.size,
        "ticket": None,
        "sender": "",
        "address": "",
        "subject": "",
        "reason": "",
        "mailbox": "",
        "is_gone": False,
    }
    try:
        row |= {"mailbox": email.mailbox.address, "reason": email.reason, **_written(email)}
    except (SealingError, FileNotFoundError):
        row |= {"is_gone": True, "reason": _("What it says was erased with its mailbox.")}
    return row


def after(email: InboundEmail) -> str:
    """Return what a link to the next page says."""
    return _ORDER.cursor_at(email.stored_at, email.pk)


def cursor_of(text: str) -> Cursor | None:
    """Return what a link said; ValueError where no link of ours said it."""
    return _ORDER.cursor_of(text)


def _written(email: InboundEmail) -> dict[str, Any]:
    """Return who wrote about what: as the message says, or as the headers do where there is none."""
    message = getattr(email, "message", None)
    if message is None:
        person, subject = peek(email)
        name, address = (person.name, person.email) if person else ("", "")
    else:
        name, address = next(iter(message.people("from")), ("", ""))
        subject = str(message.headers.get("subject", ""))
    known = "" if address == "unknown@invalid" else address
    return {
        "sender": reveal(name or known),
        "address": reveal(known if name else ""),
        "subject": reveal(subject),
        "ticket": message.ticket if message else None,
    }
