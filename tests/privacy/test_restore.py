"""A system comes back from its backups, and nothing that was erased comes back with it."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery import signals
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Organization, Suppression
from accounts.sealing.digests import address_digest
from accounts.sealing.errors import KeyDestroyed, KeyMissing
from accounts.sealing.keys import Kind, destroy_key, keys
from accounts.suppression import ADDRESS, suppress
from accounts.tenancy import organization_scope
from accounts.vault.models import VaultKey
from deskhero import asgi, web
from deskhero.migrate import migrate
from deskhero.restoring import is_restoring
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from privacy import ledger
from privacy.actions import restore_system as restoring
from privacy.actions.restore_system import restore_system
from privacy.actions.run_drill import drill_if_due
from privacy.actions.take_backup import take_backup
from privacy.backups import keyring, lock, manifest, postgres
from privacy.backups.errors import BackupDamaged, RestoreRefused
from privacy.backups.expire import expire
from privacy.backups.left_out import tables_left_out
from privacy.backups.sealing import opened
from privacy.ledger import files as ledger_files
from privacy.ledger.erasing import erase_rows, erase_whole
from privacy.ledger.remembering import remember_contacts, remember_messages
from privacy.models import Backup, Drill
from tests.factories import make_contact, make_inbound_email, make_mailbox, make_message, make_ticket
from tests.privacy.databases import environment, new_machine
from tickets.models import Contact, Message, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
HOME = Path(__file__).resolve().parents[2]
LARGE = b"Subject: large\r\n\r\n" + b"Kanarie with a file. " * 20_000
CANARY = "Kanarie who was erased"


@dataclass
class World:
    """Acme with two mailboxes, one of them about to go, and Globex who must notice nothing."""

    acme: Organization
    globex: Organization
    kept: Mailbox
    going: Mailbox
    going_message: Message
    kept_message: Message
    erased_message: Message
    erased_contact: Contact
    large: InboundEmail
    elsewhere: Message


@pytest.fixture
def world(acme: Organization, globex: Organization, mailbox: Mailbox) -> World:
    going = make_mailbox(acme, address="old@acme.example")
    erased = make_contact(acme, name="Dora", address="dora@customer.example")
    ticket = make_ticket(acme, mailbox=mailbox, subject="A ticket that stays")
    return World(
        acme,
        globex,
        mailbox,
        going,
        make_message(make_ticket(acme, mailbox=going, subject=CANARY), text=CANARY),
        make_message(ticket, text="What is kept."),
        make_message(ticket, text=CANARY),
        erased,
        make_inbound_email(going, LARGE),
        make_message(make_ticket(globex), text="Another company's."),
    )


def take_all(**how: Any) -> Backup:
    backup = take_backup(Backup.Kind.DATA, **how)
    take_backup(Backup.Kind.FILES, **how)
    take_backup(Backup.Kind.VAULT, **how)
    return backup


def erase_much(world: World) -> None:
    """Do what a deletion of a mailbox, of a contact and of a message does: the ledger, the key, the rows."""
    acme = world.acme.pk
    ledger.append("mailbox", [world.going.pk], organization_id=acme)
    destroy_key(Kind.MAILBOX, world.going.pk)
    erase_whole(Mailbox, [world.going.pk])
    remember_contacts(acme, [world.erased_contact.pk])
    erase_rows(Contact, [world.erased_contact.pk])
    remember_messages(acme, [world.erased_message.pk])
    erase_rows(Message, [world.erased_message.pk])
    suppress(acme, ADDRESS, [address_digest(acme, "erin@customer.example")])


def readable(message: Message) -> str:
    keys.forget()
    return Message._base_manager.get(pk=message.pk).new_text


def test_what_was_erased_since_the_backup_is_erased_again_and_the_rest_is_back(
    world: World, settings: Any, outside: Path
) -> None:
    backup = take_all()
    erase_much(world)
    later = take_backup(Backup.Kind.DATA)
    said: list[str] = []

    with new_machine(settings, outside):
        done = restore_system(backup.pk, say=said.append)

        assert done.files == 1
        assert done.replayed.left == []
        assert readable(world.kept_message) == "What is kept."
        assert readable(world.elsewhere) == "Another company's."
        for row in (world.going, world.going_message, world.erased_message, world.erased_contact, world.large):
            assert not type(row)._base_manager.filter(pk=row.pk).exists(), row
        with pytest.raises(KeyDestroyed):  # the vault's backup had it; the replay destroyed it again
            keys.current(Kind.MAILBOX, world.going.pk)
        assert not default_storage.exists(world.large.raw_file.path)
        with organization_scope(world.acme):
            digests = {bytes(one) for one in Suppression.objects.filter(kind=ADDRESS).values_list("digest", flat=True)}
        assert digests == {
            address_digest(world.acme.pk, address) for address in ("dora@customer.example", "erin@customer.example")
        }
        assert backup.pk in set(Backup.objects.sound().values_list("pk", flat=True))
        lost = Backup.objects.get(pk=later.pk)  # taken after the vault's last backup: no key opens it any more
        assert lost.key_destroyed_at
        assert expire()["deleted"] == [str(later.pk)]
        note = Drill.objects.get()
        assert (note.purpose, note.backup_id, note.is_passed) == ("restore", backup.pk, True)
        assert not is_restoring()
        assert any("Bringing back the vault" in line for line in said)
    assert ledger.verify()[-1].kind == "restored"


def test_with_the_live_vault_shredded_content_is_noise_and_with_an_old_vault_it_opens_for_thirty_days(
    world: World, settings: Any, outside: Path
) -> None:
    start = timezone.now()
    day_0 = take_all(now=start)
    day_29 = take_all(now=start + timedelta(days=29))
    vault_29 = Backup.objects.get(kind=Backup.Kind.VAULT, started_at=start + timedelta(days=29))
    ledger.append("mailbox", [world.going.pk], organization_id=world.acme.pk)
    destroy_key(Kind.MAILBOX, world.going.pk)

    for backup in (day_0, day_29):
        with new_machine(settings, outside, keep_vault=True):
            postgres.load(postgres.parameters_of("default"), opened(manifest.find(backup.pk)))
            with pytest.raises(KeyDestroyed):
                readable(world.going_message)
            assert readable(world.kept_message) == "What is kept."

    with new_machine(settings, outside):  # somebody with the root key and the vault of day 29, before the replay
        postgres.load(postgres.parameters_of("vault"), opened(manifest.find(vault_29.pk)))
        postgres.load(postgres.parameters_of("default"), opened(manifest.find(day_29.pk)))
        assert readable(world.going_message) == CANARY

    expire(start + timedelta(days=59))
    with pytest.raises(KeyMissing):
        keyring.key_of(Backup.Kind.VAULT, vault_29.pk)
    assert not Backup.objects.living().filter(kind=Backup.Kind.VAULT).exists()
    expire(start + timedelta(days=29 + 330))
    assert not Backup.objects.living().exists()
    assert {path.name for path in (outside / "backups").rglob("*") if path.is_file()} == {"ledger.jsonl"}


@pytest.mark.long
def test_a_year_of_days_ends_every_backup_in_time_and_its_drills_pass(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dump is taken once and stands for every day; keys, terms, proofs and the catalogue are the real ones."""
    with postgres.snapshot(postgres.parameters_of("default")) as snapshot:
        dump, counts = b"".join(snapshot.dump(tables_left_out())), snapshot.counts(tables_left_out())
    monkeypatch.setattr(postgres.Snapshot, "dump", lambda *_: iter([dump]))
    monkeypatch.setattr(postgres.Snapshot, "counts", lambda *_: counts)
    start, most = timezone.now(), 0
    for day in range(0, 400, 5):
        moment = start + timedelta(days=day)
        take_backup(Backup.Kind.DATA, now=moment)
        take_backup(Backup.Kind.VAULT, now=moment)
        assert expire(moment)["refused"] == []
        if day % 130 == 0:
            drill = drill_if_due(now=moment)
            assert drill is not None
            assert drill.is_passed, drill.fault
        living = Backup.objects.living()
        assert not living.filter(expires_at__lte=moment).exists()
        most = max(most, living.count())
    gone = Backup.objects.exclude(deleted_at=None)
    assert most <= 35 + 13 + 10 + 30
    assert Drill.objects.count() == 4
    assert all(one.deleted_at - one.started_at <= timedelta(days=332) for one in gone)
    alive = VaultKey.objects.filter(kind=Kind.BACKUP, destroyed_at=None).values_list("scope", flat=True)
    data = Backup.objects.living().filter(kind=Backup.Kind.DATA)
    assert set(alive) == set(data.values_list("pk", flat=True))
    assert set(json.loads((ledger_files.paths(keyring.NAME)[0]).read_bytes())) == {
        str(pk) for pk in Backup.objects.living().filter(kind=Backup.Kind.VAULT).values_list("pk", flat=True)
    }


