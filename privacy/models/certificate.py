"""Certificate: the signed proof that something was erased, one link of a chain; and what it needs to be written."""

from typing import Any

from django.db import models

from accounts.ids import uuid7
from accounts.personal_data import HASHED, About, Erased, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import ORGANIZATION
from accounts.tenancy.owned import Kept, Owned
from accounts.tenancy.policy import TenantPolicy
from privacy.certificates.canonical import read
from privacy.certificates.signing import PublicKey
from privacy.models.deletion_job import PROOF, DeletionJob


class Certificate(Kept):
    """One certificate. All of the installation form one chain, so that none can be taken out, changed or added unseen.

    `body` is the signed text itself, byte for byte. The tenant role reads its own and writes none.
    """

    number = models.PositiveBigIntegerField(unique=True)
    job = models.OneToOneField(DeletionJob, models.PROTECT, related_name="certificate")
    issued_at = models.DateTimeField()
    body = models.TextField()
    body_digest = models.CharField(max_length=64)  # what the next one names
    public_key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    mailed_at = models.DateTimeField(null=True)  # the owners were told; None: not yet, or there was nobody to tell

    personal_data = PersonalData(
        About.NOBODY,
        {
            "body": "ids, times and counts, so that it can be read when every key is gone",
            "body_digest": "SHA-256 of that",
            "public_key": "a public key: everybody may have it",
            "signature": "a signature over ids, times and counts",
        },
        kept=PROOF,
    )

    class Meta:
        ordering = ["-number"]
        constraints = [TenantPolicy(name="tenant_privacy_certificate", grant="SELECT")]

    def __str__(self) -> str:
        return f"certificate {self.number}"

    @property
    def says(self) -> dict[str, Any]:
        """Return what it certifies."""
        found: dict[str, Any] = read(self.body)
        return found

    @property
    def key(self) -> PublicKey:
        """Return the key that verifies it."""
        return PublicKey(bytes(self.public_key))

    @property
    def called(self) -> str:
        """Return its number as people say it: year and number."""
        return f"{self.issued_at:%Y}-{self.number:04}"


class CertificateKey(models.Model):
    """A public key that signs or signed certificates. Rows are added and never removed, so that old ones verify."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fingerprint = models.CharField(max_length=32, unique=True)
    public = models.BinaryField(max_length=32)
    introduced_at = models.DateTimeField()
    introduced_by = models.CharField(max_length=32, blank=True, default="")  # fingerprint of the key that vouches
    introduction = models.BinaryField(max_length=64, null=True)  # that key's signature over this one
    confirmation = models.BinaryField(max_length=64, null=True)  # this key's signature over that one

    personal_data = PersonalData(
        About.NOBODY,
        {
            "fingerprint": "the name of a public key",
            "public": "a public key: everybody may have it",
            "introduced_by": "the name of a public key",
            "introduction": "a signature over a public key",
            "confirmation": "likewise",
        },
        origin=Origin.NONE,
        kept="for good: what it signed must stay verifiable",
        erased=Erased.KEPT,
    )

    class Meta:
        ordering = ["introduced_at"]

    def __str__(self) -> str:
        return f"certificate key {self.fingerprint}"

    @property
    def key(self) -> PublicKey:
        """Return the key to verify with."""
        return PublicKey(bytes(self.public))


class DestroyedKey(Kept):
    """The fingerprint of a key that a job destroys, noted while it can still be computed."""

    job = models.ForeignKey(DeletionJob, models.CASCADE, related_name="destroyed_keys")
    kind = models.CharField(max_length=12)
    scope = models.UUIDField()  # the mailbox, organization or user it served
    version = models.PositiveSmallIntegerField()
    fingerprint = models.CharField(max_length=16)

    personal_data = PersonalData(
        About.NOBODY,
        {"kind": "a kind of key, one of the vault's", "fingerprint": "a digest that names a key"},
        loose={"scope": "the mailbox, organization or user it served, which is gone"},
        kept=PROOF,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "kind", "scope", "version"], name="destroyed_key_once")]

    def __str__(self) -> str:
        return f"{self.kind} key {self.fingerprint}"


class ErasedName(Owned):
    """What the erased mailbox was called, for the organization's own eyes; it goes with the organization.

    The certificate holds a salted digest of it, which says nothing alone and proves the name to whoever has both.
    """

    job = models.OneToOneField(DeletionJob, models.CASCADE, related_name="name")
    text = SealedTextField(key=ORGANIZATION)
    salt = SealedTextField(key=ORGANIZATION)

    personal_data = PersonalData(About.NOBODY, origin=Origin.ACCOUNT)

    def __str__(self) -> str:
        return f"name of {self.job_id}"


class ClosingLink(Kept):
    """The way back to the page of a closed account for those who have no account any more: a link in the owner's mail.

    The company's name lies here under a key that only the link gives: the database alone does not know whom it was.
    """

    job = models.OneToOneField(DeletionJob, models.CASCADE, related_name="closing_link")
    token_hash = models.BinaryField(max_length=32, unique=True)
    sealed_name = models.BinaryField()
    name_digest = models.CharField(max_length=64)  # of salt and name, as the certificate says it

    personal_data = PersonalData(
        About.NOBODY,
        {
            "token_hash": HASHED,
            "sealed_name": "the company's name, sealed under a key made from the token",
            "name_digest": "a salted digest of the company's name",
        },
        kept=PROOF,
    )

    def __str__(self) -> str:
        return f"link of {self.job_id}"
