"""Mention: a member who is named in a note."""

from django.db import models

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from tickets.models.note import Note


class Mention(Owned):
    """A member whom a note calls; it goes where the note goes.

    Which unfinished ticket waits because of it, and in which mailbox, is written by the database, in the transaction
    that changes the ticket or moves the note (docs/adr/0009-counts.md): no code of ours sets it.
    """

    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="mentions")
    at = models.DateTimeField(auto_now_add=True)
    waiting_ticket = models.UUIDField(null=True, editable=False)
    waiting_mailbox = models.UUIDField(null=True, editable=False)

    personal_data = PersonalData(
        About.MEMBERS,
        origin=Origin.USAGE,
        loose={
            "waiting_ticket": "the ticket of its note, while that is not done; a trigger writes it",
            "waiting_mailbox": "that ticket's mailbox, likewise",
        },
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "note"], name="mention_once_in_a_note")]
        # Years of mentions are of tickets long closed: the list and its count read only what is left to do.
        indexes = [
            models.Index(
                fields=["member", "waiting_mailbox", "waiting_ticket"],
                include=["organization"],
                condition=models.Q(waiting_ticket__isnull=False),
                name="mention_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"mention {self.pk}"
