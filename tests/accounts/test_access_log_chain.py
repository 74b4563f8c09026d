"""The chain over the access log: what a superuser of the database does to a row has its name in the verification."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.access_log.anchoring import anchor_heads, verify_and_tell
from accounts.access_log.anchors import anchors_of
from accounts.access_log.restoring import note_restore
from accounts.access_log.retention import let_go, let_go_of
from accounts.access_log.sealing import head_of, seal_access_log, seal_organization
from accounts.access_log.verifying import verify_organization
from accounts.ids import uuid7
from accounts.models import AccessAlert, AccessCheckpoint, AccessEvent, AccessSeal, Membership, Organization
from accounts.sealing.rotation import Rotation
from accounts.tenancy import organization_scope
from tests.triggers import switched_off

pytestmark = pytest.mark.django_db
ROWS = 12


@pytest.fixture(autouse=True)
def _anchors(settings: Any, tmp_path: Path) -> None:
    """Anchors in a folder of this test, written although its transaction never commits."""
    settings.ACCESS_ANCHOR_DIR = tmp_path / "anchors"


@pytest.fixture
def log(acme: Organization, alice: Membership, django_capture_on_commit_callbacks: Any) -> list[UUID]:
    """Twelve sealed events of Acme's, oldest first, with their head kept outside."""
    ids = write(acme, alice.user_id, ROWS)
    with django_capture_on_commit_callbacks(execute=True):
        assert seal_organization(acme.pk) == ROWS
    return ids


def write(organization: Organization, user_id: UUID, count: int, days_ago: int = 0) -> list[UUID]:
    at = timezone.now() - timedelta(days=days_ago)
    rows = [
        AccessEvent(
            organization_id=organization.pk,
            at=at + timedelta(milliseconds=number),
            user_id=user_id,
            verb="read",
            page="tickets:ticket",
            object_id=uuid7(),
            object_ids=[uuid7()],
            ip="203.0.113.9",
        )
        for number in range(count)
    ]
    with organization_scope(organization):
        AccessEvent.objects.bulk_create(rows)
    return [one.pk for one in rows]


def as_superuser(sql: str, *params: Any) -> None:
    """Do what somebody does who owns the database: triggers bind nobody who may switch them off."""
    with switched_off(connection), connection.cursor() as cursor:
        cursor.execute(sql, params)


def faults(organization: Organization) -> list[tuple[str, int, UUID | None]]:
    return [(one.kind, one.number, one.event_id) for one in verify_organization(organization.pk).faults]


def test_a_log_nobody_touched_verifies(log: list[UUID], acme: Organization) -> None:
    report = verify_organization(acme.pk)

    assert (report.rows, report.number, report.faults) == (ROWS, ROWS, [])


def test_sealing_again_seals_what_is_new_only(log: list[UUID], acme: Organization, alice: Membership) -> None:
    assert seal_access_log() == 0
    write(acme, alice.user_id, 3)
    assert seal_access_log() == 3

    with organization_scope(acme):
        assert list(AccessSeal.objects.order_by("number").values_list("number", flat=True)) == list(range(1, ROWS + 4))
    assert faults(acme) == []


def test_an_edited_row_is_named(log: list[UUID], acme: Organization) -> None:
    as_superuser("UPDATE accounts_accessevent SET user_id = %s WHERE id = %s", uuid7(), log[4])

    assert faults(acme) == [("edited", 5, log[4])]


@pytest.mark.parametrize(
    "column", ["at = at - interval '1 hour'", "verb = 'list'", "page = 'x'", "object_id = NULL", "object_ids = '{}'",
               "amount = 9", "ip = NULL", "purpose = 'law'", "grant_id = id"],
)  # fmt: skip
def test_no_column_can_be_edited_unseen(column: str, log: list[UUID], acme: Organization) -> None:
    as_superuser(f"UPDATE accounts_accessevent SET {column} WHERE id = %s", log[0])  # noqa: S608

    assert faults(acme) == [("edited", 1, log[0])]


def test_a_deleted_row_is_named(log: list[UUID], acme: Organization) -> None:
    as_superuser("DELETE FROM accounts_accessevent WHERE id = %s", log[7])

    assert faults(acme) == [("deleted", 8, log[7])]


def test_a_row_deleted_with_its_seal_is_missed_by_its_number(log: list[UUID], acme: Organization) -> None:
    as_superuser("DELETE FROM accounts_accessevent WHERE id = %s", log[7])
    as_superuser("DELETE FROM accounts_accessseal WHERE event_id = %s", log[7])

    assert faults(acme) == [("missing", 8, None)]


