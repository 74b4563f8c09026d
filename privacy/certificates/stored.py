"""The whole chain as the database holds it: every signature, every link, and nothing missing at its end."""

from base64 import b64encode
from collections.abc import Collection, Iterator

from privacy.certificates.checking import Checked, chain_faults, check_document
from privacy.certificates.document import as_document
from privacy.certificates.signing import signing_keys
from privacy.models import Certificate, CertificateKey, DeletionJob


def published() -> dict[str, object]:
    """Return the public keys as they are published, oldest first, each with the word of the one before it."""
    return {
        "keys": [
            {
                "fingerprint": one.fingerprint,
                "public": one.key.text,
                "introduced_at": one.introduced_at.isoformat(timespec="seconds"),
                "introduced_by": one.introduced_by or None,
                "introduction": b64encode(bytes(one.introduction)).decode() if one.introduction else None,
            }
            for one in CertificateKey.objects.order_by("introduced_at", "pk")
        ]
    }


def believed() -> set[str]:
    """Return the fingerprints this installation stands by: its own keys, and those before them that they confirmed.

    A key that somebody merely wrote into the table is not among them.
    """
    found = {key.public.fingerprint for key in signing_keys()}
    rows = {one.fingerprint: one for one in CertificateKey.objects.all()}
    waiting = [rows[one] for one in found if one in rows]
    while waiting:
        newer = waiting.pop()
        older = rows.get(newer.introduced_by)
        if older is None or older.fingerprint in found or newer.confirmation is None:
            continue
        if newer.key.vouches_for(older.key, bytes(newer.confirmation)):
            found.add(older.fingerprint)
            waiting.append(older)
    return found


def stored_faults(trusted: Collection[str]) -> Iterator[str]:
    """Yield a sentence for everything that is not as it was signed; outside any scope.

    Nothing tells a chain that was cut at its end but the jobs that say they were certified, so those are asked too.
    """
    before: Checked | None = None
    expected = 1
    for certificate in Certificate.objects.order_by("number").iterator(chunk_size=500):
        one = check_document(as_document(certificate), trusted)
        yield from (f"Certificate {certificate.number}: {reason}" for reason in one.reasons)
        if not one.is_genuine:
            before, expected = None, certificate.number + 1
            continue
        if certificate.number != expected:
            yield f"Certificates {expected} to {certificate.number - 1} are missing."
        yield from _columns_that_differ(certificate, one)
        yield from chain_faults([before, one] if before else [])
        before, expected = one, certificate.number + 1
    lost = DeletionJob.objects.filter(state=DeletionJob.State.CERTIFIED, certificate=None)
    yield from (
        f"Job {job_id} was certified, and its certificate is gone." for job_id in lost.values_list("pk", flat=True)
    )


def _columns_that_differ(certificate: Certificate, one: Checked) -> Iterator[str]:
    """The columns repeat what was signed, for looking things up; they must say the same."""
    said = {
        "number": certificate.number,
        "job": str(certificate.job_id),
        "organization": str(certificate.organization_id),
    }
    for name, value in said.items():
        if one.says[name] != value:
            yield f"Certificate {certificate.number}: the column {name} differs from what was signed."
    if certificate.body_digest != one.body_digest:
        yield f"Certificate {certificate.number}: the column body_digest differs from what was signed."
