"""Following: a member who wants to know how a ticket goes on."""

from django.db import models

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from tickets.models.ticket import Ticket


class FollowingQuerySet(models.QuerySet["Following"]):
    """Lists of followers."""

    def on(self) -> "FollowingQuerySet":
        """Those who follow now."""
        return self.filter(is_on=True)


class Following(Owned):
    """Whether a member follows a ticket; a row that is off keeps that choice from what follows by itself."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="followings")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="followings")
    is_on = models.BooleanField(default=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = FollowingQuerySet.as_manager()

    personal_data = PersonalData(About.MEMBERS, origin=Origin.USAGE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "member"], name="following_once")]

    def __str__(self) -> str:
        return f"following {self.pk}"
