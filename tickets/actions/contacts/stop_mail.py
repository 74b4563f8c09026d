"""What waits in the outbox for people who are to get nothing any more."""

from collections.abc import Iterable
from uuid import UUID

from accounts.sealing.digests import address_digest
from mailbox.actions.deliver_email import fail_email
from mailbox.models import OutboundEmail
from tickets.models import ContactAddress, Message


def stop_mail_to(contact_ids: Iterable[UUID]) -> int:
    """Fail every mail of ours that waits to leave to one of these contacts, and return how many; repeats safely.

    Its ticket opens again and says why. One the provider is being asked to take at this moment may still leave, and is
    then written down as sent. What waits for a time of its own is checked when that comes.
    """
    addresses = ContactAddress.objects.filter(contact__in=list(contact_ids))
    digests = {bytes(digest) for digest in addresses.values_list("digest", flat=True)}
    waiting = Message.objects.filter(outbound__in=OutboundEmail.objects.unsent()).order_by("pk")
    ids = [one.outbound_id for one in waiting if one.outbound_id and digests & set(_recipients(one))]
    emails = OutboundEmail.objects.unsent().select_for_update().filter(pk__in=ids).order_by("pk")
    stopped = 0
    for email in emails:
        fail_email(email, OutboundEmail.Failure.RESTRICTED)
        stopped += 1
    return stopped


def _recipients(message: Message) -> Iterable[bytes]:
    for header in ("to", "cc", "bcc"):
        for _name, address in message.people(header):
            yield address_digest(message.organization_id, address)
