"""ThreadKey: which Message-IDs lead to which ticket."""

from django.db import models

from accounts.models import Owned
from accounts.personal_data import KEYED, About, PersonalData
from tickets.models.message import Message
from tickets.models.ticket import Ticket


class ThreadKey(Owned):
    """A Message-ID that a ticket's mail has or refers to, as a digest.

    References count too: two mails that share an ancestor belong together even when the ancestor never came here.
    """

    digest = models.BinaryField(max_length=16)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="thread_keys")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")  # None: only referred to

    personal_data = PersonalData(About.CONTACTS, {"digest": KEYED})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "digest", "ticket"], name="thread_key_once_in_a_ticket")
        ]

    def __str__(self) -> str:
        return f"thread key {self.pk}"
