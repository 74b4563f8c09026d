"""InboundEmail: a mail as it came, stored before anybody tries to understand it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Self

from django.db import models

from accounts.models import Owned
from accounts.personal_data import PROVIDER_ID, About, PersonalData
from accounts.sealing.fields import SealedBytesField, SealedTextField
from accounts.sealing.files import SealedFile
from accounts.sealing.places import MAILBOX
from mailbox.models.mailbox import Mailbox

IMPORTED = "import-"  # how the provider id of a mail begins that no provider gave us
INLINE_UP_TO = 256 * 1024  # larger originals live in a sealed file, so that tables stay small


class InboundEmailQuerySet(models.QuerySet["InboundEmail"]):
    """Lists of what arrived."""

    def unfiled(self) -> Self:
        """Stored, and not yet understood."""
        return self.filter(state=InboundEmail.State.STORED)

    def quarantined(self) -> Self:
        """Not understood, and in a ticket with nothing but its original."""
        return self.filter(state=InboundEmail.State.QUARANTINED)


class InboundEmail(Owned):
    """A mail as the provider gave it: raw, sealed, once for each provider id."""

    class State(models.TextChoices):
        STORED = "stored", "Waiting to be filed"
        FILED = "filed", "Filed"
        SKIPPED = "skipped", "Kept, not filed"
        QUARANTINED = "quarantined", "Could not be read"
        RESTRICTED = "restricted", "Stored only: its sender asked for that"

    mailbox = models.ForeignKey(Mailbox, models.RESTRICT, related_name="inbound_emails")
    provider_id = models.CharField(max_length=255, db_collation="C")  # Graph's ids are case-sensitive
    provider_thread_id = models.CharField(max_length=255, blank=True, default="", db_collation="C")
    received_at = models.DateTimeField()  # the provider's time
    stored_at = models.DateTimeField(auto_now_add=True)
    size = models.PositiveIntegerField()
    raw_inline = SealedBytesField(key=MAILBOX, compress=True, null=True)
    state = models.CharField(max_length=11, choices=State, default=State.STORED)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = SealedTextField(key=MAILBOX, blank=True, default="")  # why it was skipped or not understood
    filed_at = models.DateTimeField(null=True)

    objects = InboundEmailQuerySet.as_manager()

    personal_data = PersonalData(
        About.CONTACTS,
        {"provider_id": PROVIDER_ID, "provider_thread_id": PROVIDER_ID},
        files={"raw_file": MAILBOX},
        subject="message__sender",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "provider_id"], name="inbound_once_for_a_provider_id")
        ]
        indexes = [
            models.Index(fields=["mailbox", "provider_thread_id"], name="inbound_provider_thread"),
            models.Index(
                fields=["organization", "stored_at"], condition=models.Q(state="stored"), name="inbound_waiting"
            ),
            models.Index(
                fields=["organization", "stored_at"], condition=models.Q(state="quarantined"), name="inbound_quarantine"
            ),
        ]

    def __str__(self) -> str:
        return f"inbound {self.pk}"

    @property
    def raw_file(self) -> SealedFile:
        """Return where a large original lives."""
        return SealedFile(self.organization_id, MAILBOX, self.mailbox_id, self.pk)

    @property
    def is_imported(self) -> bool:
        """Return whether it came from a file, as history."""
        return self.provider_id.startswith(IMPORTED)

    def keep_raw(self, raw: bytes) -> None:
        """Take the original: small ones with the row, large ones on disk before the row is saved."""
        self.size = len(raw)
        if len(raw) <= INLINE_UP_TO:
            self.raw_inline = raw
        else:
            self.raw_file.write(iter([raw]))

    def raw(self) -> bytes:
        """Return the original, byte for byte."""
        if self.raw_inline is not None:
            return bytes(self.raw_inline)
        whole = BytesIO()  # gives what was written without a copy, which join() would make
        for chunk in self.raw_chunks():
            whole.write(chunk)
        return whole.getvalue()

    def raw_chunks(self) -> Iterator[bytes]:
        """Yield the original in pieces."""
        if self.raw_inline is not None:
            yield self.raw_inline
        else:
            yield from self.raw_file.read()
