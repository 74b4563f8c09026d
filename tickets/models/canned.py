"""CannedReply: words that are written again and again, kept for one agent, a team or everybody."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Membership, Owned, Team, TeamMember
from accounts.personal_data import FREE_TEXT, About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.files import SealedFile
from accounts.sealing.places import ORGANIZATION


class CannedReplyQuerySet(models.QuerySet["CannedReply"]):
    """Lists of canned replies."""

    def usable_by(self, me: Membership) -> Self:
        """Return the member's own, those of their teams, and everybody's."""
        teams = TeamMember.objects.filter(member=me).values("team_id")
        shared = Q(owner=None, team=None) | Q(team__in=teams)
        return self.filter(Q(organization_id=me.organization_id) & (Q(owner=me) | shared))

    def changeable_by(self, me: Membership) -> Self:
        """Return the member's own; admins also keep what teams and everybody use."""
        own = self.filter(organization_id=me.organization_id)
        return own.filter(Q(owner=me) | Q(owner=None)) if me.is_admin else own.filter(owner=me)


class CannedReply(Owned):
    """A text with variables, under a name it is found by. An owner: theirs alone; a team: that team's; else shared."""

    name = SealedTextField(key=ORGANIZATION)
    text = SealedTextField(key=ORGANIZATION, compress=True)
    owner = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="canned_replies")
    changed_at = models.DateTimeField(auto_now=True)

    objects = CannedReplyQuerySet.as_manager()

    personal_data = PersonalData(About.BOTH, origin=Origin.ACCOUNT, subject=FREE_TEXT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(owner=None) | Q(team=None), name="canned_reply_of_one_or_a_team")
        ]

    def __str__(self) -> str:
        return f"canned reply {self.pk}"


class CannedFile(Owned):
    """A file that comes along with a canned reply."""

    canned = models.ForeignKey(CannedReply, models.CASCADE, related_name="files")
    details = SealedJSONField(key=ORGANIZATION)  # name, content_type
    size = models.PositiveIntegerField()

    personal_data = PersonalData(About.BOTH, files={"file": ORGANIZATION}, origin=Origin.ACCOUNT, subject=FREE_TEXT)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"file {self.pk} of a canned reply"

    @property
    def name(self) -> str:
        """Return the file's name."""
        return str(self.details.get("name") or "file")

    @property
    def content_type(self) -> str:
        """Return the type as the browser declared it."""
        return str(self.details.get("content_type") or "application/octet-stream")

    @property
    def file(self) -> SealedFile:
        """Return where the content lives."""
        return SealedFile(self.organization_id, ORGANIZATION, self.organization_id, self.pk)
