"""Draft: what an agent is writing on a ticket, kept on the server until it is sent or thrown away."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership, Owned
from accounts.personal_data import About, PersonalData
from accounts.sealing.fields import SealedJSONField
from accounts.sealing.files import SealedFile
from accounts.sealing.places import MAILBOX
from mailbox.access import OfMailboxQuerySet
from mailbox.models import Mailbox
from tickets.models.message import Message
from tickets.models.ticket import Ticket


class DraftQuerySet(OfMailboxQuerySet["Draft"]):
    """Lists of drafts."""

    def being_written(self) -> Self:
        """Those that leave only when their writer says so."""
        return self.filter(send_at=None)

    def scheduled(self) -> Self:
        """Those that leave by themselves at a time."""
        return self.filter(send_at__isnull=False)

    def due(self) -> Self:
        """Those whose time has come; what is on a locked ticket waits until it is unlocked."""
        return self.filter(send_at__lte=timezone.now()).exclude(ticket__state=Ticket.State.LOCKED)

    def answers(self) -> Self:
        """Those of an answer or a note, which every page of their ticket shows; not of a mail passed on."""
        return self.filter(forwards=None, ticket__isnull=False)

    def on(self, ticket: Ticket) -> Self:
        """The answers on a ticket, and on tickets merged into it: what was typed there is found here."""
        return self.answers().filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket))


class Draft(Owned):
    """One agent's unsent words: answer and note on a ticket, a mail of it that is passed on, or a mail that opens one.

    With `send_at` it is an answer that waits for its time.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="drafts", null=True)  # none before a new mail left
    forwards = models.ForeignKey(Message, models.CASCADE, related_name="+", null=True)
    mailbox = models.ForeignKey(Mailbox, models.RESTRICT, related_name="+")
    author = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    # As it was typed, right or wrong: sender, to, cc, bcc, text, html, quotes, answered, seen, note; subject; keeping;
    # why it was held.
    said = SealedJSONField(key=MAILBOX, compress=True)
    version = models.PositiveIntegerField(default=1)  # counts up, so that two windows do not overwrite one another
    saved_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    closes = models.BooleanField(default=False)  # the ticket, once it is sent

    objects = DraftQuerySet.as_manager()

    personal_data = PersonalData(About.BOTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "author"],
                condition=Q(send_at=None, forwards=None),
                name="draft_once_for_a_ticket_and_agent",
            ),
            models.UniqueConstraint(fields=["forwards", "author"], name="draft_once_for_a_forward_and_agent"),
            models.UniqueConstraint(fields=["author"], condition=Q(ticket=None), name="draft_once_for_a_new_mail"),
            models.CheckConstraint(
                condition=Q(forwards=None) | Q(ticket__isnull=False), name="draft_forwards_of_a_ticket"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "send_at"], condition=Q(send_at__isnull=False), name="draft_scheduled")
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def its_ticket(self) -> Ticket:
        """Return the ticket of an answer, a note or a mail passed on; a new mail has none yet."""
        if self.ticket is None:
            raise ValueError("This draft belongs to no ticket.")
        return self.ticket

    def says(self, name: str) -> Any:
        """Return what stands in a field; nothing where it was never filled in."""
        return self.said.get(name, "")


class DraftFile(Owned):
    """A file that is to leave with a draft, or a picture in its text; sealed from the moment it was uploaded."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    mailbox = models.ForeignKey(Mailbox, models.RESTRICT, related_name="+")
    details = SealedJSONField(key=MAILBOX)  # name, content_type
    size = models.PositiveIntegerField()
    is_inline = models.BooleanField(default=False)

    personal_data = PersonalData(About.BOTH, files={"file": MAILBOX})

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"file {self.pk} of a draft"

    @property
    def name(self) -> str:
        """Return the file's name."""
        return str(self.details.get("name") or "file")

    @property
    def content_type(self) -> str:
        """Return the type as the browser declared it."""
        return str(self.details.get("content_type") or "application/octet-stream")

    @property
    def content_id(self) -> str:
        """Return how the text refers to it, and how the mail will."""
        return f"{self.pk.hex}@inline.invalid"

    @property
    def file(self) -> SealedFile:
        """Return where the content lives."""
        return SealedFile(self.organization_id, MAILBOX, self.mailbox_id, self.pk)
