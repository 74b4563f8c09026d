"""A copy of the data, and data to take along: what must be inside, and what must not."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.requests.find_person import decide_finding
from privacy.actions.requests.open_request import open_request, open_user_request
from privacy.actions.requests.package import begin_package, expire_packages, open_package, pack_some
from privacy.actions.requests.rights import restrict_person
from privacy.models import DataSubjectRequest, RequestFinding, RequestLetter, RequestPackage
from privacy.rights.history import Actor
from privacy.rights.traces import MARK
from tests import factories
from tests.mails import arrive
from tests.privacy.correspondence import CAROL, DAVE, FULL, SECRET, Correspondence, correspond, looked_through, proven
from tests.privacy.schema import complaints

Role, Decision = RequestFinding.Role, RequestFinding.Decision
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.fixture
def left(mailbox: Mailbox, alice: Membership, owner: Membership, scope: Any, monkeypatch: Any) -> Correspondence:
    """What Carol left at Acme."""
    monkeypatch.setattr("mailbox.actions.queue_email.deliver.apply_async", lambda *_, **__: None)
    return correspond(mailbox, alice, owner)


def packed(case: DataSubjectRequest) -> tuple[RequestPackage, str]:
    """Make the package; return it with the token of its letter."""
    package = begin_package(case)
    pack_some(package.pk)
    package.refresh_from_db()
    letter = RequestLetter.objects.get(kind="package", request=case)
    return package, next(line for line in letter.text.splitlines() if "/package/" in line).rstrip("/").rpartition("/")[
        2
    ]


def unzipped(case: DataSubjectRequest) -> dict[str, bytes]:
    """Make the package of a case and open it as the person does."""
    _package, token = packed(case)
    opened = open_package(token)
    assert opened is not None
    with zipfile.ZipFile(io.BytesIO(opened[1] + b"".join(opened[2]))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


# --- the finder ------------------------------------------------------------------------------------------------------
def found_in(case: DataSubjectRequest, row: Any) -> set[str]:
    return set(case.requestfindings.filter(row_id=row.pk).values_list("role", flat=True))


@pytest.mark.promise("6-access")
def test_the_finder_finds_every_place(acme: Organization, left: Correspondence) -> None:
    case = looked_through(proven(acme, "access"))

    assert found_in(case, left.first) == {Role.OWN}
    assert Role.NAMED in found_in(case, left.answer)
    assert found_in(case, left.daves) >= {Role.NAMED, Role.QUOTED, Role.MENTIONED}
    assert found_in(case, left.erins) == {Role.MENTIONED, Role.PERHAPS}
    assert Role.MENTIONED in found_in(case, left.note)
    assert found_in(case, left.contact) == {Role.RECORD}
    assert found_in(case, left.first.attachments.get()) >= {Role.FILE}
    assert case.found_at is not None


def test_who_is_not_there_is_found_nowhere_and_told_so(acme: Organization, left: Correspondence) -> None:
    from privacy.actions.requests.close_request import answer_nothing_found

    case = open_request(acme, right="access", source="hand", address="nobody@nowhere.example")
    assert case.token_hash is not None
    from privacy.actions.requests.identity import confirm_address

    confirm_address(bytes(case.token_hash))
    looked_through(case)
    answer_nothing_found(case, by=Actor())

    case.refresh_from_db()
    assert not case.requestfindings.exists()
    assert case.outcome == "nothing"


def test_the_finder_goes_on_where_it_was_cut_short(acme: Organization, left: Correspondence, monkeypatch: Any) -> None:
    monkeypatch.setattr("privacy.rights.finding.stages.TICKETS", 1)
    from privacy.actions.requests.find_person import find_some, look_for_person

    case = proven(acme, "access")
    look_for_person(case)
    steps = 0
    while find_some(case.pk):
        steps += 1
    case.refresh_from_db()
    assert steps > 4
    assert Role.MENTIONED in found_in(case, left.erins)


def test_another_organizations_desk_is_not_looked_at(
    acme: Organization, mailbox: Mailbox, globex: Organization, alice: Membership, owner: Membership, monkeypatch: Any
) -> None:
    monkeypatch.setattr("mailbox.actions.queue_email.deliver.apply_async", lambda *_, **__: None)
    theirs = factories.make_contact(globex, name="Carol Customer", address=CAROL)
    with organization_scope(acme):
        correspond(mailbox, alice, owner)
        case = looked_through(proven(acme, "access"))

        assert case.requestfindings.exists()
        assert not case.requestfindings.filter(row_id=theirs.pk).exists()


# --- the copy --------------------------------------------------------------------------------------------------------
@pytest.mark.promise("6-access")
def test_a_copy_has_what_is_the_persons_and_masks_what_is_not(acme: Organization, left: Correspondence) -> None:
    files = unzipped(looked_through(proven(acme, "access"), decide="include"))
    data = json.loads(files["data.json"])
    every = "\n".join(content.decode("utf-8", "replace") for content in files.values())

    assert set(files) >= {"index.html", "article-15.html", "access-log.html", "redactions.html", "data.json"}
    assert any(name.endswith("carol-door.txt") for name in files)
    assert SECRET in every
    assert "we come on Monday" in every
    assert "When are you open" in every
    assert "is in a hurry" in every
    assert "Likes doors" in every
    assert CAROL in every
    for other in (DAVE, "Dave Other", "erin@else.example", "Erin Else"):
        assert other not in every.replace("Article", ""), other
    assert MARK in every
    assert data["redactions"]
    assert all(one["reason"] for one in data["redactions"])
    assert {ticket["number"] for ticket in data["tickets"]} >= {left.shared.number, left.alone.number}
    assert complaints(json.loads((SCHEMAS / "access-1.schema.json").read_text()), data) == []


@pytest.mark.promise("6-access")
def test_who_is_restricted_gets_a_copy_of_everything_also_of_what_came_since(
    acme: Organization, left: Correspondence, mailbox: Mailbox, owner: Membership
) -> None:
    restrict_person(proven(acme, "restriction"), by=Actor(owner))
    arrive(mailbox, sender=FULL, subject="Since then", text="A word from the locked days.")

    files = unzipped(looked_through(proven(acme, "access"), decide="include"))

    every = "\n".join(content.decode("utf-8", "replace") for content in files.values())
    data = json.loads(files["data.json"])
    (mail,) = data["stored_mails"]
    assert SECRET in every
    assert (mail["subject"], mail["text"].strip()) == ("Since then", "A word from the locked days.")
    assert b"A word from the locked days." in files[mail["path"]]
    assert b"A word from the locked days." in files["index.html"]
    assert complaints(json.loads((SCHEMAS / "access-1.schema.json").read_text()), data) == []

    along = unzipped(looked_through(proven(acme, "portability"), decide="include"))
    assert b"A word from the locked days." in along["messages.mbox"]
    data = json.loads(along["data.json"])
    assert [one["ticket"] for one in data["messages"]][-1] is None
    assert complaints(json.loads((SCHEMAS / "portability-1.schema.json").read_text()), data) == []


def test_what_is_left_out_is_named_with_its_reason(acme: Organization, left: Correspondence) -> None:
    case = looked_through(proven(acme, "access"), decide="include")
    finding = case.requestfindings.get(row_id=left.erins.pk, role=Role.MENTIONED)
    decide_finding(finding, decision="exclude", reason="It is about Erin.", by=Actor())
    files = unzipped(case)

    case.refresh_from_db()
    assert b"told me about you" not in files["data.json"]
    assert b"It is about Erin." in files["redactions.html"]
    assert case.outcome == "partly"


def test_nothing_is_given_before_it_is_known_who_asks_and_all_is_decided(
    acme: Organization, left: Correspondence, monkeypatch: Any
) -> None:
    unproven = open_request(acme, right="access", source="hand", address=CAROL)
    with pytest.raises(ActionRefused):
        begin_package(unproven)
    case = proven(acme, "access")
    with pytest.raises(ActionRefused):
        begin_package(case)
    looked_through(case)
    assert case.requestfindings.filter(decision=Decision.OPEN).exists()
    with pytest.raises(ActionRefused):
        begin_package(case)
    for finding in case.requestfindings.filter(decision=Decision.OPEN):
        decide_finding(finding, decision="include", by=Actor())
    monkeypatch.setattr("privacy.actions.requests.find_person.fingerprint", lambda: "grown")
    with pytest.raises(ActionRefused, match="something new"):
        begin_package(case)


def test_a_link_opens_once_and_the_key_dies_with_it(
    acme: Organization, left: Correspondence, django_capture_on_commit_callbacks: Any
) -> None:
    from accounts.vault.models import VaultKey

    package, token = packed(looked_through(proven(acme, "access"), decide="include"))
    with django_capture_on_commit_callbacks(execute=True):
        assert open_package(token) is not None
    assert open_package(token) is None
    assert VaultKey.objects.get(kind="case", scope=package.pk).wrapped is None
    assert [event.verb for event in package.request.requestevents.all()].count("fetched") == 1


def test_after_seven_days_it_is_gone(acme: Organization, left: Correspondence) -> None:
    package, token = packed(looked_through(proven(acme, "access"), decide="include"))
    RequestPackage.objects.filter(pk=package.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    assert open_package(token) is None
    assert expire_packages() == 1
    assert not package.file.exists()
    assert expire_packages() == 0


def test_a_package_whose_worker_died_is_made_anew_whole(
    acme: Organization, left: Correspondence, monkeypatch: Any
) -> None:
    case = looked_through(proven(acme, "access"), decide="include")
    package = begin_package(case)
    with monkeypatch.context() as dying:
        dying.setattr("privacy.actions.requests.package.close_request", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pack_some(package.pk)
    package.refresh_from_db()
    case.refresh_from_db()
    assert (package.state, case.is_closed) == ("packing", False)

    pack_some(package.pk)
    package.refresh_from_db()
    assert package.state == "ready"


def test_the_page_of_a_link_gives_it_on_a_press_only(acme: Organization, left: Correspondence, client: Client) -> None:
    from django.urls import reverse

    _package, token = packed(looked_through(proven(acme, "access"), decide="include"))
    where = reverse("rights:package", args=[acme.slug, token])

    assert client.get(where).status_code == 200
    first = client.post(where)
    assert first["Content-Type"] == "application/zip"
    assert client.get(where).status_code == 410


# --- to take along ---------------------------------------------------------------------------------------------------
@pytest.mark.promise("6-port")
def test_data_to_take_along_is_what_the_person_wrote(acme: Organization, left: Correspondence) -> None:
    files = unzipped(looked_through(proven(acme, "portability"), decide="exclude"))
    data = json.loads(files["data.json"])
    schema = json.loads((SCHEMAS / "portability-1.schema.json").read_text())

    assert complaints(schema, data) == []
    assert {one["subject"] for one in data["messages"]} == {"The door does not close", "Opening hours"}
    assert SECRET.encode() in files["messages.csv"]
    for others in (b"we come on Monday", b"I saw the door", b"in a hurry", b"Likes doors"):
        assert not any(others in content for content in files.values()), others
    assert any(name.endswith("carol-door.txt") for name in files)
    rows = list(csv.DictReader(io.StringIO(files["messages.csv"].decode("utf-8-sig"))))
    assert len(rows) == 2


def test_the_mbox_is_one(acme: Organization, left: Correspondence) -> None:
    mbox = unzipped(looked_through(proven(acme, "portability"), decide="exclude"))["messages.mbox"]
    mails = [message_from_bytes(raw) for raw in re.split(rb"^From - .*\n", mbox, flags=re.MULTILINE)[1:]]

    assert sorted(str(mail["Subject"]) for mail in mails) == ["Opening hours", "The door does not close"]
    assert all(mail["From"] == FULL for mail in mails)


# --- who signs in ----------------------------------------------------------------------------------------------------
def test_a_person_who_signs_in_gets_the_account_and_no_mail(alice: Membership, acme: Organization) -> None:
    case = open_user_request(alice.user, right="access")
    files = unzipped(case)
    data = json.loads(files["data.json"])

    assert data["account"]["email"] == "alice@acme.example"
    assert [one["organization"] for one in data["memberships"]] == ["Acme"]
    assert set(files) == {"data.json", "index.html", "article-15.html", "access-log.html"}


@pytest.mark.promise("4.2")
def test_who_is_agent_here_and_contact_there_is_two_people(acme: Organization, globex: Organization) -> None:
    user = factories.make_user("carol@customer.example", name="Carol Customer")
    factories.make_membership(acme, user)
    factories.make_contact(globex, name="Carol Customer", address=CAROL)
    files = unzipped(open_user_request(user, right="access"))

    assert b"Globex" not in b"".join(files.values())
    with organization_scope(globex):
        case = looked_through(proven(globex, "access"), decide="include")
        assert b"Acme" not in b"".join(unzipped(case).values())
