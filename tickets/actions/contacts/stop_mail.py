"""What waits in the outbox for people who are to get nothing any more."""

from collections.abc import Iterable
from uuid import UUID

from mailbox.actions.deliver_email import fail_email
from mailbox.models import OutboundEmail
from tickets.models import ContactAddress, Message
from tickets.people import digests_of


def stop_mail_to(contact_ids: Iterable[UUID]) -> None:
    """Fail every mail of ours that waits to leave to one of these contacts; repeats safely.

    Its ticket opens again and says why. One the provider is being asked to take at this moment may still leave, and is
    then written down as sent. What waits for a time of its own is checked when that comes.
    """
    addresses = ContactAddress.objects.filter(contact__in=list(contact_ids))
    digests = {bytes(digest) for digest in addresses.values_list("digest", flat=True)}
    waiting = Message.objects.filter(outbound__in=OutboundEmail.objects.unsent()).order_by("pk")
    ids = [one.outbound_id for one in waiting if one.outbound_id and not digests.isdisjoint(_readers(one))]
    for email in OutboundEmail.objects.unsent().select_for_update().filter(pk__in=ids).order_by("pk"):
        fail_email(email, OutboundEmail.Failure.RESTRICTED)


def _readers(message: Message) -> list[bytes]:
    return digests_of(message.organization_id, [address for _name, address in message.recipients])
