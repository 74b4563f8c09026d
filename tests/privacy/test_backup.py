"""Backups: sealed on the way, whole or not at all, verified, and gone with proof when their time is over."""

import errno
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import Organization
from accounts.sealing.errors import KeyDestroyed, KeyMissing
from accounts.sealing.files import SealedFile
from accounts.sealing.keys import Kind
from accounts.sealing.places import ORGANIZATION
from accounts.vault.models import VaultKey
from privacy import ledger
from privacy.actions import take_backup as taking
from privacy.actions.keep_backups import take_due_backups
from privacy.actions.run_drill import drill_if_due, run_drill
from privacy.actions.take_backup import take_backup
from privacy.actions.verify_backup import verify_backup, verify_newest
from privacy.backups import file_sets, keyring, manifest, postgres, schedule, store
from privacy.backups.catalogue import alone, ciphertext_left, items_of
from privacy.backups.errors import BackupDamaged, BackupFailed
from privacy.backups.expire import expire, sweep_files
from privacy.backups.left_out import LEFT_OUT
from privacy.backups.sealing import opened
from privacy.models import Backup
from privacy.models.backup import CAP, VAULT_CAP
from tests.factories import make_ticket

DATA, FILES, VAULT = Backup.Kind.DATA, Backup.Kind.FILES, Backup.Kind.VAULT
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short_dump(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of these need no real dump, and Postgres's takes a second; those that do are marked `transaction`."""
    marker = request.node.get_closest_marker("django_db")
    if not marker.kwargs.get("transaction"):
        monkeypatch.setattr(postgres.Snapshot, "dump", lambda *_: iter([b"PGDMP", b"rows " * 1000]))
        monkeypatch.setattr(postgres.Snapshot, "counts", lambda *_: {"tickets_ticket": 3})


def names(outside: Path) -> set[str]:
    return {str(path.relative_to(outside / "backups")) for path in (outside / "backups").rglob("*") if path.is_file()}


def keep_file(organization: Organization, text: bytes = b"a file " * 50_000) -> SealedFile:
    file = SealedFile(organization.pk, ORGANIZATION, organization.pk, uuid7())
    file.write([text])
    return file


# --- What is written -------------------------------------------------------------------------------------------------
def test_a_backup_is_sealed_catalogued_and_verified(outside: Path) -> None:
    backup = take_backup(DATA)
    lying_there = (outside / "backups" / backup.location).read_bytes()

    assert names(outside) == {backup.location, f"manifests/{backup.pk}.json", "ledger.jsonl"}
    assert b"PGDMP" not in lying_there
    assert b"canary" not in lying_there
    assert b"".join(opened(manifest.find(backup.pk))) == b"PGDMP" + b"rows " * 1000
    assert backup.bytes == len(lying_there)
    assert backup.finished_at
    assert verify_backup(backup) is True
    assert backup.verified_at
    assert oct((outside / "backups" / backup.location).stat().st_mode)[-3:] == "600"


def test_every_backup_has_a_key_of_its_own_and_the_vaults_are_not_in_the_vault(outside: Path) -> None:
    data, files, vault = (take_backup(kind) for kind in (DATA, FILES, VAULT))

    kept = set(VaultKey.objects.filter(kind=Kind.BACKUP).values_list("scope", flat=True))
    assert kept == {data.pk, files.pk}
    ring = json.loads((outside / "ledger" / keyring.NAME).read_bytes())
    assert set(ring) == {str(vault.pk)}
    assert (outside / "ledger-copy" / keyring.NAME).read_bytes() == (outside / "ledger" / keyring.NAME).read_bytes()
    assert len({data.key_reference, files.key_reference, vault.key_reference}) == 3


def test_files_are_stored_once_as_long_as_they_live(acme: Organization, outside: Path) -> None:
    kept, gone = keep_file(acme), keep_file(acme)
    first = take_backup(FILES)
    gone.delete()
    new = keep_file(acme)
    second = take_backup(FILES)

    assert (len(store.names(file_sets.folder_of(first.pk))), len(store.names(file_sets.folder_of(second.pk)))) == (2, 1)
    assert [item.path for item in items_of(second)] == sorted([kept.path, new.path], key=lambda path: path.split("/"))
    assert manifest.find(second.pk).counts["new"] == 1
    assert verify_backup(first)
    assert verify_backup(second)
    item = next(item for item in items_of(second) if item.path == kept.path)
    assert b"".join(file_sets.content(item)) == (outside / "files" / kept.path).read_bytes()


def test_a_file_whose_key_was_wrapped_again_is_stored_again(acme: Organization) -> None:
    file = keep_file(acme)
    take_backup(FILES)
    path = Path(default_storage.path(file.path))
    os.utime(path, (1, 1))
    assert manifest.find(take_backup(FILES).pk).counts["new"] == 1


def test_what_is_left_out_hangs_on_nothing_that_is_kept() -> None:
    from django.apps import apps

    left_out = {apps.get_model(label) for label in LEFT_OUT}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            assert model in left_out or field.related_model not in left_out, (model, field)


@pytest.mark.django_db(transaction=True)
def test_a_real_dump_comes_back_in_a_drill_and_leaves_no_database_behind(acme: Organization) -> None:
    make_ticket(acme, subject="Kanarie in the mine")
    backup = take_backup(DATA)
    found = manifest.find(backup.pk)
    drill = drill_if_due()

    assert verify_backup(backup)
    assert found.counts["tickets_ticket"] == 1
    assert "tickets_searchdocument" not in found.counts
    assert drill is not None
    assert drill.is_passed, drill.fault
    assert (drill.table_count, drill.row_count) == (len(found.counts), sum(found.counts.values()))
    assert drill.table_count > 50
    assert drill_if_due() is None  # four weeks have not passed
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'deskhero_drill%%'")
        assert cursor.fetchone() == (0,)

    manifest.keep(manifest.Manifest(**{**vars(found), "counts": {**found.counts, "tickets_ticket": 2}}))
    assert "manifest of the backup was altered" in run_drill(backup).fault


def test_a_drill_that_fails_says_why_and_is_due_again(monkeypatch: pytest.MonkeyPatch) -> None:
    take_backup(DATA)

    def no_database(*_: Any) -> Iterator[None]:
        raise BackupFailed("The role of the database may not make one for a drill: give it CREATEDB.")

    monkeypatch.setattr(postgres, "scratch_database", no_database)
    drill = drill_if_due()
    assert drill is not None
    assert not drill.is_passed
    assert "CREATEDB" in drill.fault
    assert drill_if_due() is not None


# --- What goes wrong -------------------------------------------------------------------------------------------------
def test_a_disk_that_fills_up_leaves_nothing_that_counts(outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    good = take_backup(DATA)
    monkeypatch.setattr("privacy.backups.folder.os.fsync", full)
    with pytest.raises(BackupFailed, match="No space left"):
        take_backup(DATA)
    monkeypatch.undo()

    broken = Backup.objects.exclude(pk=good.pk).get()
    assert (broken.finished_at, broken.fault) == (None, "It broke off and was never whole.")
    assert broken.deleted_at
    with pytest.raises(KeyDestroyed):
        keyring.key_of(DATA, broken.pk)
    assert names(outside) == {good.location, f"manifests/{good.pk}.json", "ledger.jsonl"}


def test_a_dump_that_fails_at_its_end_makes_no_backup(monkeypatch: pytest.MonkeyPatch, outside: Path) -> None:
    def breaks(*_: Any) -> Iterator[bytes]:
        yield b"PGDMP" + bytes(3_000_000)
        raise BackupFailed("pg_dump ended with code 1.")

    monkeypatch.setattr(postgres.Snapshot, "dump", breaks)
    with pytest.raises(BackupFailed, match="code 1"):
        take_backup(DATA)

    assert not Backup.objects.living().exists()
    assert names(outside) == set()


def test_what_a_killed_run_left_is_cleared_by_the_next(outside: Path, acme: Organization) -> None:
    half = Backup.objects.create(
        kind=FILES,
        started_at=timezone.now() - DAY,
        location="files/half",
        ledger_position=0,
        expires_at=timezone.now() + DAY,
    )
    keyring.new_key(FILES, half.pk)
    store.put(f"{file_sets.folder_of(half.pk)}/one", [b"sealed"])
    (outside / "backups/files").mkdir()
    (outside / "backups/files/half.part").write_bytes(b"sealed")
    keep_file(acme)

    backup = take_backup(FILES)

    half.refresh_from_db()
    assert half.deleted_at
    assert not any("half" in name or str(half.pk) in name for name in names(outside))
    assert verify_backup(backup)


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_backup_that_was_altered_is_found(outside: Path, place: int) -> None:
    backup = take_backup(DATA)
    path = outside / "backups" / backup.location
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)

    assert verify_newest() == [backup]
    backup.refresh_from_db()
    assert "checksum" in backup.fault
    with pytest.raises(BackupDamaged):
        b"".join(opened(manifest.find(backup.pk)))
    assert not Backup.objects.sound().exists()


def test_a_backup_that_was_never_sealed_is_found(outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "sealed", lambda _key, _id, blocks: blocks)
    backup = take_backup(DATA)

    assert verify_backup(backup) is False
    assert backup.fault == "The backup lies in its store without being sealed."


def test_a_backup_that_is_gone_or_cut_or_has_lost_a_file_is_found(outside: Path, acme: Organization) -> None:
    keep_file(acme)
    gone, cut, files = take_backup(DATA), take_backup(DATA), take_backup(FILES)
    (outside / "backups" / gone.location).unlink()
    path = outside / "backups" / cut.location
    path.write_bytes(path.read_bytes()[:-9])
    next((outside / "backups" / file_sets.folder_of(files.pk)).iterdir()).unlink()

    assert [verify_backup(backup) for backup in (gone, cut, files)] == [False] * 3
    assert gone.fault == "It is gone from its store."
    assert files.fault == "A file of the backup is gone from the store."


def test_only_one_takes_a_backup_at_a_time() -> None:
    from django.db import connections

    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [0x6261636B])
            with pytest.raises(BackupFailed, match="Another backup"):
                take_backup(DATA)
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [0x6261636B])
    finally:
        other.close()
    with alone():
        pass


