"""Message: one email in a ticket, inbound or outbound."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Membership, Owned
from accounts.personal_data import KEYED, About, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.places import MAILBOX
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from tickets.models.contact import Contact
from tickets.models.ticket import Ticket


class Message(Owned):
    """One email of a ticket: what it says, from whom, to whom."""

    class Direction(models.TextChoices):
        INBOUND = "inbound", "Received"
        OUTBOUND = "outbound", "Sent"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages")
    mailbox = models.ForeignKey(Mailbox, models.RESTRICT, related_name="messages")
    direction = models.CharField(max_length=8, choices=Direction)
    inbound = models.OneToOneField(InboundEmail, models.SET_NULL, null=True, related_name="message")
    outbound = models.OneToOneField(OutboundEmail, models.SET_NULL, null=True, related_name="message")
    # Who wrote, outside; message_by_sender serves as its index.
    sender = models.ForeignKey(Contact, models.RESTRICT, null=True, related_name="messages", db_index=False)
    author = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")  # who wrote, inside
    kind = models.CharField(max_length=16, default="human")  # human, auto_reply, bounce, ... (tickets.mail.classify)
    kind_reason = SealedTextField(key=MAILBOX, blank=True, default="")
    may_autorespond = models.BooleanField(default=False)  # its sort alone forbids no automatic answer
    at = models.DateTimeField()  # when it was received or written
    merged_from = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")  # where undoing puts it back

    # from, to, cc, reply_to, forwarded_by: [[name, address], ...]; subject, message_id, in_reply_to, references, date
    headers = SealedJSONField(key=MAILBOX, compress=True)
    new_text = SealedTextField(key=MAILBOX, compress=True)  # what is new in it
    whole_text = SealedTextField(key=MAILBOX, compress=True, null=True)  # everything, where that is more
    html = SealedTextField(key=MAILBOX, compress=True, null=True)  # as it came; cleaned when shown
    message_id_digest = models.BinaryField(max_length=16, null=True)
    content_digest = models.BinaryField(max_length=16, null=True)  # of the same mail, whichever way it came
    participants = ArrayField(models.BinaryField(max_length=16), default=list)  # digests of everybody in it
    attachment_count = models.PositiveSmallIntegerField(default=0)
    is_locked = models.BooleanField(default=False)  # of a person whose data is only stored, in another's ticket too
    before = SealedJSONField(key=MAILBOX, null=True)  # of an answer that can be taken back: what sending changed

    personal_data = PersonalData(
        About.BOTH,
        {
            "kind": "one of our words for a sort of mail",
            "message_id_digest": KEYED,
            "content_digest": KEYED,
            "participants": KEYED,
        },
        digests=("participants",),
    )

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="message_in_ticket"),
            models.Index(fields=["organization", "message_id_digest"], name="message_by_message_id"),
            # Mail without a Message-ID is known again by what it says alone.
            models.Index(
                fields=["organization", "content_digest"],
                condition=Q(message_id_digest=None, content_digest__isnull=False),
                name="message_by_content",
            ),
            models.Index(fields=["sender", "at"], name="message_by_sender"),  # the brake counts an hour of them
            models.Index(
                fields=["organization", "at"],
                condition=Q(direction="outbound", kind="auto_reply"),
                name="message_automatic_answers",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="outbound", sender=None) | Q(direction="inbound", author=None),
                name="message_has_one_origin",
            )
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def is_outbound(self) -> bool:
        """Return whether it is ours."""
        return self.direction == self.Direction.OUTBOUND

    @property
    def recipients(self) -> list[tuple[str, str]]:
        """Return (name, address) of everybody it goes to, in copy and in blind copy too."""
        return [person for header in ("to", "cc", "bcc") for person in self.people(header)]

    def people(self, header: str) -> list[tuple[str, str]]:
        """Return (name, address) of everybody in from, to, cc or reply_to."""
        found: Any = self.headers.get(header, [])
        return [(str(name), str(address)) for name, address in found]
