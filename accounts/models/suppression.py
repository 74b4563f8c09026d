"""Suppression: what was erased here and is not to come in again, as keyed digests that name nobody."""

from django.db import models

from accounts.models.organization import Organization
from accounts.personal_data import KEYED, About, Origin, PersonalData
from accounts.tenancy.owned import Owned


class Suppression(Owned):
    """A mail, or all old mail of a person, that was erased: the provider still has it, and the desk leaves it there.

    The digests are of the organization's own key for look-ups, which outlives the keys of its mailboxes.
    """

    class Kind(models.TextChoices):
        ADDRESS = "address", "Mail of a person from before the erasure"
        MESSAGE_ID = "message-id", "One mail, by its Message-ID"
        PROVIDER_ID = "provider-id", "One mail, by what the provider calls it"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="suppressions")
    kind = models.CharField(max_length=11, choices=Kind)
    digest = models.BinaryField(max_length=16)
    before = models.DateTimeField()  # what came later is new, and welcome
    job_id = models.UUIDField(null=True)  # the erasure
    created_at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(
        About.CONTACTS,
        {"digest": KEYED},
        origin=Origin.ACCOUNT,
        subject="the erased person, by a digest that names nobody",
        loose={"job_id": "the DeletionJob of the erasure"},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "digest"], name="suppression_once"),
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}"
