"""What must be remembered before rows go: in the ledger for restored backups, on the suppression list for the provider.

Every erasure of less than a mailbox calls these before its batch; a mailbox or an organization is one line each.
"""

from collections.abc import Collection
from uuid import UUID

from accounts.suppression import ADDRESS, MESSAGE_ID, PROVIDER_ID, provider_digest, suppress
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox
from privacy.ledger.ledger import append
from tickets.models import Contact, Message
from tickets.models.contact import ContactAddress

BATCH = 1000


def remember_messages(organization_id: UUID, message_ids: Collection[UUID], *, job_id: UUID | None = None) -> None:
    """Remember messages that are about to be erased, with their originals, so that they come back from nowhere."""
    wanted = sorted(message_ids)
    for start in range(0, len(wanted), BATCH):
        with organization_scope(organization_id):
            rows = list(
                Message.objects.filter(pk__in=wanted[start : start + BATCH]).values_list(
                    "pk", "inbound_id", "outbound_id", "message_id_digest"
                )
            )
        inbound = [one for _pk, one, _out, _digest in rows if one]
        kept = {"job_id": job_id, "organization_id": organization_id}
        append("message", [pk for pk, *_ in rows], place=Message._meta.label, **kept)
        append("message", [one for _pk, _in, one, _digest in rows if one], place="mailbox.OutboundEmail", **kept)
        suppress(organization_id, MESSAGE_ID, [bytes(one) for *_, one in rows if one], job_id=job_id)
        remember_originals(organization_id, inbound, job_id=job_id)


def remember_originals(organization_id: UUID, email_ids: Collection[UUID], *, job_id: UUID | None = None) -> None:
    """Remember stored mails that are about to be erased, filed or not."""
    wanted = sorted(email_ids)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        append("message", batch, place=InboundEmail._meta.label, job_id=job_id, organization_id=organization_id)
        with organization_scope(organization_id):
            emails = InboundEmail.objects.filter(pk__in=batch).values_list("mailbox_id", "provider_id")
            known = Mailbox.objects.values_list("pk", "address_digest")
            addresses = {pk: bytes(one) for pk, one in known}
            digests = [provider_digest(organization_id, addresses[at], provider_id) for at, provider_id in emails]
        suppress(organization_id, PROVIDER_ID, digests, job_id=job_id)


def remember_contacts(organization_id: UUID, contact_ids: Collection[UUID], *, job_id: UUID | None = None) -> None:
    """Remember contacts that are about to be erased: old mail of theirs does not come in again, new mail does."""
    wanted = sorted(contact_ids)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        append("contact", batch, place=Contact._meta.label, job_id=job_id, organization_id=organization_id)
        with organization_scope(organization_id):
            known = ContactAddress.objects.filter(contact__in=batch).values_list("digest", flat=True)
            digests = [bytes(one) for one in known]
        suppress(organization_id, ADDRESS, digests, job_id=job_id)