class Killed(BaseException):
    """As kill -9 would: nothing after it runs."""


@pytest.mark.parametrize("where", ["_bring_files", "replay", "_note"])
def test_a_restore_that_is_killed_stays_locked_and_goes_on(
    world: World, settings: Any, outside: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    backup = take_all()
    erase_much(world)

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with new_machine(settings, outside):
        with monkeypatch.context() as patched:
            patched.setattr(restoring, where, die)
            with pytest.raises(Killed):
                restore_system(backup.pk)
        assert is_restoring()
        done = restore_system(backup.pk)

        assert done.replayed.left == []
        assert not Mailbox._base_manager.filter(pk=world.going.pk).exists()
        assert readable(world.kept_message) == "What is kept."
        assert not is_restoring()


def cut_the_end(outside: Path) -> None:
    for path in ledger_files.paths():
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))


def change_a_line(outside: Path) -> None:
    for path in ledger_files.paths():
        path.write_text(path.read_text().replace('"kind":"mailbox"', '"kind":"message"'))


def lose_it(outside: Path) -> None:
    for path in ledger_files.paths():
        path.unlink()


@pytest.mark.parametrize(
    ("tamper", "fault"), [(cut_the_end, "end is missing"), (change_a_line, "was altered"), (lose_it, "is not the one")]
)
def test_a_ledger_that_cannot_be_trusted_stops_the_restore_before_anything_is_changed(
    world: World, settings: Any, outside: Path, tamper: Callable[[Path], None], fault: str
) -> None:
    ledger.append("contact", [world.erased_contact.pk], organization_id=world.acme.pk)
    backup = take_all()
    erase_much(world)
    take_backup(Backup.Kind.DATA, now=timezone.now() + timedelta(hours=2))  # knows the ledger up to its end
    tamper(outside)

    with new_machine(settings, outside, keep_vault=True):
        with pytest.raises(RestoreRefused, match=fault):
            restore_system(backup.pk)
        with psycopg.connect(**postgres.parameters_of("default")) as connection:
            assert postgres.tables(connection) == []


