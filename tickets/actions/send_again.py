"""An answer that was not sent, once more."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from mailbox.actions.retry_email import retry_email
from tickets.actions.merged import refuse_if_merged
from tickets.history import announce
from tickets.models import Message, Ticket
from tickets.sending import refuse_restricted


@transaction.atomic
def send_again(message: Message, *, by: Membership) -> None:
    """Queue an answer that failed, as it was written; one that is on its way or has left is left alone.

    The ticket waits for the contact again. Where the provider did not say whether it left, it is looked for first, so
    nobody gets it twice. Where it was an answer before a restriction, it is refused as a new one would be.
    """
    ticket = Ticket.objects.select_related("mailbox").get(pk=message.ticket_id)
    refuse_if_merged(ticket.lock())
    if message.outbound is None:
        raise ActionRefused(_("The mail is not in the outbox any more: write it again."))
    refuse_restricted(ticket.mailbox, message.recipients)
    if not retry_email(message.outbound, by=by):
        return
    if ticket.state == Ticket.State.OPEN:
        ticket.state = Ticket.State.PENDING
        ticket.save(update_fields=["state"])
    announce(ticket)
