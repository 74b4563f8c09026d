"""A mailbox with a ticket under a hold is erased and certified; the certificate says what really happened."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.sealing.keys import Kind, fingerprint, keys
from accounts.tenancy import organization_scope
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from privacy.certificates.document import as_document, as_file
from privacy.certificates.names import name_of
from privacy.certificates.stored import believed, stored_faults
from privacy.models import Certificate, DeletionJob
from tests.guards.world import make_world
from tests.privacy.helpers import job_of, travel

pytest.importorskip("privacy.holds.actors")
pytest.importorskip("privacy.backups.catalogue")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.mark.promise("4.4.5-b")
def test_the_certificate_of_a_real_deletion_says_what_happened_and_is_genuine(tmp_path: Path) -> None:
    from privacy.models import Backup

    world = make_world("Acme")  # whose linked ticket is under a hold
    now = timezone.now()
    backup = Backup.objects.create(
        kind="data",
        started_at=now + timedelta(seconds=1),
        finished_at=now + timedelta(seconds=2),
        location="data/one",
        key_reference="f",
        app_version="1",
        ledger_position=0,
        expires_at=now + timedelta(days=300),
    )
    with organization_scope(world.organization):
        address = world.mailbox.address
        alive = fingerprint(keys.current(Kind.MAILBOX, world.mailbox.pk))
        disconnect_mailbox(world.mailbox, by=world.owner)

    report = travel(7.1)

    job = job_of(world.mailbox.pk)
    assert (report.failed, job.waits_for, job.state) == ({}, "", DeletionJob.State.CERTIFIED)
    certificate = Certificate.objects.get(job=job)
    says = certificate.says
    counts = {one["place"]: one for one in says["counts"]}
    assert (counts["tickets.Message"]["before"], counts["tickets.Message"]["after"]) == (2, 0)
    assert counts["tickets.Ticket"]["held"] == counts["tickets.Ticket"]["after"] == 1
    assert [one["hold"] for one in says["held"]] == [str(world.hold.pk)]
    assert {"backup": str(backup.pk), "kind": "data", "expires_at": says["backups_gone_by"]} in says["backups"]
    assert alive in {one["fingerprint"] for one in says["keys_destroyed"]}
    assert all(one["destroyed_at"] for one in says["keys_destroyed"])
    assert list(stored_faults(believed())) == []

    with organization_scope(world.organization):
        document = as_document(certificate, name_of(job))
    assert document["name"]["text"] == address
    (tmp_path / "certificate.json").write_bytes(as_file(document))
    said = StringIO()
    call_command("verify_certificate", str(tmp_path / "certificate.json"), stdout=said)
    assert "genuine" in said.getvalue()
