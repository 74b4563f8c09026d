"""A mailbox is disconnected while backups go on: the product's own job takes it out of the live system, and of them."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Membership, Organization
from accounts.sealing.errors import KeyDestroyed, KeyMissing
from accounts.sealing.keys import Kind, keys
from accounts.tenancy import organization_scope
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.models import Mailbox
from privacy import clock
from privacy.actions.restore_system import restore_system
from privacy.actions.run_drill import drill_if_due
from privacy.actions.run_retention import run_retention
from privacy.actions.take_backup import take_backup
from privacy.backups import keyring, manifest, postgres
from privacy.backups.errors import RestoreRefused
from privacy.backups.expire import expire
from privacy.backups.sealing import opened
from privacy.certificates.document import as_document, as_file
from privacy.certificates.names import name_of
from privacy.ledger import files as ledger_files
from privacy.models import Backup, Certificate, DeletionJob
from tests.factories import make_inbound_email, make_mailbox, make_message, make_ticket
from tests.privacy.databases import new_machine
from tests.privacy.helpers import job_of
from tickets.models import Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
CANARY = "Kanarie in a mailbox that left"
VAULT = Backup.Kind.VAULT
LARGE = b"Subject: large\r\n\r\n" + b"Kanarie with a file. " * 20_000


def back_up(moment: datetime) -> tuple[Backup, Backup]:
    """Take all three, and return those of the data and of the vault."""
    with clock.at(moment):
        data = take_backup(Backup.Kind.DATA, now=moment)
        take_backup(Backup.Kind.FILES, now=moment)
        return data, take_backup(VAULT, now=moment)


def text_of(message: Message) -> str:
    keys.forget()
    return Message._base_manager.get(pk=message.pk).new_text


def test_a_disconnected_mailbox_leaves_the_backups_too(  # one story: each part needs what the part before it left
    acme: Organization, bob: Membership, mailbox: Mailbox, settings: Any, outside: Path, tmp_path: Path
) -> None:
    going = make_mailbox(acme, address="old@acme.example")
    gone = make_message(make_ticket(acme, mailbox=going, subject=CANARY), text=CANARY)
    stays = make_message(make_ticket(acme, mailbox=mailbox), text="What is kept.")
    large = make_inbound_email(going, LARGE)
    file = large.raw_file.path
    start = timezone.now()
    day_0, vault_0 = back_up(start)

    # Disconnected, with seven days to turn back; the last backups of these days still hold everything.
    with organization_scope(acme):
        disconnect_mailbox(going, by=bob)
    day_6, vault_6 = back_up(start + timedelta(days=6))
    assert text_of(gone) == CANARY

    # The job runs: from here on the live system has neither the rows, nor the files, nor the key.
    with clock.at(start + timedelta(days=7, hours=1)):
        run_retention()
    job = job_of(going.pk)
    assert (job.state, job.waits_for) == (DeletionJob.State.CERTIFIED, "")
    assert not Message._base_manager.filter(pk=gone.pk).exists()
    assert not default_storage.exists(file)
    with pytest.raises(KeyDestroyed):
        keys.current(Kind.MAILBOX, going.pk)
    day_29, vault_29 = back_up(start + timedelta(days=29))

    # What backups of before hold is noise beside the live vault.
    for backup in (day_0, day_6):
        with new_machine(settings, outside, keep_vault=True):
            postgres.load(postgres.parameters_of("default"), opened(manifest.find(backup.pk)))
            with pytest.raises(KeyDestroyed):
                text_of(gone)
            assert text_of(stays) == "What is kept."

    # A thief with the root key and the vault of day 6 could read it, for thirty days after the key went and no longer.
    with new_machine(settings, outside):
        postgres.load(postgres.parameters_of("vault"), opened(manifest.find(vault_6.pk)))
        postgres.load(postgres.parameters_of("default"), opened(manifest.find(day_6.pk)))
        assert text_of(gone) == CANARY
    with new_machine(settings, outside):
        postgres.load(postgres.parameters_of("vault"), opened(manifest.find(vault_29.pk)))
        postgres.load(postgres.parameters_of("default"), opened(manifest.find(day_6.pk)))
        with pytest.raises(KeyDestroyed):
            text_of(gone)
        assert text_of(stays) == "What is kept."

    # A ledger that was changed is refused, before anything is brought back from the oldest backup.
    kept = {path: path.read_bytes() for path in ledger_files.paths()}
    for path, lines in kept.items():
        path.write_bytes(lines.replace(str(going.pk).encode(), str(mailbox.pk).encode()))
        assert path.read_bytes() != lines
    with new_machine(settings, outside), pytest.raises(RestoreRefused, match="was altered"):
        restore_system(day_0.pk)
    for path, lines in kept.items():
        path.write_bytes(lines)

    # Whoever restores the oldest backup by the book gets the rest, and not the mailbox: the ledger is replayed.
    with new_machine(settings, outside):
        done = restore_system(day_0.pk)
        assert done.replayed.left == []
        assert text_of(stays) == "What is kept."
        assert not Mailbox._base_manager.filter(pk=going.pk).exists()
        assert not Message._base_manager.filter(pk=gone.pk).exists()
        assert not default_storage.exists(file)
        with pytest.raises(KeyDestroyed):
            keys.current(Kind.MAILBOX, going.pk)

    # The drill of the month brings back what is left, and finds every count as it was.
    drill = drill_if_due(now=start + timedelta(days=29))
    assert drill is not None
    assert (drill.backup_id, drill.fault) == (day_29.pk, "")

    # The certificate names the backups that still hold ciphertext, and a changed one is refused.
    certificate = Certificate.objects.get(job=job)
    named = {one["backup"] for one in certificate.says["backups"]}
    assert {str(day_0.pk), str(day_6.pk)} <= named
    assert str(day_29.pk) not in named
    with organization_scope(acme):
        whole = as_file(as_document(certificate, name_of(job)))
    file_of_it = tmp_path / "certificate.json"
    file_of_it.write_bytes(whole)
    call_command("verify_certificate", str(file_of_it))
    file_of_it.write_bytes(whole.replace(str(day_6.pk).encode(), str(day_29.pk).encode()))
    with pytest.raises(SystemExit):
        call_command("verify_certificate", str(file_of_it))

    # Thirty-six days after the start no vault of before is left; at the cap nothing is.
    expire(start + timedelta(days=36))
    for vault in (vault_0, vault_6):
        with pytest.raises(KeyMissing):
            keyring.key_of(VAULT, vault.pk)
    expire(start + timedelta(days=29 + 330))
    assert not Backup.objects.living().exists()
    assert {path.name for path in (outside / "backups").rglob("*") if path.is_file()} == {"ledger.jsonl"}
