"""Who is on our side: the addresses of our mailboxes and of our members."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from accounts.models import Membership
from accounts.sealing.digests import address_digest, fold_address
from mailbox.models import Mailbox
from tickets.mail import Address


@dataclass(frozen=True)
class Ours:
    """The addresses of one organization. Nobody proves by such an address in From that a mail is ours."""

    organization_id: UUID
    mailboxes: dict[bytes, UUID] = field(repr=False)  # digest of an address -> mailbox, connected ones only
    addresses: frozenset[str] = field(repr=False)
    providers: dict[UUID, str]  # of these mailboxes
    _digests: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)  # of addresses met here

    @classmethod
    def of(cls, organization_id: UUID) -> "Ours":
        """Ask the database for the connected mailboxes."""
        return cls.with_mailboxes(organization_id, Mailbox.objects.filter(organization_id=organization_id).connected())

    @classmethod
    def with_mailboxes(cls, organization_id: UUID, mailboxes: Iterable[Mailbox]) -> "Ours":
        """Take the connected mailboxes from who has them already."""
        found = list(mailboxes)
        return cls(
            organization_id,
            {address_digest(organization_id, one): mailbox.pk for mailbox in found for one in mailbox.addresses},
            frozenset(one for mailbox in found for one in mailbox.addresses),
            {mailbox.pk: mailbox.provider for mailbox in found},
        )

    @cached_property
    def members(self) -> frozenset[str]:
        """Return the sign-in addresses of active members; asked for once."""
        found = Membership.objects.active().filter(organization_id=self.organization_id)
        return frozenset(fold_address(email) for email in found.values_list("user__email", flat=True))

    def digest(self, address: str) -> bytes:
        """Return the digest of an address; one mail asks for it a dozen times."""
        found = self._digests.get(address)
        if found is None:
            found = self._digests[address] = address_digest(self.organization_id, address)
        return found

    def mailbox_at(self, address: str) -> UUID | None:
        """Return which of our mailboxes has this address, with or without a tag after a plus."""
        found = self.mailboxes.get(self.digest(address))
        if found is None and "+" in address:
            local, _, domain = address.rpartition("@")
            found = self.mailboxes.get(self.digest(f"{local.partition('+')[0]}@{domain}"))
        return found

    def is_mailbox(self, address: str) -> bool:
        """Return whether this is an address of one of our mailboxes."""
        return self.mailbox_at(address) is not None

    def is_inside(self, address: str) -> bool:
        """Return whether this is one of our mailboxes or members."""
        return fold_address(address) in self.members or self.is_mailbox(address)

    def first_named(self, people: Iterable[Address]) -> UUID | None:
        """Return the first of our mailboxes among these people."""
        return next((mailbox for person in people if (mailbox := self.mailbox_at(person.email))), None)
