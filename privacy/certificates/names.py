"""What the erased thing was called: kept for those it belonged to, proven by a salted digest, in the open nowhere.

A certificate outlives what it certifies and so holds no name. Whoever has the name and its salt can show that the
certificate is about it; whoever has only the certificate cannot find it out by guessing.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from accounts.sealing.errors import SealingError
from accounts.tokens import hash_of, new_token
from privacy.certificates.canonical import digest
from privacy.models import ClosingLink, DeletionJob, ErasedName


@dataclass(frozen=True)
class Name:
    """A name with the salt that belongs to it."""

    text: str
    salt: str

    @property
    def digest(self) -> str:
        """Return what the certificate says of it."""
        return digest(f"{self.salt}|{self.text}".encode())

    def as_json(self) -> dict[str, str]:
        """Return it as it stands beside the certificate in a file."""
        return {"text": self.text, "salt": self.salt}


def remember_name(job: DeletionJob, text: str) -> None:
    """Keep what the job erases under the organization's key, for its own pages; in its scope, before keys go."""
    if not ErasedName.objects.filter(job=job).exists():
        ErasedName.objects.create(
            job=job, organization_id=job.organization_id, text=text, salt=secrets.token_urlsafe(24)
        )


def name_of(job: DeletionJob) -> Name | None:
    """Return what the job erases was called, or None where nobody here can know it any more; in its scope."""
    found = ErasedName.objects.filter(job=job).first()
    try:
        return Name(found.text, found.salt) if found else None
    except SealingError:  # the organization's key is gone, and with it the name
        return None


def name_digest_of(job: DeletionJob) -> str:
    """Return the digest for the certificate; empty where there is no name, as with a person."""
    link = ClosingLink.objects.filter(job=job).first()
    if link is not None:
        return link.name_digest
    name = name_of(job)
    return name.digest if name else ""


def new_closing_link(job: DeletionJob, company: str) -> str:
    """Return a token that opens the page of a closed account for whoever holds it; one before it stops working."""
    token, token_hash = new_token()
    name = Name(company, secrets.token_urlsafe(24))
    nonce = secrets.token_bytes(12)
    sealed = nonce + _cipher(token).encrypt(nonce, json.dumps(name.as_json()).encode(), job.pk.bytes)
    fields = {"token_hash": token_hash, "sealed_name": sealed, "name_digest": name.digest}
    ClosingLink.objects.update_or_create(job=job, defaults={"organization_id": job.organization_id, **fields})
    return token


def opened(token: str) -> tuple[DeletionJob, Name] | None:
    """Return the closing that a token is about, with the company's name; None for a token of nothing."""
    link = ClosingLink.objects.select_related("job").filter(token_hash=hash_of(token)).first()
    if link is None:
        return None
    sealed = bytes(link.sealed_name)
    try:
        said: dict[str, Any] = json.loads(_cipher(token).decrypt(sealed[:12], sealed[12:], link.job_id.bytes))
    except InvalidTag:  # altered in the database: the link still leads to its job, without a name
        said = {"text": "", "salt": ""}
    return link.job, Name(said["text"], said["salt"])


def _cipher(token: str) -> AESGCM:
    key = HKDF(SHA256(), 32, salt=None, info=b"deskhero closing link").derive(token.encode())
    return AESGCM(key)
