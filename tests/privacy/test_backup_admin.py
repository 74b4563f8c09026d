"""Backups, drills and the ledger are there to look at, with their dates and proofs."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from privacy.ledger import append
from privacy.models import Backup, Drill
from tests.privacy.surroundings import BACKUP


def make_backup(**fields: object) -> Backup:
    start = timezone.now() - timedelta(days=10)
    given = {"kind": "data", "started_at": start, "finished_at": start, "location": "data/one", "key_reference": "f"}
    given |= {"app_version": "1", "ledger_position": 0, "expires_at": start + timedelta(days=35)}
    return Backup.objects.create(**(given | fields))


@pytest.mark.parametrize(
    ("stage", "fields"),
    [
        ("living", {}),
        ("fault", {"fault": "It does not open."}),
        ("over", {"expires_at": timezone.now() - timedelta(days=1)}),
        ("gone", {"deleted_at": timezone.now(), "key_destroyed_at": timezone.now(), "delete_proof": {"left": []}}),
    ],
)
def test_backups_are_found_by_what_became_of_them(as_staff: Client, stage: str, fields: dict[str, object]) -> None:
    backup = make_backup(**fields)
    Drill.objects.create(backup=backup, started_at=timezone.now())

    for one in ("living", "fault", "over", "gone"):
        text = as_staff.get(f"/admin/privacy/backup/?stage={one}").content.decode()
        is_listed = one == stage or (one == "living" and stage != "gone")
        assert (f"/admin/privacy/backup/{backup.pk}/" in text) is is_listed, one
    assert as_staff.get(f"/admin/privacy/backup/{backup.pk}/change/").status_code == 200
    assert str(backup.pk) in as_staff.get("/admin/privacy/drill/").content.decode()
    assert as_staff.post(f"/admin/privacy/backup/{backup.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_ledger_is_shown_and_a_changed_line_is_named(as_staff: Client) -> None:
    append("message", [BACKUP, BACKUP], place="tickets.Message")
    where = "/admin/privacy/backup/ledger/"
    assert "whole" in as_staff.get(where).content.decode()
    for file in Path(settings.LEDGER).rglob("*"):
        if file.is_file() and b"tickets.Message" in file.read_bytes():
            file.write_bytes(file.read_bytes().replace(b"tickets.Message", b"tickets.Contact"))

    assert "not as it was written" in as_staff.get(where).content.decode()


def test_members_see_none_of_it(as_owner: Client) -> None:
    assert as_owner.get("/admin/privacy/backup/ledger/").status_code in {302, 403}
