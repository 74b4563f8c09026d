"""Mailbox: a company's own address at Google or Microsoft, connected by consent."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.models import Membership, Organization, Owned
from accounts.personal_data import KEYED, PROVIDER_CODE, About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.places import MAILBOX


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    """Lists of mailboxes."""

    def connected(self) -> Self:
        """All that were not disconnected, healthy or not."""
        return self.exclude(state=Mailbox.State.DISCONNECTED)

    def returnable(self) -> Self:
        """Those that a new consent can open: connected ones, and disconnected ones whose deletion has not begun."""
        return self.filter(~Q(state=Mailbox.State.DISCONNECTED) | Q(deletion_begun_at=None))

    def active(self) -> Self:
        """Those whose permission holds: they are polled and may send."""
        return self.filter(state=Mailbox.State.ACTIVE)


class Mailbox(Owned):
    """A shared address of the company, with its provider's permission and bookmark."""

    class Provider(models.TextChoices):
        GOOGLE = "google", "Google"
        MICROSOFT = "microsoft", "Microsoft"

    class State(models.TextChoices):
        ACTIVE = "active", "Connected"
        RECONNECT = "reconnect", "Needs to be reconnected"
        DISCONNECTED = "disconnected", "Disconnected"

    class Trouble(models.TextChoices):
        """Why the last sync or send did not work; empty when it did."""

        REVOKED = "revoked", "The provider no longer accepts our permission"
        THROTTLED = "throttled", "The provider asked us to slow down"
        UNREACHABLE = "unreachable", "The provider could not be reached"
        REFUSED = "refused", "The provider refused the request"
        APPLICATION = "application", "The provider refuses Deskhero itself; the operator must act"
        INTERNAL = "internal", "Something went wrong on our side"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="mailboxes")
    provider = models.CharField(max_length=9, choices=Provider)
    address = SealedTextField(key=MAILBOX)
    address_digest = models.BinaryField(max_length=16)
    sender_name = SealedTextField(key=MAILBOX, blank=True, default="")  # what stands before the address in From
    signature = SealedTextField(key=MAILBOX, null=True, blank=True)  # below an answer; with variables
    quotes_history = models.BooleanField(default=True)  # an answer repeats the mail it answers
    aliases = SealedJSONField(key=MAILBOX, null=True, blank=True)  # more addresses whose mail comes here
    # One of its addresses: who writes to it asks for their rights, and gets a case and a receipt (privacy.receivers).
    privacy_address = SealedTextField(key=MAILBOX, null=True, blank=True)
    acknowledges = models.BooleanField(default=False)  # a new ticket is answered at once, by itself
    acknowledgement = SealedTextField(key=MAILBOX, null=True, blank=True)  # with these words; with variables
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    is_limited = models.BooleanField(default=False)  # seen only by who is named for it: mailbox.access

    credentials = SealedJSONField(key=MAILBOX, null=True)  # what the provider's library needs; gone at disconnect
    credentials_version = models.PositiveIntegerField(default=0)  # counts up with every new token
    cursor = SealedTextField(key=MAILBOX, default="")  # the provider's bookmark; empty before the first sync
    epoch = models.PositiveIntegerField(default=1)  # counts up at disconnect, so that a late batch writes nothing
    first_sync_days = models.PositiveSmallIntegerField(default=7)

    connected_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    connected_at = models.DateTimeField(auto_now_add=True)
    disconnected_at = models.DateTimeField(null=True)  # the deletion clock counts from here
    deletion_begun_at = models.DateTimeField(null=True)  # from here on there is no way back, and nothing is filed

    last_poll_at = models.DateTimeField(null=True)  # last tried
    last_success_at = models.DateTimeField(null=True)  # last sync that reached the end
    last_mail_at = models.DateTimeField(null=True)  # when the newest mail was stored
    stored_count = models.PositiveBigIntegerField(default=0)  # mails stored since it was connected
    trouble = models.CharField(max_length=12, choices=Trouble, blank=True, default="")
    trouble_since = models.DateTimeField(null=True)
    trouble_code = models.CharField(max_length=64, blank=True, default="")  # the provider's own word for it
    not_before = models.DateTimeField(null=True)  # throttled, or backing off: no poll earlier

    objects = MailboxQuerySet.as_manager()

    personal_data = PersonalData(
        About.MEMBERS,
        {"address_digest": KEYED, "trouble_code": PROVIDER_CODE},
        origin=Origin.MAILBOX,
        mailbox="id",
        digests=("address_digest",),
    )

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "address_digest"],
                condition=~Q(state="disconnected"),
                name="mailbox_address_connected_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} mailbox {self.pk}"

    @property
    def mailbox_id(self) -> Any:
        """Return whose key seals it: its own."""
        return self.pk

    @property
    def is_active(self) -> bool:
        """Return whether it is polled and may send."""
        return self.state == self.State.ACTIVE

    @property
    def is_disconnected(self) -> bool:
        """Return whether an admin disconnected it."""
        return self.state == self.State.DISCONNECTED

    @property
    def can_come_back(self) -> bool:
        """Return whether a new consent undoes the disconnecting: as long as its deletion has not begun."""
        return self.is_disconnected and self.deletion_begun_at is None

    @property
    def addresses(self) -> list[str]:
        """Return every address whose mail comes here, the account's own first."""
        return [self.address, *(str(alias) for alias in self.aliases or [])]

    @property
    def short_address(self) -> str:
        """Return the address up to and with the @, as side bars show it."""
        return self.address.partition("@")[0] + "@"
