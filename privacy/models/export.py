"""Export: everything an organization has, in one sealed file that is taken once."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership, Owned
from accounts.personal_data import FREE_TEXT, About, Origin, PersonalData
from accounts.sealing.files import SealedFile
from accounts.sealing.places import ORGANIZATION

KEPT = timedelta(days=7)
STALE = timedelta(minutes=5)  # a run that has not moved for so long was lost


class ExportQuerySet(models.QuerySet["Export"]):
    """Lists of exports."""

    def under_way(self) -> Self:
        """Asked for, and not ready."""
        return self.filter(state__in=[Export.State.QUEUED, Export.State.RUNNING])


class Export(Owned):
    """A file made in the background: ready for a week, handed out once, then gone."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waits for its turn"
        RUNNING = "running", "Being made"
        READY = "ready", "Ready"
        TAKEN = "taken", "Downloaded"
        EXPIRED = "expired", "Expired"

    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    done_count = models.PositiveBigIntegerField(default=0)  # rows
    total_count = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    created_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)  # the last batch
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    personal_data = PersonalData(
        About.BOTH,
        files={"file": ORGANIZATION},
        origin=Origin.ACCOUNT,
        subject=FREE_TEXT,
        unexported="is the export itself",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state__in=["queued", "running"]),
                name="one_export_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Return whether it is being made, or will be."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def is_ready(self) -> bool:
        """Return whether it can be taken."""
        return self.state == self.State.READY

    @property
    def file(self) -> SealedFile:
        """Return where the file lies."""
        return SealedFile(self.organization_id, ORGANIZATION, self.organization_id, self.pk)
