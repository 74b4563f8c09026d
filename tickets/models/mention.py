"""Mention: a member who is named in a note."""

from django.db import models

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from tickets.models.note import Note


class Mention(Owned):
    """A member whom a note calls; it goes where the note goes.

    Whether its ticket is unfinished is written by the database, in the transaction that changes the ticket's state or
    moves the note (docs/adr/0009-counts.md): no code of ours sets it.
    """

    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="mentions")
    at = models.DateTimeField(auto_now_add=True)
    is_waiting = models.BooleanField(default=False, editable=False)

    personal_data = PersonalData(About.MEMBERS, origin=Origin.USAGE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "note"], name="mention_once_in_a_note")]
        # Years of mentions are of tickets long closed: the list and its count read only what is left to do.
        indexes = [
            models.Index(
                fields=["member"],
                include=["organization", "note"],
                condition=models.Q(is_waiting=True),
                name="mention_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"mention {self.pk}"
