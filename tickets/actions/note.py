"""A remark for colleagues."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from tickets.actions.mention import mention, whom_it_calls
from tickets.actions.merged import refuse_if_merged
from tickets.actions.see import see
from tickets.history import announce
from tickets.models import Note, Ticket
from tickets.together.mentions import Named


@transaction.atomic
def add_note(ticket: Ticket, *, text: str, by: Membership, named: Named | None = None) -> Note:
    """Add a note and tell whom it calls by @name; it never leaves the desk and does not change whose turn it is.

    `named` is whom it calls, where the caller has asked `whom_it_calls` already.
    """
    if not text.strip():
        raise ActionRefused(_("The note is empty."))
    refuse_if_merged(ticket.lock())
    named = named or whom_it_calls(ticket, text)
    note = Note.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        mailbox_id=ticket.mailbox_id,
        author=by,
        text=text.strip(),
        at=timezone.now(),
    )
    ticket.last_activity_at = note.at
    ticket.save(update_fields=["last_activity_at"])
    see(ticket, by=by)
    mention(note, named.members.values(), by=by)
    announce(ticket)
    return note
