"""The erasure ledger: nothing is erased that is not in it, and nobody can take a line out of it."""

import errno
import json
import multiprocessing
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as configured
from django.utils import timezone

from accounts.ids import uuid7
from accounts.sealing import keys as sealing_keys
from accounts.signals import root_key_rotated
from privacy import ledger
from privacy.ledger import LedgerFault, files
from privacy.ledger.ledger import note_restore

OTHER_ROOT = "b3RoZXIgcm9vdCBrZXkgb2YgMzIgYnl0ZXMsIHllcyE="


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_what_is_appended_is_in_both_places_and_comes_back_in_order(outside: Path) -> None:
    ids = [uuid7() for _ in range(3)]
    job = uuid7()
    assert ledger.position() == 0
    first = ledger.append("mailbox", ids[:1], job_id=job)
    second = ledger.append("message", ids[1:], job_id=job, place="tickets.Message")

    assert (first, second, ledger.position()) == (1, 2, 2)
    assert (outside / "ledger/ledger.jsonl").read_bytes() == (outside / "ledger-copy/ledger.jsonl").read_bytes()
    assert [(one.kind, one.uuids) for one in ledger.entries_after(0)] == [("mailbox", ids[:1]), ("message", ids[1:])]
    assert [one.seq for one in ledger.entries_after(first)] == [2]
    assert oct((outside / "ledger/ledger.jsonl").stat().st_mode)[-3:] == "600"


def test_many_ids_become_lines_of_a_thousand() -> None:
    assert ledger.append("rule", [uuid7() for _ in range(2500)], place="tickets.Message") == 3
    assert [len(one.ids) for one in ledger.entries_after(0)] == [1000, 1000, 500]


def test_a_kind_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind"):
        ledger.append("name", [uuid7()])


def change(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"ids": [str(uuid7())]}


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        (lambda kept: [*kept[:2], change(kept[2]), *kept[3:]], "was altered"),
        (lambda kept: [*kept[:2], *kept[3:]], "has a gap"),
        (lambda kept: [kept[0], kept[2], kept[1], kept[3]], "has a gap"),
        (lambda kept: kept[1:], "lost its beginning"),
        (lambda kept: [*kept, {**kept[3], "seq": 4}], "was altered"),
        (lambda kept: [*kept[:3], {"seq": 3}], "cannot be read"),
    ],
)
def test_a_line_changed_left_out_moved_or_forged_is_found(
    outside: Path, tamper: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], fault: str
) -> None:
    for _ in range(3):
        ledger.append("contact", [uuid7()])
    text = "".join(json.dumps(one) + "\n" for one in tamper(lines(outside / "ledger/ledger.jsonl")))
    for path in files.paths():
        path.write_text(text)

    with pytest.raises(LedgerFault, match=fault):
        list(ledger.entries_after(0))


def test_a_ledger_of_another_installation_is_refused(outside: Path, settings: Any) -> None:
    ledger.append("contact", [uuid7()])
    settings.ROOT_KEY = OTHER_ROOT
    sealing_keys.root_key.cache_clear()
    try:
        with pytest.raises(LedgerFault, match="another installation"):
            ledger.verify()
    finally:
        sealing_keys.root_key.cache_clear()


def test_the_copy_brings_back_what_was_lost_and_contradiction_is_refused(outside: Path) -> None:
    ledger.append("contact", [uuid7()])
    ledger.append("contact", [uuid7()])
    home, copy = outside / "ledger/ledger.jsonl", outside / "ledger-copy/ledger.jsonl"
    whole = home.read_bytes()
    home.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    assert len(list(ledger.entries_after(0))) == 2
    assert home.read_bytes() == whole

    copy.unlink()
    assert ledger.append("contact", [uuid7()]) == 3
    assert copy.read_bytes() == home.read_bytes()

    copy.write_bytes(whole.splitlines(keepends=True)[0] + b'{"seq": 1}\n')
    with pytest.raises(LedgerFault, match="contradict"):
        ledger.append("contact", [uuid7()])


def test_a_line_cut_off_by_a_crash_was_never_promised(outside: Path) -> None:
    ledger.append("contact", [uuid7()])
    with (outside / "ledger/ledger.jsonl").open("ab") as file:
        file.write(b'{"at":"2026')  # killed while it was written
    assert ledger.position() == 1
    assert ledger.append("contact", [uuid7()]) == 2
    assert len(ledger.verify()) == 3


def test_a_full_disk_leaves_the_ledger_as_it_was(outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.append("contact", [uuid7()])
    before = (outside / "ledger/ledger.jsonl").read_bytes()
    synced: list[int] = []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 3:  # home, its folder, then the copy
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerFault, match="No space left"):
        ledger.append("contact", [uuid7()])
    monkeypatch.undo()

    assert (outside / "ledger/ledger.jsonl").read_bytes() == before
    assert ledger.append("contact", [uuid7()]) == 2


def write_ten(home: str, copy: str) -> None:
    configured.LEDGER, configured.LEDGER_COPY = Path(home), Path(copy)
    for _ in range(10):
        ledger.append("contact", [UUID(int=os.getpid())])


def test_processes_that_write_at_once_make_one_chain(outside: Path) -> None:
    process = multiprocessing.get_context("fork").Process
    writers = [process(target=write_ten, args=(str(outside / "ledger"), str(outside / "ledger-copy"))) for _ in "1234"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)

    assert [writer.exitcode for writer in writers] == [0] * 4
    assert [entry.seq for entry in ledger.verify()] == list(range(41))
    assert (outside / "ledger/ledger.jsonl").read_bytes() == (outside / "ledger-copy/ledger.jsonl").read_bytes()


def test_what_no_backup_needs_is_cut_behind_a_line_that_vouches_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    for days in (500, 400, 300, 10):
        monkeypatch.setattr("privacy.ledger.ledger.timezone.now", lambda days=days: now - timedelta(days=days))
        ledger.append("contact", [uuid7()])
    monkeypatch.undo()
    year = now - timedelta(days=390)

    assert ledger.cut(1, older_than=year) == 2  # a backup still needs line 2: only the beginning and line 1 go
    assert [one.seq for one in ledger.entries_after(1)] == [2, 3, 4]
    assert ledger.cut(4, older_than=year) == 1
    assert ledger.cut(4, older_than=year) == 0
    assert [one.seq for one in ledger.entries_after(2)] == [3, 4]
    assert ledger.append("contact", [uuid7()]) == 5
    assert [one.kind for one in ledger.verify()] == ["cut", "contact", "contact", "contact"]
    with pytest.raises(LedgerFault, match="too old"):
        list(ledger.entries_after(1))


@pytest.mark.django_db
def test_a_new_root_key_makes_the_codes_anew(settings: Any) -> None:
    ledger.append("contact", [uuid7()])
    note_restore(uuid7())
    old = sealing_keys.root_key()
    try:
        settings.ROOT_KEY, settings.ROOT_KEY_PREVIOUS = OTHER_ROOT, __import__("base64").b64encode(old.secret).decode()
        sealing_keys.root_key.cache_clear()
        ledger.append("contact", [uuid7()])
        root_key_rotated.send(None)
        settings.ROOT_KEY_PREVIOUS = ""

        assert [one.kind for one in ledger.verify()] == ["begin", "contact", "restored", "contact"]
    finally:
        sealing_keys.root_key.cache_clear()
