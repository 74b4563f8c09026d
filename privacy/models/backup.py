"""Backups that Deskhero owns: what was kept where, until when, and the proof that it is gone."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.ids import uuid7
from accounts.personal_data import About, Erased, Origin, PersonalData

CAP = timedelta(days=330)  # no backup lives longer: one of day 30 of a deletion is gone within a year of its request
VAULT_CAP = timedelta(days=30)  # a destroyed key is gone from every backup after this


class BackupQuerySet(models.QuerySet["Backup"]):
    """Lists of backups."""

    def finished(self) -> Self:
        """Whole and written down; those that broke off never are."""
        return self.filter(finished_at__isnull=False)

    def living(self) -> Self:
        """Whole, and not deleted."""
        return self.finished().filter(deleted_at=None)

    def sound(self) -> Self:
        """Living, with a key, and nothing known against them."""
        return self.living().filter(key_destroyed_at=None, fault="")


class Backup(models.Model):
    """One backup of the data, the sealed files or the key vault, under a key of its own.

    It is the installation's, not an organization's, and holds ids, times and counts only.
    """

    class Kind(models.TextChoices):
        DATA = "data", "Data"
        FILES = "files", "Files"
        VAULT = "vault", "Key vault"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=5, choices=Kind)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    bytes = models.PositiveBigIntegerField(default=0)  # stored by it; of files, only what was new
    sha256 = models.CharField(max_length=64, blank=True, default="")
    location = models.CharField(max_length=120)
    key_reference = models.CharField(max_length=16)  # the fingerprint of its key
    app_version = models.CharField(max_length=20)
    ledger_position = models.PositiveBigIntegerField()  # erasures up to here are in it
    expires_at = models.DateTimeField(db_index=True)
    verified_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True, default="")  # what is wrong with it, in our words
    alarmed_at = models.DateTimeField(null=True)  # its storage refuses to let it go
    key_destroyed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    delete_proof = models.JSONField(null=True)  # names of objects, times, and that a listing no longer had them

    objects = BackupQuerySet.as_manager()

    personal_data = PersonalData(
        About.NOBODY,
        {
            "sha256": "checksum of ciphertext",
            "location": "name of an object: a kind, a day, an id",
            "key_reference": "fingerprint of a key",
            "app_version": "version of the program",
            "fault": "one of our own sentences, without a name in it",
            "delete_proof": "names of objects and times",
        },
        origin=Origin.NONE,
        kept="for good: the proof that a backup is gone",
        erased=Erased.KEPT,
    )

    class Meta:
        indexes = [models.Index(fields=["kind", "started_at"], name="backup_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("started_at") + CAP), name="backup_gone_within_330_days"
            ),
            models.CheckConstraint(
                condition=~Q(kind="vault") | Q(expires_at__lte=F("started_at") + VAULT_CAP),
                name="vault_backup_gone_within_30_days",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(delete_proof__isnull=False, key_destroyed_at__isnull=False),
                name="backup_deleted_with_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} backup {self.pk}"

    @property
    def cap(self) -> timedelta:
        """Return after how long its key dies, whatever its storage says."""
        return VAULT_CAP if self.kind == self.Kind.VAULT else CAP


class Drill(models.Model):
    """A backup brought back: into a scratch database to see that it can be done, or in earnest."""

    class Purpose(models.TextChoices):
        DRILL = "drill", "Drill"
        RESTORE = "restore", "Restore"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=7, choices=Purpose, default=Purpose.DRILL)
    backup = models.ForeignKey(Backup, models.CASCADE, related_name="drills")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    table_count = models.PositiveIntegerField(default=0)
    row_count = models.PositiveBigIntegerField(default=0)
    replayed_count = models.PositiveBigIntegerField(default=0)  # lines of the ledger, in a restore
    fault = models.CharField(max_length=200, blank=True, default="")  # in our words; empty: it came back whole

    personal_data = PersonalData(
        About.NOBODY,
        {"fault": "one of our own sentences, without a name in it"},
        origin=Origin.NONE,
        kept="for good: the proof that backups can be brought back",
        erased=Erased.KEPT,
    )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def is_passed(self) -> bool:
        """Return whether it came to its end and nothing was missing."""
        return self.finished_at is not None and not self.fault
