"""What an agent is writing on a ticket, answer and note: kept, found again, thrown away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Membership
from tickets.actions.attach import NewFile
from tickets.actions.keep_draft import forget_words, keep_file, keep_words
from tickets.models import Draft, DraftFile, Ticket

WORDS = frozenset({"sender", "to", "cc", "bcc", "text", "html", "quotes", "answered", "seen", "warned"})
NOTE = frozenset({"note"})


def draft_of(ticket: Ticket, member: Membership) -> Draft | None:
    """Return what this member is writing on the ticket, else on one that was merged into it."""
    drafts = Draft.objects.being_written().on(ticket).filter(author=member)
    return drafts.order_by(F("ticket__merged_into").asc(nulls_first=True), "pk").first()


@transaction.atomic
def save_draft(ticket: Ticket, said: Mapping[str, Any], *, by: Membership, version: int | None = None) -> Draft | None:
    """Keep these fields of a draft and leave its others alone; a draft that says nothing any more is thrown away.

    With the `version` a window began from, another window's newer words are not overwritten: DraftChanged.
    """
    return keep_words(_held(ticket, by) or new_draft(ticket, by), said, version)


@transaction.atomic
def discard_draft(ticket: Ticket, *, by: Membership, fields: frozenset[str] = WORDS | NOTE) -> None:
    """Throw away what this member was writing, or only these fields of it; without a draft nothing changes."""
    if (draft := _held(ticket, by)) is not None:
        forget_words(draft, fields, files=fields >= WORDS)


@transaction.atomic
def attach_to_draft(ticket: Ticket, file: NewFile, *, by: Membership) -> DraftFile:
    """Seal an uploaded file into the draft, which begins with it where there was none; too much is declined."""
    return keep_file(_held(ticket, by) or new_draft(ticket, by), file)


def new_draft(ticket: Ticket, by: Membership, saved_at: datetime | None = None) -> Draft:
    """Return an empty draft, not saved; it is sealed for the ticket's mailbox."""
    return Draft(
        organization_id=ticket.organization_id,
        ticket=ticket,
        mailbox_id=ticket.mailbox_id,
        author=by,
        said={},
        version=0,
        saved_at=saved_at or timezone.now(),
    )


def _held(ticket: Ticket, by: Membership) -> Draft | None:
    """Return the draft and hold it; two windows of one agent that save at the same moment take turns at the ticket."""
    Ticket.objects.select_for_update(no_key=True).filter(pk=ticket.pk).values_list("pk").first()
    return draft_of(ticket, by)
