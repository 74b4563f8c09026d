"""Wrapped keys. Destroying one here makes what it sealed unreadable everywhere, old backups included."""

from django.db import models
from django.db.models import Q

from accounts.ids import uuid7
from accounts.personal_data import About, Erased, Origin, PersonalData


class VaultKey(models.Model):
    """One version of one key, wrapped by its parent: root > organization > mailbox; root > profile, backup, hold.

    A case of an organization hangs below the organization's key, one of the operator below the root.
    """

    class Kind(models.TextChoices):
        ORGANIZATION = "organization"
        DIGEST = "digest"  # the organization's key for look-ups by keyed hash; it keeps one version
        MAILBOX = "mailbox"
        PROFILE = "profile"
        BACKUP = "backup"  # of one backup of the data or the files; those of the vault have theirs elsewhere
        HOLD = "hold"  # of a legal hold; it outlives the mailbox and the organization
        CASE = "case"  # of one person's request, or of one package made for it; gone when that is over

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    organization = models.UUIDField(null=True, db_index=True)
    scope = models.UUIDField()  # the organization, mailbox, user or hold it serves
    version = models.PositiveSmallIntegerField(default=1)
    wrapped = models.BinaryField(null=True)  # null once destroyed
    wrapped_by = models.CharField(max_length=24)  # root:fingerprint, or organization:version
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        About.NOBODY,
        {"wrapped": "a key, encrypted by its parent key", "wrapped_by": "the name and version of that parent key"},
        origin=Origin.NONE,
        loose={"organization": "whose it is", "scope": "the organization, mailbox or user it serves"},
        kept="until what it serves is deleted; the row without its key stays, and says when",
        erased=Erased.REDACTED,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "scope", "version"], name="vault_key_version"),
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at=None) | Q(wrapped=None, destroyed_at__isnull=False),
                name="vault_key_wrapped_or_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope} v{self.version}"