def test_rows_that_changed_places_are_named(log: list[UUID], acme: Organization) -> None:
    as_superuser(
        "UPDATE accounts_accessseal SET number = CASE event_id WHEN %s THEN 1003 ELSE 1006 END"
        " WHERE event_id IN (%s, %s)",
        log[5], log[5], log[2],
    )  # fmt: skip
    as_superuser("UPDATE accounts_accessseal SET number = number - 1000 WHERE number > 1000")

    found = faults(acme)
    assert {("moved", 3, log[5]), ("moved", 6, log[2])} <= set(found)
    assert {kind for kind, _number, _id in found} == {"moved"}


def test_a_tail_that_was_cut_off_is_missed(log: list[UUID], acme: Organization) -> None:
    as_superuser("DELETE FROM accounts_accessevent WHERE id = ANY(%s)", log[9:])
    as_superuser("DELETE FROM accounts_accessseal WHERE number > 9")

    assert faults(acme) == [("cut", ROWS, None)]


def test_a_log_that_is_gone_altogether_is_missed(log: list[UUID], acme: Organization) -> None:
    as_superuser("DELETE FROM accounts_accessevent")
    as_superuser("DELETE FROM accounts_accessseal")

    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify_access_log", stdout=StringIO())


def test_a_head_that_was_cut_off_needs_a_checkpoint_of_ours(log: list[UUID], acme: Organization) -> None:
    as_superuser("DELETE FROM accounts_accessevent WHERE id = ANY(%s)", log[:3])
    with organization_scope(acme):
        third = AccessSeal.objects.get(number=3)
    as_superuser("DELETE FROM accounts_accessseal WHERE number < 4")
    AccessCheckpoint.objects.create(
        organization_id=acme.pk, reason="retention", number=3, hash=bytes(third.hash), signature=bytes(32)
    )

    assert faults(acme) == [("rewritten", 3, None), ("missing", 1, None)]


def test_a_chain_rewritten_from_the_edit_on_differs_from_its_anchor(log: list[UUID], acme: Organization) -> None:
    as_superuser("UPDATE accounts_accessevent SET verb = 'list' WHERE id = %s", log[2])
    as_superuser("DELETE FROM accounts_accessseal")
    seal_organization(acme.pk)  # as the attacker would: every hash fits again

    assert faults(acme) == [("rewritten", ROWS, None)]


def test_a_row_put_in_later_is_found_by_its_missing_seal(
    log: list[UUID], acme: Organization, alice: Membership
) -> None:
    (late,) = write(acme, alice.user_id, 1, days_ago=1)

    assert faults(acme) == [("added", 0, late)]


def test_another_organizations_log_is_another_chain(
    log: list[UUID], acme: Organization, globex: Organization, mallory: Membership
) -> None:
    write(globex, mallory.user_id, 2)
    seal_access_log()
    as_superuser("UPDATE accounts_accessevent SET verb = 'list' WHERE organization_id = %s", globex.pk)

    assert faults(acme) == []
    assert [number for _kind, number, _id in faults(globex)] == [1, 2]


def test_the_command_names_rows_and_exits_with_1(log: list[UUID], acme: Organization) -> None:
    out = StringIO()
    call_command("verify_access_log", "--organization", "acme", "--json", stdout=out)
    assert json.loads(out.getvalue())["rows"] == ROWS

    as_superuser("DELETE FROM accounts_accessevent WHERE id = %s", log[0])
    out = StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify_access_log", "--organization", str(acme.pk), stdout=out)
    assert f"deleted row 1 (event {log[0]})" in out.getvalue()


def test_every_hour_a_fault_becomes_an_alert(log: list[UUID], acme: Organization) -> None:
    as_superuser("UPDATE accounts_accessevent SET page = 'x' WHERE id = %s", log[0])

    assert [verify_and_tell(), verify_and_tell()] == [1, 1]
    with organization_scope(acme):
        (alert,) = AccessAlert.objects.all()
    assert (alert.rule, alert.amount) == ("broken", 1)


