"""ContactImport: contacts from a file, from the upload to the last row."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField
from accounts.sealing.files import SealedFile
from accounts.sealing.places import ORGANIZATION


class ContactImport(Owned):
    """A file of contacts: sealed while it waits, gone once it was taken in or given up."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Waits for its columns"
        CHECKED = "checked", "Looked through"
        RUNNING = "running", "Being taken in"
        DONE = "done", "Taken in"
        GIVEN_UP = "given_up", "Given up"

    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.UPLOADED)
    columns = SealedJSONField(key=ORGANIZATION)  # what stands in each column, by its number
    errors = SealedJSONField(key=ORGANIZATION, compress=True)  # [row, word for the reason], the first of them
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)  # rows done
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)  # the last batch; a run that has not moved was lost
    finished_at = models.DateTimeField(null=True)

    personal_data = PersonalData(About.BOTH, files={"file": ORGANIZATION}, origin=Origin.ACCOUNT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(state="running"), name="one_contact_import_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"contact import {self.pk}"

    @property
    def is_finished(self) -> bool:
        """Return whether its file is gone."""
        return self.finished_at is not None

    @property
    def file(self) -> SealedFile:
        """Return where the file lies."""
        return SealedFile(self.organization_id, ORGANIZATION, self.organization_id, self.pk)
