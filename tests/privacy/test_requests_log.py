"""The access log in a person's package: who looked at what is theirs, without the names of colleagues."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from accounts.access_log.recording import OPERATOR
from accounts.access_log.sealing import seal_organization
from accounts.access_log.verifying import verify_organization
from accounts.ids import uuid7
from accounts.models import AccessEvent, Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.requests.find_person import decide_finding
from privacy.actions.requests.of_users import erase_user
from privacy.actions.requests.open_request import open_user_request
from privacy.actions.requests.package import begin_package, open_package, pack_some
from privacy.models import DataSubjectRequest, RequestFinding, RequestLetter
from privacy.rights.finding.log import LABEL
from privacy.rights.history import Actor
from tests import factories
from tests.privacy.correspondence import Correspondence, correspond, looked_through, proven
from tests.privacy.schema import complaints

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
Role = RequestFinding.Role


@pytest.fixture
def left(mailbox: Mailbox, alice: Membership, owner: Membership, scope: Any, monkeypatch: Any) -> Correspondence:
    """What Carol left at Acme."""
    monkeypatch.setattr("mailbox.actions.queue_email.deliver.apply_async", lambda *_, **__: None)
    return correspond(mailbox, alice, owner)


def look(organization: Organization, user_id: UUID | None, verb: str = "read", **more: Any) -> AccessEvent:
    """Write the line of one look."""
    told = {"page": "tickets:ticket", "amount": 1, **more}
    return AccessEvent.objects.create(organization_id=organization.pk, user_id=user_id, verb=verb, **told)


def unzipped(case: DataSubjectRequest) -> dict[str, bytes]:
    """Make the package of a case and open it as the person does."""
    pack_some(begin_package(case).pk)
    letter = RequestLetter.objects.get(kind="package", request=case)
    link = next(line for line in letter.text.splitlines() if "/package/" in line)
    opened = open_package(link.rstrip("/").rpartition("/")[2])
    assert opened is not None
    with zipfile.ZipFile(io.BytesIO(opened[1] + b"".join(opened[2]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def log_in(files: dict[str, bytes]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files["data.json"])["access_log"]
    return found


@pytest.mark.promise("6-access")
def test_a_copy_says_who_looked_when_and_why_by_role_and_never_by_name(
    acme: Organization, left: Correspondence, alice: Membership, owner: Membership
) -> None:
    look(acme, alice.user_id, object_id=left.shared.pk)
    look(acme, owner.user_id, "download", page="tickets:file", object_id=left.shared.pk)
    look(acme, uuid7(), page="tickets:ticket", object_id=left.alone.pk, purpose="support", grant_id=uuid7())
    look(acme, uuid7(), page="tickets:contact", object_id=left.contact.pk)
    look(acme, None, "print", page="tickets:print", object_id=left.alone.pk)
    files = unzipped(looked_through(proven(acme, "access"), decide="include"))
    data, lines = json.loads(files["data.json"]), log_in(files)

    assert complaints(json.loads((SCHEMAS / "access-1.schema.json").read_text()), data) == []
    told = {(one["what"], one["about"], one["purpose"], one["by"]) for one in lines}
    assert told == {
        ("Opened", f"Ticket {left.shared.number}", "Work at the desk", "an agent of Acme"),
        ("Downloaded", f"Ticket {left.shared.number}", "Work at the desk", "an owner of Acme"),
        ("Opened", f"Ticket {left.alone.number}", "Support", "the operator's staff, under a grant"),
        ("Opened", "what is kept about you", "Work at the desk", "somebody who left Acme"),
        ("Printed", f"Ticket {left.alone.number}", "Work at the desk", "Deskhero"),
    }
    page = files["access-log.html"].decode()
    for name in (alice.display_name, alice.user.email, owner.display_name, str(alice.user_id)):
        assert name not in page
        assert name not in json.dumps(lines)
    assert "an agent of Acme" in page
    assert any("by role only" in one["what"] and one["reason"] for one in data["redactions"])


def test_exports_that_took_everything_along_are_told_and_those_of_others_are_not(
    acme: Organization, left: Correspondence, alice: Membership
) -> None:
    look(acme, alice.user_id, "export", page="privacy:export_file", amount=900)
    look(acme, alice.user_id, "export", page="tickets:export_contacts", object_ids=[uuid7(), left.elsewhere.pk])
    look(acme, alice.user_id, "export", page="privacy:export_access_log")
    look(acme, alice.user_id, object_id=left.elsewhere.pk)
    look(acme, alice.user_id, object_id=left.alone.pk)

    lines = log_in(unzipped(looked_through(proven(acme, "access"), decide="include")))
    assert sorted((one["what"], one["about"]) for one in lines) == [
        ("Exported", ""),
        ("Opened", f"Ticket {left.alone.number}"),
    ]


def test_an_export_before_the_person_was_known_took_nothing_of_theirs(
    acme: Organization, left: Correspondence, alice: Membership
) -> None:
    look(acme, alice.user_id, "export", page="privacy:export_file", at=timezone.now() - timedelta(days=400))
    look(acme, alice.user_id, object_id=left.alone.pk)

    lines = log_in(unzipped(looked_through(proven(acme, "access"), decide="include")))
    assert [one["what"] for one in lines] == ["Opened"]


def test_the_reviewer_sees_each_thing_of_the_log_once_and_may_leave_it_out_with_a_reason(
    acme: Organization, left: Correspondence, alice: Membership
) -> None:
    for _time in range(3):
        look(acme, alice.user_id, object_id=left.shared.pk)
    look(acme, alice.user_id, object_id=left.alone.pk)
    case = looked_through(proven(acme, "access"), decide="include")
    noted = case.requestfindings.filter(role=Role.LOG, model=LABEL)
    assert {(one.ticket_id, one.excerpt) for one in noted} == {
        (left.shared.pk, "3 lines of the log"), (left.alone.pk, "1 line of the log"),
    }  # fmt: skip
    decide_finding(
        noted.get(ticket_id=left.shared.pk), decision="exclude", reason="An inquiry is going on.", by=Actor()
    )
    files = unzipped(case)

    assert [one["about"] for one in log_in(files)] == [f"Ticket {left.alone.number}"]
    assert b"An inquiry is going on." in files["redactions.html"]


def test_looks_at_another_organizations_desk_are_never_told(
    mallory: Membership,
    acme: Organization,
    globex: Organization,
    mailbox: Mailbox,
    alice: Membership,
    owner: Membership,
) -> None:
    with organization_scope(acme):
        left = correspond(mailbox, alice, owner)
    with organization_scope(globex):
        look(globex, mallory.user_id, object_id=left.shared.pk)
    with organization_scope(acme):
        case = looked_through(proven(acme, "access"), decide="include")

        assert not case.requestfindings.filter(role=Role.LOG).exists()
        assert log_in(unzipped(case)) == []


def test_a_log_too_long_for_one_file_gives_the_newest_and_says_how_many_are_left(
    acme: Organization, left: Correspondence, alice: Membership, monkeypatch: Any
) -> None:
    monkeypatch.setattr("privacy.rights.packages.log.MOST", 2)
    for hours in (3, 2, 1):
        look(acme, alice.user_id, object_id=left.alone.pk, at=timezone.now() - timedelta(hours=hours))
    files = unzipped(looked_through(proven(acme, "access"), decide="include"))

    times = [one["at"] for one in log_in(files)]
    assert len(times) == 2
    assert times == sorted(times, reverse=True)
    assert b"1 older lines" in files["redactions.html"]


@pytest.mark.django_db
def test_among_very_many_lines_the_persons_are_found_by_the_index(acme: Organization, alice: Membership) -> None:
    thing = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_accessevent (id, organization_id, user_id, verb, page, purpose, object_id,"
            " object_ids, amount) SELECT gen_random_uuid(), %s, %s, CASE WHEN n %% 1000 = 0 THEN 'export' ELSE 'read'"
            " END, 'tickets:ticket', 'work', gen_random_uuid(), '{}', 1 FROM generate_series(1, 20000) n",
            [acme.pk, alice.user_id],
        )
        cursor.execute("ANALYZE accounts_accessevent")
    own = AccessEvent.objects.filter(organization_id=acme.pk)

    assert "access_to_thing" in own.filter(object_id__in=[thing, uuid7()]).explain()
    exports = own.filter(verb=AccessEvent.Verb.EXPORT, at__gte=timezone.now() - timedelta(days=900))
    assert "access_exports" in exports.explain()
    assert "access_of_person" in own.filter(user_id=uuid7()).explain()


@pytest.mark.django_db
def test_who_signs_in_reads_what_was_written_down_of_them_everywhere(
    acme: Organization, globex: Organization, alice: Membership, bob: Membership
) -> None:
    look(acme, alice.user_id, object_id=uuid7(), ip="203.0.113.9", amount=3)
    look(globex, alice.user_id, "search", page="tickets:search")
    look(acme, bob.user_id, "export", page="privacy:export_file")
    AccessEvent.objects.create(
        organization_id=OPERATOR, user_id=alice.user_id, verb="list", page="admin:x", purpose="operate"
    )
    files = unzipped(open_user_request(alice.user, right="access"))
    data, lines = json.loads(files["data.json"]), log_in(files)

    assert complaints(json.loads((SCHEMAS / "account-1.schema.json").read_text()), data) == []
    assert [(one["organization"], one["what"], one["things"], one["address"]) for one in lines] == [
        ("Deskhero", "Listed", 0, ""), ("Globex", "Searched", 1, ""), ("Acme", "Opened", 3, "203.0.113.9"),
    ]  # fmt: skip
    assert b"203.0.113.9" in files["access-log.html"]
    assert b"Exported" not in files["access-log.html"]


@pytest.mark.django_db
def test_after_an_erasure_the_chain_stands_and_the_log_names_nobody(
    acme: Organization, alice: Membership, django_capture_on_commit_callbacks: Any, settings: Any, tmp_path: Path
) -> None:
    settings.ACCESS_ANCHOR_DIR = tmp_path
    person = factories.make_user("gone@acme.example", name="Gunilla Gone")
    membership = factories.make_membership(acme, person)
    look(acme, person.pk, object_id=uuid7(), ip="203.0.113.9")
    seal_organization(acme.pk)
    membership.is_active = False
    membership.save()
    with django_capture_on_commit_callbacks(execute=True):
        erase_user(open_user_request(person, right="erasure"), by=Actor())

    report = verify_organization(acme.pk)
    assert (report.rows, report.faults) == (1, [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM accounts_accessevent e WHERE organization_id = %s", [acme.pk])
        assert "gunilla" not in str(cursor.fetchall()).lower()