def test_every_day_the_heads_are_kept_and_mailed_where_that_is_set(
    log: list[UUID], acme: Organization, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.ACCESS_ANCHOR_MAIL = True

    assert anchor_heads() == 1
    with organization_scope(acme):
        _number, head = head_of(acme.pk)
    assert [one.number for one in anchors_of(acme.pk)] == [ROWS, ROWS]
    assert [mail.to for mail in mailoutbox] == [["olivia@acme.example"]]
    assert head.hex() in mailoutbox[0].body


def test_an_anchor_that_was_replaced_is_no_witness_and_is_named(
    log: list[UUID], acme: Organization, settings: Any
) -> None:
    path = settings.ACCESS_ANCHOR_DIR / f"{acme.pk}.head"
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"number": 99}))

    assert faults(acme) == [("forged", 0, None)]
    assert list(anchors_of(acme.pk)) == []


def test_an_anchor_replaced_to_hide_a_cut_end_is_named(
    log: list[UUID], acme: Organization, globex: Organization, settings: Any
) -> None:
    path = settings.ACCESS_ANCHOR_DIR / f"{acme.pk}.head"
    with organization_scope(acme):
        ninth = AccessSeal.objects.get(number=9)
    as_superuser("DELETE FROM accounts_accessevent WHERE id = ANY(%s)", log[9:])
    as_superuser("DELETE FROM accounts_accessseal WHERE number > 9")
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"number": 9, "hash": bytes(ninth.hash).hex()}))

    assert faults(acme) == [("forged", 0, None)]
    path.write_bytes(b"\xff\xfe no anchor at all")
    assert faults(acme) == [("forged", 0, None)]


def test_an_older_head_put_back_is_outwitnessed_by_the_anchor_of_the_day(
    log: list[UUID], acme: Organization, alice: Membership, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    path = settings.ACCESS_ANCHOR_DIR / f"{acme.pk}.head"
    older = path.read_text()
    (late,) = write(acme, alice.user_id, 1)
    with django_capture_on_commit_callbacks(execute=True):
        seal_organization(acme.pk)
    anchor_heads()
    as_superuser("DELETE FROM accounts_accessevent WHERE id = %s", late)
    as_superuser("DELETE FROM accounts_accessseal WHERE number > %s", ROWS)
    path.write_text(older)

    assert faults(acme) == [("cut", ROWS + 1, None)]


def test_retention_lets_go_behind_a_signed_checkpoint(
    acme: Organization, alice: Membership, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    write(acme, alice.user_id, 5, days_ago=500)
    young = write(acme, alice.user_id, 4)
    with django_capture_on_commit_callbacks(execute=True):
        seal_organization(acme.pk, timezone.now() - timedelta(days=600))
    assert let_go(dry_run=True) == 5
    assert let_go() == 5

    report = verify_organization(acme.pk)
    assert (report.rows, report.number, report.faults) == (4, 9, [])
    with organization_scope(acme):
        assert set(AccessEvent.objects.values_list("pk", flat=True)) == set(young)
        assert AccessSeal.objects.count() == 4
    assert let_go() == 0


def test_when_the_last_row_goes_its_anchors_go_too(log: list[UUID], acme: Organization, settings: Any) -> None:
    assert let_go_of(acme.pk, timezone.now() + timedelta(days=1)) == ROWS

    assert list(settings.ACCESS_ANCHOR_DIR.iterdir()) == []
    assert faults(acme) == []


def test_after_a_restore_the_chain_says_what_it_lost(log: list[UUID], acme: Organization, alice: Membership) -> None:
    as_superuser("DELETE FROM accounts_accessevent WHERE id = ANY(%s)", log[9:])
    as_superuser("DELETE FROM accounts_accessseal WHERE number > 9")  # the backup was older
    assert faults(acme) == [("cut", ROWS, None)]

    noted = note_restore(acme.pk)
    assert noted is not None
    assert (noted.number, noted.reason) == (ROWS, "restore")
    assert faults(acme) == []
    write(acme, alice.user_id, 2)
    seal_organization(acme.pk)
    with organization_scope(acme):
        assert AccessSeal.objects.order_by("-number").values_list("number", flat=True)[0] == ROWS + 2
    assert faults(acme) == []


def test_a_new_key_for_the_organization_leaves_the_log_as_it_is(
    log: list[UUID], acme: Organization, settings: Any
) -> None:
    settings.KEY_CACHE_SECONDS = 0
    Rotation([].append).organization(acme.pk)

    assert faults(acme) == []
    with organization_scope(acme):
        assert AccessEvent.objects.get(pk=log[0]).ip == "203.0.113.9"


def test_a_person_who_is_erased_breaks_no_chain(log: list[UUID], acme: Organization, alice: Membership) -> None:
    alice.user.delete()

    assert faults(acme) == []
