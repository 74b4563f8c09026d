"""The suppression list: what was erased is not taken in again from the provider, who still has it.

Asked by sync, filing and import before anything is stored. Mail of an erased person that was sent after the erasure is
new mail and comes in.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models.suppression import Suppression
from accounts.sealing.digests import address_digest, digest, message_id_digest
from accounts.signals import suppressed
from accounts.tenancy import organization_scope

ADDRESS, MESSAGE_ID, PROVIDER_ID = Suppression.Kind.ADDRESS, Suppression.Kind.MESSAGE_ID, Suppression.Kind.PROVIDER_ID
BATCH = 1000


@dataclass(frozen=True)
class Mark:
    """What is known of one mail before it is stored."""

    provider_id: str
    received_at: datetime
    message_id: str = ""
    people: Collection[str] = field(default=())  # the addresses whose mail it is


def suppress(
    organization_id: UUID,
    kind: str,
    digests: Iterable[bytes],
    *,
    job_id: UUID | None = None,
    before: datetime | None = None,
) -> None:
    """Remember what was erased, so that it does not come in again; doing it twice changes nothing.

    The digests are those of accounts.sealing.digests, as rows keep them; of provider ids, those of `provider_digest`.
    """
    moment = before or timezone.now()
    all_of_them = sorted({bytes(one) for one in digests})
    for start in range(0, len(all_of_them), BATCH):
        batch = all_of_them[start : start + BATCH]
        # The ledger first: what a restored backup does not know must be known there before anything is erased.
        suppressed.send(Suppression, organization_id=organization_id, kind=kind, digests=batch, job_id=job_id)
        keep(organization_id, kind, batch, job_id=job_id, before=moment)


def keep(
    organization_id: UUID, kind: str, digests: Collection[bytes], *, job_id: UUID | None, before: datetime
) -> None:
    """Write the rows only: `suppress` and the replay of the ledger do this."""
    rows = [
        Suppression(organization_id=organization_id, kind=kind, digest=one, before=before, job_id=job_id)
        for one in digests
    ]
    with organization_scope(organization_id):
        Suppression.objects.bulk_create(rows, ignore_conflicts=True)
        known = Suppression.objects.filter(kind=kind, digest__in=digests)
        known.update(before=Greatest(F("before"), before))


def provider_digest(organization_id: UUID, mailbox_address: bytes, provider_id: str) -> bytes:
    """Return what stands for one mail in one account; `mailbox_address` is the mailbox's own address digest.

    A mailbox that is connected again is another row of the same address.
    """
    return digest(organization_id, "provider-id", f"{bytes(mailbox_address).hex()}|{provider_id}")


def provider_ids_suppressed(organization_id: UUID, mailbox_address: bytes, provider_ids: Iterable[str]) -> set[str]:
    """Return those of an account's mails that are not even to be fetched."""
    if not Suppression.objects.filter(kind=PROVIDER_ID).exists():
        return set()
    named = {provider_digest(organization_id, mailbox_address, one): one for one in provider_ids}
    found = Suppression.objects.filter(kind=PROVIDER_ID, digest__in=list(named)).values_list("digest", flat=True)
    return {named[bytes(one)] for one in found}


def is_anything_suppressed() -> bool:
    """Return whether the organization in scope has a list at all; most have none, and nothing needs to be read."""
    return Suppression.objects.exists()


def suppressed_among(organization_id: UUID, mailbox_address: bytes, marks: Iterable[Mark]) -> set[str]:
    """Return the provider ids of the mails that are not to be stored: one statement, in the organization's scope."""
    named: dict[tuple[str, bytes], list[Mark]] = {}
    for mark in marks:
        for kind, one in _digests(organization_id, mailbox_address, mark):
            named.setdefault((kind, one), []).append(mark)
    if not named:
        return set()
    asked = Q()
    for kind in Suppression.Kind:
        asked |= Q(kind=kind, digest__in=[one for known, one in named if known == kind])
    found = Suppression.objects.filter(asked).values_list("kind", "digest", "before")
    return {
        mark.provider_id
        for kind, one, before in found
        for mark in named[kind, bytes(one)]
        if kind != ADDRESS or mark.received_at <= before
    }


def erased_addresses(organization_id: UUID, addresses: Iterable[str]) -> dict[str, datetime]:
    """Return those addresses whose people were erased, each with the moment: mail from before it leaves them out.

    One statement, in the organization's scope; none where there is no address.
    """
    named: dict[bytes, set[str]] = {}
    for address in addresses:
        named.setdefault(address_digest(organization_id, address), set()).add(address)
    if not named:
        return {}
    found = Suppression.objects.filter(kind=ADDRESS, digest__in=list(named)).values_list("digest", "before")
    return {address: before for one, before in found for address in named[bytes(one)]}


def _digests(organization_id: UUID, mailbox_address: bytes, mark: Mark) -> Iterable[tuple[str, bytes]]:
    yield PROVIDER_ID, provider_digest(organization_id, mailbox_address, mark.provider_id)
    if mark.message_id:
        yield MESSAGE_ID, message_id_digest(organization_id, mark.message_id)
    for address in mark.people:
        yield ADDRESS, address_digest(organization_id, address)
