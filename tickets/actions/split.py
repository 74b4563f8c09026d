"""One ticket that is two conversations."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from tickets.actions.merged import refuse_if_merged
from tickets.filing.turn import serialize_filing
from tickets.history import record
from tickets.models import Event, Message, ThreadKey, Ticket, TicketSequence
from tickets.moving import recount


@transaction.atomic
def split_message(message: Message, *, by: Membership, alone: bool = False) -> Ticket:
    """Open a new ticket with this mail and what came after it, and return it; answers to those mails go there.

    `alone` takes this mail only. Something must be left of the old ticket. Notes stay. `merge_tickets` takes it back.
    """
    serialize_filing(message.organization_id)
    message.refresh_from_db(fields=["ticket"])
    ticket = message.ticket.lock()
    refuse_if_merged(ticket)
    moved = ticket.messages.filter(Q(pk=message.pk) if alone else _from(message))
    if not ticket.messages.exclude(pk__in=moved.values("pk")).exists():
        raise ActionRefused(_("This is the first mail of the ticket: nothing would be left of it."))
    ids = list(moved.values_list("pk", flat=True))
    new = _open(ticket, message)
    Message.objects.filter(pk__in=ids).update(ticket=new, merged_from=None)
    _move_keys(ticket, new, ids)
    for one in (ticket, new):
        recount(one)
    newest = new.messages.order_by("-at", "-pk").first()
    if newest is not None and newest.is_outbound:
        new.state = Ticket.State.PENDING
        new.save(update_fields=["state"])
    record(ticket, Event.Verb.SPLIT, by=by, other=new)
    record(new, Event.Verb.SPLIT_OFF, by=by, other=ticket)
    return new


def _from(message: Message) -> Q:
    return Q(at__gt=message.at) | Q(at=message.at, pk__gte=message.pk)


def _open(ticket: Ticket, message: Message) -> Ticket:
    return Ticket.objects.create(
        organization_id=ticket.organization_id,
        number=TicketSequence.next(ticket.organization_id),
        mailbox_id=ticket.mailbox_id,
        contact_id=message.sender_id or ticket.contact_id,
        subject=str(message.headers.get("subject") or ticket.subject),
        assignee_id=ticket.assignee_id,
        team_id=ticket.team_id,
        related_to=ticket,
        created_at=message.at,
        last_activity_at=message.at,
        waiting_since=message.at,
        priority=ticket.priority,
    )


def _move_keys(ticket: Ticket, new: Ticket, ids: list[UUID]) -> None:
    """Let the ids of the moved mails lead to the new ticket, and no longer to the old one."""
    moved = dict(
        Message.objects.filter(pk__in=ids, message_id_digest__isnull=False).values_list("pk", "message_id_digest")
    )
    of_moved = Q(message__in=ids) | Q(digest__in=[bytes(digest) for digest in moved.values() if digest is not None])
    old = ThreadKey.objects.filter(of_moved, ticket=ticket)
    names = {bytes(key.digest): key.message_id for key in old}
    names |= {bytes(digest): pk for pk, digest in moved.items() if digest is not None}
    old.delete()
    ThreadKey.objects.bulk_create(
        [
            ThreadKey(organization_id=new.organization_id, digest=digest, ticket=new, message_id=message_id)
            for digest, message_id in names.items()
        ],
        ignore_conflicts=True,
    )
