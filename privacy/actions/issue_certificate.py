"""The end of a job: its certificate."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from privacy import clock
from privacy.certificates.canonical import canonical, digest
from privacy.certificates.parts import payload
from privacy.certificates.signing import SigningKey, signing_keys
from privacy.deletion.step import StepWaits
from privacy.models import Certificate, CertificateKey, DeletionJob
from privacy.tasks import mail_certificate

_CHAIN = 0x6465736B63657274  # advisory lock: one certificate at a time, so that numbers and chain have no gap


@transaction.atomic
def issue_certificate(job: DeletionJob) -> Certificate:
    """Sign what the job did and add it to the chain; a job has one certificate, however often this runs.

    StepWaits where anything is left that no hold keeps, or was not counted again: nothing half done is certified.
    """
    _take_turn()
    job = DeletionJob.objects.select_for_update().get(pk=job.pk)
    found = Certificate.objects.filter(job=job).first()
    if found is not None:
        return found
    _refuse_half_done(job)
    now = clock.now()
    key = present_key(now)
    certificate = _sign(job, key, now)
    mail_certificate.delay_on_commit(str(job.organization_id), str(certificate.pk))
    job.state, job.certified_at = DeletionJob.State.CERTIFIED, now
    job.save(update_fields=["state", "certified_at"])
    return certificate


@transaction.atomic
def publish_key() -> None:
    """Publish the present key while the one before it is at hand to introduce it: called when the root key changed."""
    _take_turn()
    present_key(clock.now())


def present_key(now: datetime) -> SigningKey:
    """Return the key that signs now; one never used before is published first, with the word of the one before it."""
    present, *previous = signing_keys()
    known = set(CertificateKey.objects.values_list("fingerprint", flat=True))
    for key in [*previous, present]:
        if key.public.fingerprint in known:
            continue
        voucher = next((one for one in previous if one is not key and one.public.fingerprint in known), None)
        CertificateKey.objects.create(
            fingerprint=key.public.fingerprint,
            public=key.public.raw,
            introduced_at=now,
            introduced_by=voucher.public.fingerprint if voucher else "",
            introduction=voucher.vouch_for(key.public) if voucher else None,
            confirmation=key.vouch_for(voucher.public) if voucher else None,
        )
        known.add(key.public.fingerprint)
    return present


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN])


def _sign(job: DeletionJob, key: SigningKey, now: datetime) -> Certificate:
    last = Certificate.objects.order_by("-number").first()
    said: dict[str, Any] = {
        **payload(job, issued_at=now),
        "number": last.number + 1 if last else 1,
        "follows": {"number": last.number, "sha256": last.body_digest} if last else None,
        "key": key.public.fingerprint,
    }
    body = canonical(said)
    return Certificate.objects.create(
        organization_id=job.organization_id,
        number=said["number"],
        job=job,
        issued_at=now,
        body=body.decode(),
        body_digest=digest(body),
        public_key=key.public.raw,
        signature=key.sign(body),
    )


def _refuse_half_done(job: DeletionJob) -> None:
    counts = list(job.counts.all())
    if job.verified_at is None or not counts:
        raise StepWaits("It is not verified yet.")
    left = sum(one.after != one.held for one in counts)
    if left:
        raise StepWaits(f"Something is left, or was not counted again, in {left} places.")
