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
from privacy.actions.place_hold import place_hold
from privacy.certificates.document import as_document, as_file
from privacy.certificates.names import name_of
from privacy.certificates.stored import believed, stored_faults
from privacy.models import Backup, Certificate, DeletionJob
from tests.guards.world import make_world
from tests.privacy.helpers import job_of, travel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.mark.promise("4.4.5-b")
def test_the_certificate_of_a_real_deletion_says_what_happened_and_is_genuine(tmp_path: Path) -> None:
    world = make_world("Acme")
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
        placed = place_hold(
            world.ticket,
            basis="claim",
            reason="A claim",
            review_on=timezone.localdate() + timedelta(days=30),
            reviewer=world.owner,
            by=world.owner,
        )
        alive = fingerprint(keys.current(Kind.MAILBOX, world.mailbox.pk))
        disconnect_mailbox(world.mailbox, by=world.owner)

    report = travel(7.1)

    job = job_of(world.mailbox.pk)
    assert (report.failed, job.waits_for, job.state) == ({}, "", DeletionJob.State.CERTIFIED)
    certificate = Certificate.objects.get(job=job)
    says = certificate.says
    counts = {one["place"]: one for one in says["counts"]}
    assert all(one["after"] == one["held"] for one in says["counts"])
    assert (counts["tickets.Ticket"]["before"], counts["tickets.Ticket"]["held"]) == (2, 1)
    assert (counts["tickets.Message"]["before"], counts["tickets.Message"]["held"]) == (2, 2)
    assert (counts["mailbox.Mailbox"]["before"], counts["mailbox.Mailbox"]["after"]) == (1, 0)
    assert str(placed.pk) in {one["hold"] for one in says["held"]}
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