def test_a_damaged_backup_brings_nothing_back(world: World, settings: Any, outside: Path) -> None:
    backup = take_all()
    path = outside / "backups" / backup.location
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with new_machine(settings, outside):
        with pytest.raises(BackupDamaged):
            restore_system(backup.pk)
        with psycopg.connect(**postgres.parameters_of("default")) as connection:
            assert postgres.tables(connection) == []


def test_nothing_is_overwritten(world: World, settings: Any, outside: Path) -> None:
    backup = take_all()
    with pytest.raises(RestoreRefused, match="The database is not empty"):
        restore_system(backup.pk)
    with pytest.raises(RestoreRefused, match="Name a backup of the data"):
        restore_system(Backup.objects.get(kind=Backup.Kind.FILES).pk)
    with new_machine(settings, outside):
        default_storage.save("x/00/file", BytesIO(b"there"))
        with pytest.raises(RestoreRefused, match="sealed files already"):
            restore_system(backup.pk)
        with psycopg.connect(**postgres.parameters_of("default")), pytest.raises(RestoreRefused, match="in use by 1"):
            restore_system(backup.pk, keep_files=True)
        lock.take(postgres.parameters_of("default"), world.acme.pk)
        with pytest.raises(RestoreRefused, match="finish that one"):
            restore_system(backup.pk, keep_files=True)


def test_mail_that_waited_then_is_looked_for_before_it_is_sent(world: World, settings: Any, outside: Path) -> None:
    with organization_scope(world.acme):
        waiting = OutboundEmail.objects.create(
            organization=world.acme, mailbox=world.kept, conversation=world.kept_message.ticket_id
        )
    backup = take_all()
    with new_machine(settings, outside, keep_vault=True):
        restore_system(backup.pk)
        row = OutboundEmail._base_manager.get(pk=waiting.pk)
        assert row.claimed_at is not None  # deliver_email asks the provider first: it may have left since
        assert row.claimed_at < timezone.now() - timedelta(days=365)


def test_web_worker_beat_and_commands_refuse_to_start_until_the_restore_has_come_to_its_end(
    world: World, settings: Any, outside: Path
) -> None:
    backup = take_all()
    erase_much(world)
    starts: list[Callable[[], Any]] = [
        lambda: web.main(["--port", "1"]),
        lambda: importlib.reload(asgi),
        lambda: signals.worker_init.send(None),
        lambda: signals.beat_init.send(None),
        migrate,
    ]
    with new_machine(settings, outside):
        how: dict[str, Any] = {"env": environment(outside), "cwd": HOME, "text": True, "stdout": subprocess.PIPE}
        lock.take(postgres.parameters_of("default"), backup.pk)
        for start in starts:
            with pytest.raises(SystemExit, match="is being brought back from a backup"):
                start()
        refused = subprocess.run(
            [sys.executable, "manage.py", "sync_mailboxes", "--once"], stderr=subprocess.PIPE, check=False, **how
        )
        assert (refused.returncode, "is being brought back" in refused.stderr) == (1, True)

        restored = subprocess.run([sys.executable, "manage.py", "restore", str(backup.pk)], check=False, **how)
        assert restored.returncode == 0
        assert "none is left" in restored.stdout
        assert not is_restoring()
        assert not Mailbox._base_manager.filter(pk=world.going.pk).exists()
        assert Ticket._base_manager.filter(pk=world.kept_message.ticket_id).exists()
    call_command("backups", "--json", stdout=(out := StringIO()))
    assert {row["kind"] for row in json.loads(out.getvalue())} == {"data", "files", "vault"}
