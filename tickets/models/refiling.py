"""RefileRun: trying again to read everything in quarantine, with its progress."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData


class RefileRun(Owned):
    """One try at all that could not be read: how many there are, how many were tried, how many could be read."""

    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)  # the last batch; a run that has not moved was lost
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    tried = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    last_email = models.UUIDField(null=True)  # the InboundEmail up to which it has come; a bookmark, no reference

    personal_data = PersonalData(
        About.MEMBERS, origin=Origin.USAGE, loose={"last_email": "the InboundEmail up to which it has come"}
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(finished_at=None), name="one_refile_run_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"refile run {self.pk}"

    @property
    def is_finished(self) -> bool:
        """Return whether everything was tried."""
        return self.finished_at is not None
