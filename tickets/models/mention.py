"""Mention: a member who is named in a note."""

from django.db import models

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from tickets.models.note import Note


class Mention(Owned):
    """A member whom a note calls; it goes where the note goes."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="mentions")
    at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(About.MEMBERS, origin=Origin.USAGE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "note"], name="mention_once_in_a_note")]

    def __str__(self) -> str:
        return f"mention {self.pk}"
