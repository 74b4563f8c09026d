"""What a retention rule and its changes say, in sentences."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.models import RetentionRule

Kind, Does, Unit = RetentionRule.Kind, RetentionRule.Does, RetentionRule.Unit


def period(amount: int, unit: str) -> str:
    """Return how long: "12 months"."""
    if unit == Unit.DAYS:
        return ngettext("%(count)d day", "%(count)d days", amount) % {"count": amount}
    return ngettext("%(count)d month", "%(count)d months", amount) % {"count": amount}


def sentence(kind: str, said: Mapping[str, Any]) -> str:
    """Return what a rule that says this does."""
    after = period(said["amount"], said["unit"])
    if kind == Kind.CLOSED and said["does"] == Does.ANONYMISE:
        return _("Closed tickets are made anonymous %(period)s after they were closed.") % {"period": after}
    return {
        Kind.CLOSED: _("Closed tickets are deleted %(period)s after they were closed."),
        Kind.SPAM: _("Spam is deleted %(period)s after the last mail."),
        Kind.FILES: _("Attachments and originals are removed %(period)s after their mail came or left."),
        Kind.CONTACTS: _("Contacts without tickets are deleted %(period)s after they were added."),
    }[Kind(kind)] % {"period": after}


def counted(kind: str, count: int) -> str:
    """Return how many things that are, in words."""
    words = {
        Kind.CLOSED: ngettext("%(count)d ticket", "%(count)d tickets", count),
        Kind.SPAM: ngettext("%(count)d ticket", "%(count)d tickets", count),
        Kind.FILES: ngettext("%(count)d mail with attachments", "%(count)d mails with attachments", count),
        Kind.CONTACTS: ngettext("%(count)d contact", "%(count)d contacts", count),
    }
    return words[Kind(kind)] % {"count": count}


def title(kind: str) -> str:
    """Return what a rule is about."""
    return str(Kind(kind).label)


def said_before_and_after(kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[str, str]:
    """Return an instruction's old and new words."""
    off = _("Off.")
    old = "" if before is None else sentence(kind, before) if before["is_enabled"] else off
    return old, sentence(kind, after) if after["is_enabled"] else off
