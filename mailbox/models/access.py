"""MailboxAccess: who is let into a limited mailbox."""

from django.db import models
from django.db.models import Q

from accounts.models import Membership, Organization, Owned, Team
from accounts.personal_data import About, PersonalData
from mailbox.models.mailbox import Mailbox


class MailboxAccess(Owned):
    """A team, or one member, that is let into a limited mailbox; see mailbox.access for the rule."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="mailbox_accesses")
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="accesses")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="mailbox_accesses")
    member = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="mailbox_accesses")
    created_at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(About.MEMBERS)

    class Meta:
        verbose_name_plural = "mailbox accesses"
        constraints = [
            models.CheckConstraint(
                condition=Q(team=None, member__isnull=False) | Q(team__isnull=False, member=None),
                name="access_of_a_team_or_a_member",
            ),
            models.UniqueConstraint(fields=["mailbox", "team"], name="access_of_a_team_once"),
            models.UniqueConstraint(fields=["mailbox", "member"], name="access_of_a_member_once"),
        ]

    def __str__(self) -> str:
        return f"access {self.pk}"
