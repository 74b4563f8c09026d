"""OutboundEmail: the outbox. An answer is a row before it is a mail."""

from typing import Self

from django.db import models

from accounts.models import Owned
from accounts.personal_data import PROVIDER_CODE, PROVIDER_ID, About, PersonalData
from accounts.sealing.fields import SealedBytesField, SealedTextField
from accounts.sealing.files import SealedFile
from accounts.sealing.places import MAILBOX
from mailbox.models.inbound import INLINE_UP_TO
from mailbox.models.mailbox import Mailbox


class OutboundEmailQuerySet(models.QuerySet["OutboundEmail"]):
    """Lists of what is to leave."""

    def unsent(self) -> Self:
        """Neither sent nor given up."""
        return self.filter(state__in=[OutboundEmail.State.QUEUED, OutboundEmail.State.SENDING])


class OutboundEmail(Owned):
    """A mail to send: queued, sending, sent or failed, and why. `conversation` keeps answers of a ticket in order."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"

    class Failure(models.TextChoices):
        """Why a mail did not leave, in our words; the page makes a sentence of it."""

        DISCONNECTED = "disconnected", "The mailbox was disconnected before it left"
        REFUSED = "refused", "The provider refused it"
        TOO_LARGE = "too_large", "It is larger than the provider takes"
        UNCLEAR = "unclear", "The provider did not say whether it left"
        RESTRICTED = "restricted", "One of its readers is to get nothing any more"

    mailbox = models.ForeignKey(Mailbox, models.RESTRICT, related_name="outbound_emails")
    conversation = models.UUIDField()  # the ticket, which this app does not know
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    raw_inline = SealedBytesField(key=MAILBOX, compress=True, null=True)
    size = models.PositiveIntegerField(default=0)
    provider_thread_id = models.CharField(max_length=255, blank=True, default="", db_collation="C")
    queued_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)  # before the provider is asked; cleared when it surely did not leave
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    draft_id = models.CharField(max_length=255, blank=True, default="", db_collation="C")  # Graph: a draft first
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=255, blank=True, default="", db_collation="C")
    provider_message_id = SealedTextField(key=MAILBOX, blank=True, default="")  # where the provider rewrote ours
    failure = models.CharField(max_length=12, choices=Failure, blank=True, default="")
    failure_code = models.CharField(max_length=64, blank=True, default="")

    objects = OutboundEmailQuerySet.as_manager()

    personal_data = PersonalData(
        About.BOTH,
        {
            "provider_thread_id": PROVIDER_ID,
            "draft_id": PROVIDER_ID,
            "provider_id": PROVIDER_ID,
            "failure_code": PROVIDER_CODE,
        },
        files={"raw_file": MAILBOX},
        subject="message__author",
        loose={"conversation": "the ticket, which this app does not know"},
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "queued_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="outbound_waiting",
            ),
            models.Index(fields=["mailbox", "provider_id"], name="outbound_provider_id"),
        ]

    def __str__(self) -> str:
        return f"outbound {self.pk}"

    @property
    def marker(self) -> str:
        """Return what stands in the header X-Deskhero-Marker, to find the mail in Sent after an unclear result."""
        return self.pk.hex

    @property
    def raw_file(self) -> SealedFile:
        """Return where a large mail lives."""
        return SealedFile(self.organization_id, MAILBOX, self.mailbox_id, self.pk)

    def keep_raw(self, raw: bytes) -> None:
        """Take the composed mail: small ones with the row, large ones on disk before the row is saved."""
        self.size = len(raw)
        if len(raw) <= INLINE_UP_TO:
            self.raw_inline = raw
        else:
            self.raw_file.write(iter([raw]))

    def raw(self) -> bytes:
        """Return the mail as it is to leave."""
        return self.raw_inline if self.raw_inline is not None else b"".join(self.raw_file.read())
