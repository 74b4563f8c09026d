"""Tag: a word of the organization's own, hung on tickets."""

from django.db import models

from accounts.models import Membership, Owned
from accounts.personal_data import FREE_TEXT, KEYED, About, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import ORGANIZATION
from tickets.models.ticket import Ticket


class Tag(Owned):
    """A word to find tickets by, in one of eight quiet hues."""

    class Hue(models.IntegerChoices):
        """The hues of static/css/tokens.css."""

        BLUE = 1, "Blue"
        ORANGE = 2, "Orange"
        GREEN = 3, "Green"
        PINK = 4, "Pink"
        VIOLET = 5, "Violet"
        RED = 6, "Red"
        OLIVE = 7, "Olive"
        GREY = 8, "Grey"

    name = SealedTextField(key=ORGANIZATION)  # people tag tickets with names, too
    name_digest = models.BinaryField(max_length=16)
    hue = models.PositiveSmallIntegerField(choices=Hue, default=Hue.GREY)
    created_at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(About.BOTH, {"name_digest": KEYED}, origin=Origin.ACCOUNT, subject=FREE_TEXT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name_digest"], name="tag_name_once"),
            models.CheckConstraint(condition=models.Q(hue__range=(1, 8)), name="tag_hue_is_one_of_eight"),
        ]

    def __str__(self) -> str:
        return f"tag {self.pk}"


class TicketTag(Owned):
    """A tag on a ticket."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="ticket_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="ticket_tags")
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(About.BOTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="tag_once_on_a_ticket")]

    def __str__(self) -> str:
        return f"tag on ticket {self.ticket_id}"