# --- How long it lives -----------------------------------------------------------------------------------------------
def test_a_year_of_days_is_thinned_to_35_days_13_weeks_and_10_months() -> None:
    start = datetime(2027, 1, 1, 2, tzinfo=UTC)
    ends: dict[datetime, datetime] = {}
    for number in range(400):
        moment = start + DAY * number
        ends[moment] = schedule.expires_at(DATA, moment, list(ends))
    now = start + DAY * 399
    living = [moment for moment, end in ends.items() if end > now]

    assert max(end - moment for moment, end in ends.items()) <= CAP
    assert sum(now - moment < DAY * 35 for moment in living) == 35
    assert sum(now - moment < timedelta(weeks=13) for moment in living) in range(42, 46)
    assert sum(moment.day == 1 for moment in living) == 10
    assert len(living) <= 35 + 13 + 10
    assert schedule.expires_at(VAULT, start, []) == start + VAULT_CAP


def test_a_first_of_the_month_that_failed_is_stood_in_for_by_the_next() -> None:
    first, second = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 2, tzinfo=UTC)
    assert schedule.expires_at(DATA, second, []) - second == schedule.MONTHLY
    assert schedule.expires_at(DATA, second, [first]) - second == schedule.DAILY
    assert schedule.is_due(second, [first])
    assert not schedule.is_due(second, [second - timedelta(minutes=1), second])


