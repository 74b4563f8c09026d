"""Note: a remark that only colleagues see."""

from django.db import models

from accounts.models import Membership, Owned
from accounts.personal_data import About, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import MAILBOX
from mailbox.models import Mailbox
from tickets.models.ticket import Ticket


class Note(Owned):
    """A remark on a ticket; it never leaves the desk."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notes")
    mailbox = models.ForeignKey(Mailbox, models.RESTRICT, related_name="+")
    author = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    text = SealedTextField(key=MAILBOX, compress=True)
    at = models.DateTimeField()
    merged_from = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")  # as of a message

    personal_data = PersonalData(About.BOTH)

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="note_in_ticket")]

    def __str__(self) -> str:
        return f"note {self.pk}"
