"""Team: colleagues who share work, and sometimes a mailbox."""

from django.db import models

from accounts.models.membership import Membership
from accounts.personal_data import FREE_TEXT, KEYED, About, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import ORGANIZATION
from accounts.tenancy.owned import Owned


class Team(Owned):
    """Some of the members, under a name; a member may be in several, or in none."""

    name = SealedTextField(key=ORGANIZATION)  # people name teams after people
    name_digest = models.BinaryField(max_length=16)
    members = models.ManyToManyField(Membership, through="TeamMember", related_name="teams")
    created_at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(About.MEMBERS, {"name_digest": KEYED}, origin=Origin.ACCOUNT, subject=FREE_TEXT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name_digest"], name="team_name_once")]

    def __str__(self) -> str:
        return f"team {self.pk}"


class TeamMember(Owned):
    """A member's place in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="places")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="team_places")
    created_at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(About.MEMBERS, origin=Origin.ACCOUNT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "member"], name="team_member_once")]

    def __str__(self) -> str:
        return f"place {self.pk}"