@pytest.mark.parametrize(("kind", "days"), [(DATA, 331), (FILES, 331), (VAULT, 31)])
def test_the_database_refuses_a_backup_that_lives_too_long(kind: str, days: int) -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Backup.objects.create(kind=kind, started_at=now, expires_at=now + DAY * days, location="x", ledger_position=0)


def test_a_backup_ends_with_its_object_its_key_and_a_proof(outside: Path) -> None:
    start = timezone.now()
    backup, vault = take_backup(DATA, now=start), take_backup(VAULT, now=start)
    assert expire(vault.expires_at - DAY)["deleted"] == []
    assert expire(backup.expires_at + CAP, dry_run=True)["deleted"] == [str(vault.pk), str(backup.pk)]
    assert expire(vault.expires_at)["deleted"] == [str(vault.pk)]
    assert expire(backup.expires_at + CAP)["deleted"] == [str(backup.pk)]  # a year late: it is done all the same

    for one in (backup, vault):
        one.refresh_from_db()
        assert one.deleted_at
        assert one.key_destroyed_at
        assert set(one.delete_proof) == {"object", "sha256", "asked_at", "absent_at", "objects"}
    assert names(outside) == {"ledger.jsonl"}
    with pytest.raises(KeyDestroyed):
        keyring.key_of(DATA, backup.pk)
    with pytest.raises(KeyMissing):
        keyring.key_of(VAULT, vault.pk)
    assert expire(backup.expires_at + CAP)["deleted"] == []


