"""The part of Gmail's search language a helpdesk uses."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from mailbox.simulator.clock import now
from mailbox.simulator.google.errors import refuse
from mailbox.simulator.models.mail import MessageQuerySet

TERM = re.compile(r'(-?)(?:(\w+):)?("[^"]*"|\S+)')
PLACES = {"inbox": "INBOX", "sent": "SENT", "drafts": "DRAFT", "draft": "DRAFT", "spam": "SPAM", "trash": "TRASH"}
UNITS = {"d": 1, "m": 30, "y": 365}


def search(messages: MessageQuerySet, query: str) -> MessageQuerySet:
    """The messages a search finds; terms are joined by and, a minus turns one round."""
    for minus, operator, quoted in TERM.findall(query):
        condition = _condition(operator.lower(), quoted.strip('"'))
        messages = messages.exclude(condition) if minus else messages.filter(condition)
    return messages


def names_hidden_place(query: str) -> bool:
    """Whether a search asks for spam, trash or everywhere by name."""
    return bool(re.search(r"\b(in|is|label):(anywhere|spam|trash)\b", query, re.IGNORECASE))


def _condition(operator: str, text: str) -> Q:
    if operator in CONDITIONS:
        return CONDITIONS[operator](text)
    words = f"{operator}:{text}" if operator else text
    return Q(subject__icontains=words) | Q(snippet__icontains=words)


def _place(text: str) -> Q:
    if text.lower() == "anywhere":
        return Q()
    if text.lower() == "read":
        return ~Q(labels__contains=" UNREAD ")
    return Q(labels__icontains=f" {PLACES.get(text.lower(), text)} ")


def _moment(text: str) -> datetime:
    if text.isdigit() and len(text) > 8:
        return datetime.fromtimestamp(int(text), UTC)
    try:
        year, month, day = re.split(r"[/-]", text)
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        refuse(400, "invalidArgument", "Invalid query")


def _span(text: str) -> timedelta:
    if not re.fullmatch(r"\d+[dmy]", text.lower()):
        refuse(400, "invalidArgument", "Invalid query")
    return timedelta(days=int(text[:-1]) * UNITS[text[-1].lower()])


def _addressed(text: str) -> Q:
    return Q(recipients__icontains=text)


CONDITIONS: dict[str, Callable[[str], Q]] = {
    "rfc822msgid": lambda text: Q(internet_message_id=f"<{text.strip('<>')}>"),
    "after": lambda text: Q(received_at__gte=_moment(text)),
    "newer": lambda text: Q(received_at__gte=_moment(text)),
    "before": lambda text: Q(received_at__lt=_moment(text)),
    "older": lambda text: Q(received_at__lt=_moment(text)),
    "newer_than": lambda text: Q(received_at__gte=now() - _span(text)),
    "older_than": lambda text: Q(received_at__lt=now() - _span(text)),
    "in": _place,
    "is": _place,
    "label": _place,
    "from": lambda text: Q(sender_address__icontains=text) | Q(sender_name__icontains=text),
    "to": _addressed,
    "cc": _addressed,
    "bcc": _addressed,
    "deliveredto": _addressed,
    "subject": lambda text: Q(subject__icontains=text),
    "has": lambda _: Q(has_attachments=True),
}
