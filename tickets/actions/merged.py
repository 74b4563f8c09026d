"""What cannot be done to a ticket whose mails are in another one now."""

from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from tickets.models import Ticket


def refuse_if_merged(ticket: Ticket) -> None:
    """Decline, with the number of the ticket to go to, where this one was merged; for actions that hold it."""
    if ticket.merged_into is not None:
        raise ActionRefused(_("This ticket was merged into #%(number)d.") % {"number": ticket.merged_into.number})
