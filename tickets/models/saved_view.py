"""SavedView: a list of tickets that somebody gave a name."""

from django.db import models

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import ORGANIZATION


class SavedView(Owned):
    """What a list is narrowed to, under a name: a member's own, or everybody's."""

    owner = models.ForeignKey(Membership, models.CASCADE, related_name="saved_views")
    name = SealedTextField(key=ORGANIZATION)
    is_shared = models.BooleanField(default=False)  # with everybody; each sees in it what they may see
    query = models.JSONField(default=dict)  # what the address of the list says (tickets.views.filters)
    created_at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(
        About.MEMBERS, {"query": "ids and words of ours, as in the address of a list"}, origin=Origin.USAGE
    )

    def __str__(self) -> str:
        return f"saved view {self.pk}"
