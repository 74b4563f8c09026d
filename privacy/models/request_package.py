"""RequestPackage: what a person gets, sealed under a key of its own, opened once, gone after seven days."""

from datetime import timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.personal_data import HASHED, About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField
from accounts.sealing.files import SealedFile
from accounts.sealing.places import CASE
from privacy.models.data_subject_request import OF_A_CASE
from privacy.models.request_record import OfRequest

LIFE = timedelta(days=7)


class RequestPackage(OfRequest):
    """A file for one person. Its key dies when it was opened or its time is over, so that no copy of it opens again."""

    class State(models.TextChoices):
        PACKING = "packing", _("Being made")
        READY = "ready", _("Ready")
        FETCHED = "fetched", _("Opened")
        EXPIRED = "expired", _("Gone")

    state = models.CharField(max_length=7, choices=State, default=State.PACKING)
    size = models.PositiveBigIntegerField(default=0)
    contents = SealedJSONField(key=CASE, null=True)  # how many of what, and how many things were masked
    token_hash = models.BinaryField(max_length=32, null=True)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(default=timezone.now)  # a packing that has not moved was lost
    created_at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(
        About.BOTH,
        {"token_hash": HASHED},
        files={"file": CASE},
        origin=Origin.ACCOUNT,
        subject=OF_A_CASE,
        kept="seven days; that there was one, as long as its case",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(state__in=["packing", "ready"]), name="one_open_package"
            )
        ]
        indexes = [models.Index(fields=["token_hash"], name="package_token")]

    def __str__(self) -> str:
        return f"package {self.pk}"

    @property
    def file(self) -> SealedFile:
        """Return where the package lies: under a key of its own."""
        return SealedFile(self.organization_id or UUID(int=0), CASE, self.pk, self.pk)

    @property
    def can_be_opened(self) -> bool:
        """Return whether its link still works."""
        return self.state == self.State.READY and self.expires_at is not None and timezone.now() < self.expires_at
