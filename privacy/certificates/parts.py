"""What a certificate says, part by part; each is read from where it is true, none is told by the caller."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from accounts.sealing.keys import Kind, fingerprint, keys
from accounts.vault.models import VaultKey
from privacy.backups.catalogue import ciphertext_left
from privacy.certificates.names import name_digest_of
from privacy.holding import holds_inside
from privacy.models import DeletionJob, DestroyedKey

FORMAT = "deskhero-certificate/1"
KEY_COPIES_KEPT = timedelta(days=30)  # how long a backup of the vault lives: PRIVACY-DESIGN, keys
# What no program of ours can reach; words are in privacy/certificates/wording.py.
BEYOND_US = ("mailbox_at_provider", "delivered_mail", "own_exports")


def stated(at: datetime | None) -> str | None:
    """Return a time as certificates write it: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def note_keys(job: DeletionJob, kind: str, scope: UUID) -> int:
    """Note the fingerprints of every version of a key; called before it is destroyed, and again changes nothing."""
    found = [
        DestroyedKey(
            job=job,
            organization_id=job.organization_id,
            kind=kind,
            scope=scope,
            version=key.version,
            fingerprint=fingerprint(key),
        )
        for key in keys.usable(Kind(kind), scope)
    ]
    return len(DestroyedKey.objects.bulk_create(found, ignore_conflicts=True))


def payload(job: DeletionJob, *, issued_at: datetime) -> dict[str, Any]:
    """Return everything the certificate says but its place in the chain; outside any scope, after the verification."""
    destroyed = destroyed_keys(job)
    backups = backups_left(job)
    return {
        "format": FORMAT,
        "issuer": settings.URL,
        "issued_at": stated(issued_at),
        "job": str(job.pk),
        "organization": str(job.organization_id),
        "scope": job.scope,
        "target": str(job.target_id),
        "name_digest": name_digest_of(job) or None,
        "cause": job.cause,
        "asked_by": str(job.requested_by_id) if job.requested_by_id else None,
        "times": {
            "asked_at": stated(job.requested_at),
            "grace_ended_at": stated(job.run_after),
            "started_at": stated(job.started_at),
            "keys_destroyed_at": stated(job.key_destroyed_at),
            "verified_at": stated(job.verified_at),
            "promised_by": stated(job.due_at),
        },
        "counts": counts(job),
        "keys_destroyed": destroyed,
        "key_copies_gone_by": _copies_gone_by(destroyed),
        "held": held(job),
        "backups": backups,
        "backups_gone_by": max((one["expires_at"] for one in backups), default=None),
        "not_deleted": list(BEYOND_US),
    }


def counts(job: DeletionJob) -> list[dict[str, Any]]:
    """Return every place of the inventory that was counted, with what was there and what is left."""
    return [
        {"place": one.place, "before": one.before, "deleted": one.deleted, "held": one.held, "after": one.after}
        for one in job.counts.order_by("place")
    ]


def destroyed_keys(job: DeletionJob) -> list[dict[str, Any]]:
    """Return the keys the job noted, with the moment at which the vault destroyed each."""
    noted = list(job.destroyed_keys.order_by("kind", "scope", "version"))
    moments = {
        (row.kind, row.scope, row.version): row.destroyed_at
        for row in VaultKey.objects.filter(scope__in={one.scope for one in noted})
    }
    return [
        {
            "kind": one.kind,
            "for": str(one.scope),
            "version": one.version,
            "fingerprint": one.fingerprint,
            "destroyed_at": stated(moments.get((one.kind, one.scope, one.version))),
        }
        for one in noted
    ]


def held(job: DeletionJob) -> list[dict[str, Any]]:
    """Return the legal holds that kept something out, each with its basis and the day it is looked at again."""
    return [
        {"hold": str(one.pk), "basis": one.basis, "review_by": one.review_at.date().isoformat()}
        for one in sorted(holds_inside(job), key=lambda one: str(one.pk))
    ]


def backups_left(job: DeletionJob) -> list[dict[str, Any]]:
    """Return the backups that still hold ciphertext of the organization, each with the day it ends."""
    left = [
        {"backup": str(backup_id), "kind": str(kind), "expires_at": stated(expires_at)}
        for backup_id, kind, expires_at in ciphertext_left(job.organization_id)
    ]
    return sorted(left, key=lambda one: (str(one["expires_at"]), str(one["backup"])))


def _copies_gone_by(destroyed: list[dict[str, Any]]) -> str | None:
    last = max((one["destroyed_at"] for one in destroyed if one["destroyed_at"]), default=None)
    if last is None:
        return None
    return stated(datetime.fromisoformat(last) + KEY_COPIES_KEPT)
