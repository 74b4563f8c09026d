"""Another mailbox for a ticket: who may see it changes, and where answers leave from."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.live import publish
from accounts.models import Membership
from accounts.sealing.errors import SealingError
from mailbox.access import may_see
from mailbox.models import Mailbox
from tickets.actions.merged import refuse_if_merged
from tickets.actions.release import release_unreachable
from tickets.filing.turn import serialize_filing
from tickets.history import record
from tickets.models import Event, Ticket
from tickets.moving import relocate


@transaction.atomic
def move_ticket(ticket: Ticket, *, to: Mailbox, by: Membership) -> None:
    """Move a ticket with its mails, notes and files into another mailbox that this member sees.

    Answers leave from that mailbox from now on. Answers of the contact to older mails still reach the old one, and
    come here. Who had the ticket and may not see it there no longer has it.
    There already: no change.
    """
    serialize_filing(ticket.organization_id)
    refuse_if_merged(ticket.lock())
    if ticket.mailbox_id == to.pk:
        return
    if to.is_disconnected or not may_see(by, to.pk):
        raise ActionRefused(_("Choose a connected mailbox that you may see."))
    before = ticket.mailbox
    try:
        relocate(ticket, to)
    except SealingError:
        raise ActionRefused(_("The mails cannot be read any more: the key of their mailbox is gone.")) from None
    record(ticket, Event.Verb.MOVED, by=by, mailbox=before)
    publish(ticket.organization_id, "ticket", ticket=ticket.pk, number=ticket.number, mailbox=before.pk)
    if release_unreachable(ticket.organization_id, by=by, among=[ticket.pk]):
        ticket.refresh_from_db(fields=["assignee", "team"])