def test_files_go_with_the_last_backup_that_names_them(outside: Path, acme: Organization) -> None:
    start = datetime(2027, 1, 4, tzinfo=UTC)  # a Monday, after the first of its month was taken
    keep_file(acme)
    take_backup(FILES, now=start - DAY * 3)
    file = keep_file(acme)
    first = take_backup(FILES, now=start)
    later = take_backup(FILES, now=start + DAY)
    stored = {item.object for item in items_of(later) if item.path == file.path}
    file.delete()
    take_backup(FILES, now=start + DAY * 2)

    expire(later.expires_at)
    assert stored <= names(outside)  # the weekly one still names it
    expire(first.expires_at)
    assert not stored & names(outside)
    assert sweep_files() == 0


def test_a_storage_that_refuses_raises_an_alarm_and_at_the_cap_the_key_dies(
    monkeypatch: pytest.MonkeyPatch, outside: Path
) -> None:
    stubborn, other = take_backup(DATA), take_backup(DATA)
    delete = store.delete

    def refuse(name: str) -> None:
        if name == stubborn.location:
            raise PermissionError
        delete(name)

    monkeypatch.setattr(store, "delete", refuse)
    late = max(stubborn.expires_at, other.expires_at)
    found = expire(late)
    stubborn.refresh_from_db()
    assert found == {"deleted": [str(other.pk)], "refused": [str(stubborn.pk)]}
    assert stubborn.alarmed_at == late
    assert stubborn.key_destroyed_at is None
    assert verify_newest() == []  # what is to be deleted is not looked at again

    expire(stubborn.started_at + CAP)
    stubborn.refresh_from_db()
    assert stubborn.key_destroyed_at
    assert stubborn.deleted_at is None
    assert stubborn.fault == "Its storage does not let it go; its key is destroyed, so nobody can read it."
    assert (outside / "backups" / stubborn.location).exists()

    monkeypatch.undo()
    assert expire(stubborn.started_at + CAP + DAY)["deleted"] == [str(stubborn.pk)]
    assert "data/" not in "".join(names(outside))


def test_a_storage_that_only_says_it_deleted_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    backup = take_backup(DATA)
    monkeypatch.setattr(store, "delete", lambda _name: None)

    assert expire(backup.expires_at)["refused"] == [str(backup.pk)]


def test_the_catalogue_says_which_backups_still_hold_ciphertext(acme: Organization) -> None:
    old = take_backup(DATA, now=timezone.now() - DAY * 40)  # older than Acme: nothing of it is in there
    data, vault = take_backup(DATA), take_backup(VAULT)

    assert ciphertext_left(acme.pk) == [(vault.pk, "vault", vault.expires_at), (data.pk, "data", data.expires_at)]
    expire(vault.expires_at)
    assert old.pk not in [pk for pk, _kind, _end in ciphertext_left(acme.pk)]
    assert [pk for pk, _kind, _end in ciphertext_left(acme.pk)] == [data.pk]


def test_the_ledger_outlives_the_oldest_backup_by_sixty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    start = timezone.now()
    ledger.append("contact", [uuid7()])
    assert take_backup(DATA, now=start).ledger_position == 0  # as young as this it is told again at a restore
    backup = take_backup(DATA, now=start + timedelta(hours=2))
    assert backup.ledger_position == 1

    expire(start + CAP + DAY * 59)
    assert len(ledger.verify()) == 2
    expire(start + CAP + DAY * 61)
    assert [one.kind for one in ledger.verify()] == ["cut"]


def test_the_ring_of_the_vaults_backups_follows_a_new_root_key() -> None:
    backup = take_backup(VAULT)
    before = keyring.key_of(VAULT, backup.pk).secret
    keyring.rewrap()
    assert keyring.key_of(VAULT, backup.pk).secret == before


def test_a_day_that_has_its_backups_takes_no_more_and_a_failure_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()

    def breaks(*_: Any) -> Iterator[bytes]:
        raise BackupFailed("pg_dump ended with code 1.")

    with monkeypatch.context() as patched:
        patched.setattr(postgres.Snapshot, "dump", breaks)
        assert [backup.kind for backup in take_due_backups(now=now)] == [FILES]
    assert [backup.kind for backup in take_due_backups(now=now)] == [DATA, VAULT]
    assert take_due_backups(now=now) == []
    assert [backup.kind for backup in take_due_backups(now=now + DAY)] == [DATA, FILES, VAULT]
    assert Backup.objects.sound().exclude(verified_at=None).count() == 6
