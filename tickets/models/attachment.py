"""Attachment: a file that came with a mail or leaves with one."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Owned
from accounts.personal_data import About, PersonalData
from accounts.sealing.fields import SealedJSONField
from accounts.sealing.files import SealedFile
from accounts.sealing.places import MAILBOX
from mailbox.models import Mailbox
from tickets.models.message import Message


class Attachment(Owned):
    """A file of a message, sealed in the file storage; only its size and what a scanner found are plain."""

    class Scan(models.TextChoices):
        """What a virus scanner found; nothing where none was set up when the file came."""

        WAITING = "waiting", "Not checked yet"
        CLEAN = "clean", "Nothing found"
        UNKNOWN = "unknown", "Could not be checked"
        INFECTED = "infected", "Infected"
        RELEASED = "released", "Infected, and an admin lets it be opened"

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    mailbox = models.ForeignKey(Mailbox, models.RESTRICT, related_name="+")
    details = SealedJSONField(key=MAILBOX)  # name, content_type, content_id, kind; virus: what a scanner calls it
    size = models.PositiveIntegerField()
    is_inline = models.BooleanField(default=False)  # placed in the body by its Content-ID
    position = models.PositiveSmallIntegerField(default=0)
    scan = models.CharField(max_length=8, choices=Scan, blank=True, default="")
    removed_at = models.DateTimeField(null=True)  # by a retention rule: file and details are gone, the row says so

    personal_data = PersonalData(About.BOTH, files={"file": MAILBOX})

    class Meta:
        indexes = [
            models.Index(fields=["message", "position"], name="attachment_of_message"),
            models.Index(fields=["organization", "id"], condition=Q(scan="waiting"), name="attachment_to_check"),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    @property
    def is_removed(self) -> bool:
        """Return whether a retention rule took the file away."""
        return self.removed_at is not None

    @property
    def is_infected(self) -> bool:
        """Return whether a virus was found in it, and no admin has let it be opened."""
        return self.scan == self.Scan.INFECTED

    @property
    def virus(self) -> str:
        """Return what a scanner calls what it found, or nothing."""
        return str(self.details.get("virus") or "")

    @property
    def name(self) -> str:
        """Return the file name as the sender gave it, made safe."""
        return str(self.details.get("name") or "unnamed")

    @property
    def content_type(self) -> str:
        """Return the type as the sender declared it."""
        return str(self.details.get("content_type") or "application/octet-stream")

    @property
    def kind(self) -> str | None:
        """Return what it is by its first bytes (tickets.mail.kinds), or None where nobody looked."""
        return self.details.get("kind")

    @property
    def content_id(self) -> str:
        """Return how the body refers to it, or nothing."""
        return str(self.details.get("content_id") or "")

    @property
    def file(self) -> SealedFile:
        """Return where the content lives."""
        return SealedFile(self.organization_id, MAILBOX, self.mailbox_id, self.pk)

    def facts(self) -> dict[str, Any]:
        """Return what a page shows of it."""
        return {"name": self.name, "size": self.size, "content_type": self.content_type}
