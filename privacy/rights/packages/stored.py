"""Mails that are stored and in no ticket: what came since a person was restricted, and what waits to be filed."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.sealing.errors import SealingError
from mailbox.models import InboundEmail
from privacy.rights.packages.masking import Masker
from privacy.rights.traces import Traces
from tickets.mail import ParsedMail, parse

LABEL = InboundEmail._meta.label


def stored(ids: Collection[UUID]) -> Iterator[tuple[InboundEmail, ParsedMail]]:
    """Yield these mails with what they say, oldest first; a copy of a mail that is in a ticket says nothing more."""
    unfiled = InboundEmail.objects.filter(pk__in=ids, message=None).exclude(state=InboundEmail.State.SKIPPED)
    for email in unfiled.order_by("received_at", "pk").iterator(chunk_size=200):
        try:
            yield email, parse(email.raw())
        except (SealingError, FileNotFoundError):  # its key or its file went while the package was made
            continue


def is_by(mail: ParsedMail, traces: Traces) -> bool:
    """Return whether the person wrote it, as its From says."""
    return mail.from_ is not None and traces.is_person(mail.from_.email, mail.from_.name)


def shown(email: InboundEmail, mail: ParsedMail, masker: Masker) -> dict[str, Any]:
    """Return a mail as the package tells of it; others are masked in what the person did not write."""
    is_own = is_by(mail, masker.traces)
    where = _("Stored mail of %(day)s") % {"day": localtime(email.received_at).strftime("%Y-%m-%d %H:%M")}
    headers = {"from": [mail.from_] if mail.from_ else [], "to": mail.to, "cc": mail.cc}
    people = {name: [(one.name, one.email) for one in found] for name, found in headers.items()}
    return {
        "id": str(email.pk),
        "at": email.received_at.isoformat(),
        "written_by_the_person": is_own,
        **{name: masker.people(found, where) for name, found in people.items()},
        "subject": mail.subject if is_own else masker.text(mail.subject, where),
        "text": mail.text if is_own else masker.text(mail.text, where),
        "path": f"stored/{email.pk}.eml" if is_own else None,
    }
