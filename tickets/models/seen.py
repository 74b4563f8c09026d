"""Seen: how far a member has read a ticket."""

from django.db import models

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from tickets.models.ticket import Ticket


class Seen(Owned):
    """What last happened in a ticket when this member looked at it; what came after is unread to them."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="seen", db_index=False)  # the constraint has one
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    activity_at = models.DateTimeField()

    personal_data = PersonalData(About.MEMBERS, origin=Origin.USAGE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "member"], name="seen_once")]

    def __str__(self) -> str:
        return f"seen {self.pk}"
