"""PurposeChoice: what a person consented or objected to, since when, until when."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.personal_data import About, Origin, PersonalData
from accounts.tenancy.owned import Owned


class PurposeChoice(Owned):
    """One choice of one person: a contact of the organization, or, without one, somebody who signs in.

    A row that ended stays as proof: that there was consent, and until when.
    """

    class Kind(models.TextChoices):
        CONSENT = "consent", _("Consent")
        OBJECTION = "objection", _("Objection")

    class Purpose(models.TextChoices):
        ANALYSIS = "analysis", _("Counting how the desk is used")
        LEARNING = "learning", _("Learning suggestions from mails")
        SURVEYS = "surveys", _("Asking how content people are")
        MARKETING = "marketing", _("Advertising")
        NEWS = "news", _("News about the product by mail")

    organization = models.ForeignKey(  # type: ignore[assignment]
        Organization, models.CASCADE, null=True, related_name="purpose_choices"
    )
    person_id = models.UUIDField()  # a contact or a user, as the queue says
    kind = models.CharField(max_length=9, choices=Kind)
    purpose = models.CharField(max_length=9, choices=Purpose)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        About.BOTH,
        origin=Origin.ACCOUNT,
        subject="person_id names the contact or the user",
        loose={"person_id": "the contact, or the user where there is no organization"},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "kind", "purpose"], condition=Q(ended_at=None), name="one_open_choice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
