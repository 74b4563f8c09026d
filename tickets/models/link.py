"""TicketLink: two tickets that have to do with each other."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from accounts.models import Membership, Owned
from accounts.personal_data import About, PersonalData
from tickets.models.ticket import Ticket


class TicketLink(Owned):
    """A link between two tickets, once for a pair; both stay what they are."""

    class Kind(models.TextChoices):
        RELATED = "related", "Related"
        DUPLICATE = "duplicate", "Duplicate"  # `ticket` asks again what `other` asks

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="links")
    other = models.ForeignKey(Ticket, models.CASCADE, related_name="links_to_it")
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.RELATED)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(About.MEMBERS)

    class Meta:
        constraints = [
            models.UniqueConstraint(Least("ticket", "other"), Greatest("ticket", "other"), name="tickets_linked_once"),
            models.CheckConstraint(condition=~Q(ticket=F("other")), name="ticket_linked_with_another"),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"
