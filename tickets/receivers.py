"""What the desk does when mail arrives, leaves, or does not."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.live import publish
from accounts.models import Membership, Team
from accounts.sealing.digests import message_id_digest
from accounts.signals import access_changed, team_ending
from mailbox.models import Mailbox, OutboundEmail
from mailbox.signals import mail_arrived, mail_failed, mail_left, mailbox_changed
from tickets.actions.canned import give_to_admin
from tickets.actions.release import release_team, release_unreachable
from tickets.answering import AUTOMATIC
from tickets.history import announce, record
from tickets.models import Event, Message, ThreadKey
from tickets.tasks import file_mail
from tickets.together.after import after_health


@receiver(mail_arrived)
def file_what_arrived(organization_id: UUID, email_ids: list[UUID], **kwargs: Any) -> None:
    """Queue the filing once the mail is surely stored."""
    file_mail.delay_on_commit(str(organization_id), [str(pk) for pk in email_ids])


@receiver(mail_left)
def show_that_it_left(email: OutboundEmail, **kwargs: Any) -> None:
    """Tell the ticket's open pages; learn the Message-ID the provider gave it, so that answers find the ticket."""
    message = Message.objects.select_related("ticket").filter(outbound=email).first()
    if message is None:
        return
    if email.provider_message_id:
        _learn_provider_id(message, email.provider_message_id)
    announce(message.ticket)


@receiver(mail_failed)
def show_that_it_failed(email: OutboundEmail, **kwargs: Any) -> None:
    """Write the failure into the ticket's history and open it again: somebody must act, unless a machine wrote it."""
    message = Message.objects.select_related("ticket").filter(outbound=email).first()
    if message is None:
        return
    ticket = message.ticket.lock()
    if message.kind == AUTOMATIC:
        announce(ticket)
        return
    ticket.state, ticket.closed_at = ticket.State.OPEN, None
    ticket.save(update_fields=["state", "closed_at"])
    record(ticket, Event.Verb.SEND_FAILED)
    release_unreachable(ticket.organization_id, by=None, among=[ticket.pk])


@receiver(access_changed)
def release_what_is_out_of_sight(organization_id: UUID, by: Membership, **kwargs: Any) -> set[UUID]:
    """Take tickets from whoever may no longer see them."""
    return release_unreachable(organization_id, by=by)


@receiver(team_ending)
def release_what_the_team_has(team: Team, by: Membership, **kwargs: Any) -> set[UUID]:
    """Take the team off its tickets before it goes."""
    give_to_admin(team, by=by)
    return release_team(team, by=by)


@receiver(mailbox_changed)
def show_mailbox_health(mailbox: Mailbox, **kwargs: Any) -> None:
    """Tell open pages that a mailbox is another colour now, and admins of trouble that needs them."""
    after_health(mailbox)
    publish(mailbox.organization_id, "mailbox", mailbox=mailbox.pk)


def _learn_provider_id(message: Message, provider_message_id: str) -> None:
    ThreadKey.objects.bulk_create(
        [
            ThreadKey(
                organization_id=message.organization_id,
                digest=message_id_digest(message.organization_id, provider_message_id),
                ticket_id=message.ticket_id,
                message=message,
            )
        ],
        update_conflicts=True,
        unique_fields=["organization", "digest", "ticket"],
        update_fields=["message"],
    )
