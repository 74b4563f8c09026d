"""AccessSeal and AccessCheckpoint: the chain over the access log, in tables of their own."""

from django.db import models
from django.db.models.functions import Now

from accounts.models.access_event import KEPT
from accounts.personal_data import About, Erased, Origin, PersonalData
from accounts.tenancy.append_only import AppendOnly
from accounts.tenancy.owned import Kept
from accounts.tenancy.policy import TenantPolicy

PROOF = "proof of the program's own, about nobody"


class AccessSeal(models.Model):
    """The place of one event in its organization's chain: hash = SHA-256 of the hash before, number, event and digest.

    `digest` is over the event alone, so that verification can say whether an event was edited or the chain was.
    """

    event_id = models.UUIDField(primary_key=True, editable=False)  # no reference: a deleted event must show
    organization_id = models.UUIDField()
    number = models.PositiveBigIntegerField()  # 1, 2, 3 ... within the organization
    digest = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    personal_data = PersonalData(
        About.NOBODY,
        {"digest": "SHA-256 over ids, times and ciphertext", "hash": "SHA-256 over hashes"},
        origin=Origin.NONE,
        loose={"organization_id": "whose chain it is, which it outlives"},
        kept=KEPT,
        erased=Erased.KEPT,
        unexported=PROOF,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "number"], name="access_seal_number"),
            TenantPolicy(name="tenant_accounts_accessseal", grant="SELECT, INSERT"),
            AppendOnly(name="append_only_accessseal"),
        ]

    def __str__(self) -> str:
        return f"seal {self.number} of {self.organization_id}"


class AccessCheckpoint(Kept):
    """Where a chain begins since older rows were let go, or goes on after a backup was restored. Signed by root."""

    class Reason(models.TextChoices):
        RETENTION = "retention", "Older rows were deleted by retention"
        RESTORE = "restore", "A backup was restored"

    organization_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    reason = models.CharField(max_length=9, choices=Reason)
    number = models.PositiveBigIntegerField()  # of the last row before it
    hash = models.BinaryField(max_length=32)
    lost_number = models.PositiveBigIntegerField(null=True)  # after a restore: how far the chain had been
    signature = models.BinaryField(max_length=32)  # HMAC-SHA-256 under a key of the root key

    personal_data = PersonalData(
        About.NOBODY,
        {"hash": "SHA-256 over hashes", "signature": "HMAC-SHA-256 over number and hash"},
        origin=Origin.NONE,
        kept="as long as the chain goes on behind it",
        erased=Erased.KEPT,
        unexported=PROOF,
    )

    class Meta:
        indexes = [models.Index(fields=["organization_id", "number"], name="access_checkpoint")]
        constraints = [
            TenantPolicy(name="tenant_accounts_accesscheckpoint", grant="SELECT, INSERT"),
            AppendOnly(name="append_only_accesscheckpoint"),
        ]

    def __str__(self) -> str:
        return f"checkpoint {self.number} of {self.organization_id}"
