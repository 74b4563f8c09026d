"""A certificate says what was done, is signed and chained, and is checked offline; a changed one is false."""

import base64
import copy
import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership, Organization
from accounts.sealing.keys import Kind, destroy_key, fingerprint, keys
from accounts.signals import root_key_rotated
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.issue_certificate import issue_certificate
from privacy.certificates.canonical import NotCanonical, canonical, digest, read
from privacy.certificates.checking import Verdict, chain_faults, check_document, check_file, trusted_keys
from privacy.certificates.document import as_document, as_file
from privacy.certificates.names import name_of, new_closing_link, opened
from privacy.certificates.parts import KEY_COPIES_KEPT, stated
from privacy.certificates.signing import SigningKey, signing_keys
from privacy.certificates.stored import believed, published, stored_faults
from privacy.deletion.step import StepWaits
from privacy.deletion.steps.certificate import CertificateStep
from privacy.models import Certificate, CertificateKey, DeletionCount, DeletionJob
from tests import factories
from tests.privacy.jobs import carry_out, make_job
from tests.privacy.surroundings import BACKUP, surroundings  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("surroundings")
OLD_ROOT, NEW_ROOT = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n"))


@pytest.fixture
def job(acme: Organization, mailbox: Mailbox, owner: Membership) -> DeletionJob:
    """The erasing of Acme's mailbox, verified."""
    return carry_out(make_job(acme, mailbox=mailbox, by=owner), held=3)


@pytest.fixture
def certificate(job: DeletionJob) -> Certificate:
    """Its certificate."""
    return issue_certificate(job)


@pytest.fixture
def document(certificate: Certificate) -> dict[str, Any]:
    """The file of it, as a value."""
    with organization_scope(certificate.organization_id):
        return as_document(certificate, name_of(certificate.job))


def another(organization: Organization) -> Certificate:
    """Return one more certificate."""
    return issue_certificate(carry_out(make_job(organization, mailbox=factories.make_mailbox(organization))))


def verify(*arguments: object) -> tuple[int, str]:
    """Run the command and return its exit code and what it said."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_certificate", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue() + err.getvalue()
    return 0, out.getvalue() + err.getvalue()


# --- What it says ----------------------------------------------------------------------------------------------------
def test_it_says_what_was_erased_why_when_and_what_is_left(certificate: Certificate, job: DeletionJob) -> None:
    says = certificate.says

    assert (says["scope"], says["target"], says["cause"]) == ("mailbox", str(job.target_id), "disconnected")
    assert says["times"]["asked_at"] == stated(job.requested_at)
    assert says["times"]["promised_by"] == stated(job.due_at)
    assert {"place": "tickets.Message", "before": 6214, "deleted": 6211, "held": 3, "after": 3} in says["counts"]
    assert says["held"][0]["basis"] == "claim"
    assert says["backups"] == [{"backup": str(BACKUP), "kind": "data", "expires_at": "2027-10-13T03:00:00Z"}]
    assert says["backups_gone_by"] == "2027-10-13T03:00:00Z"
    assert says["not_deleted"] == ["mailbox_at_provider", "delivered_mail", "own_exports"]


def test_it_names_each_key_by_the_fingerprint_it_had(acme: Organization, mailbox: Mailbox) -> None:
    alive = fingerprint(keys.current(Kind.MAILBOX, mailbox.pk))

    says = issue_certificate(carry_out(make_job(acme, mailbox=mailbox))).says

    (key,) = says["keys_destroyed"]
    assert (key["fingerprint"], key["for"], key["kind"]) == (alive, str(mailbox.pk), "mailbox")
    assert key["destroyed_at"] is not None


def test_a_key_that_the_vault_still_has_is_not_called_destroyed(acme: Organization, mailbox: Mailbox) -> None:
    from privacy.certificates.parts import destroyed_keys, note_keys

    job = make_job(acme, mailbox=mailbox)
    note_keys(job, Kind.MAILBOX, mailbox.pk)
    note_keys(job, Kind.MAILBOX, mailbox.pk)

    (key,) = destroyed_keys(job)
    assert key["destroyed_at"] is None


def test_it_gives_the_day_on_which_the_last_copy_of_the_key_is_gone(certificate: Certificate) -> None:
    says = certificate.says
    destroyed = says["keys_destroyed"][0]["destroyed_at"]

    assert says["key_copies_gone_by"][:10] == _later(destroyed, KEY_COPIES_KEPT)


def test_it_holds_no_name_but_proves_the_one_beside_it(certificate: Certificate, document: dict[str, Any]) -> None:
    assert "help@acme.example" not in certificate.body
    assert document["name"]["text"] == "help@acme.example"
    assert digest(f"{document['name']['salt']}|help@acme.example".encode()) == certificate.says["name_digest"]


def test_the_name_goes_with_the_organizations_key(certificate: Certificate, acme: Organization) -> None:
    destroy_key(Kind.ORGANIZATION, acme.pk)

    with organization_scope(acme):
        assert name_of(certificate.job) is None


def test_the_name_of_a_closed_company_is_known_to_who_holds_the_link_and_to_nobody_else(acme: Organization) -> None:
    job = make_job(acme)
    token = new_closing_link(job, "Acme")
    says = issue_certificate(carry_out(job)).says

    found = opened(token)
    assert found is not None
    assert (found[0], found[1].text, found[1].digest) == (job, "Acme", says["name_digest"])
    assert opened("x" * 43) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_name FROM privacy_closinglink")
        assert b"Acme" not in bytes(cursor.fetchone()[0])


# --- When it is issued -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("fault", ["left", "uncounted", "unverified", "no counts"])
def test_nothing_half_done_is_certified(acme: Organization, mailbox: Mailbox, fault: str) -> None:
    job = carry_out(make_job(acme, mailbox=mailbox), left=1 if fault == "left" else 0)
    if fault == "uncounted":
        DeletionCount.objects.filter(job=job, place="files").update(after=None)
    if fault == "unverified":
        DeletionJob.objects.filter(pk=job.pk).update(verified_at=None)
    if fault == "no counts":
        job.counts.all().delete()

    with pytest.raises(StepWaits):
        list(CertificateStep().run(job))

    assert not Certificate.objects.exists()


def test_the_step_certifies_once_however_often_it_runs(job: DeletionJob) -> None:
    list(CertificateStep().run(job))
    list(CertificateStep().run(job))

    job.refresh_from_db()
    assert (Certificate.objects.count(), job.state) == (1, DeletionJob.State.CERTIFIED)


def test_certificates_of_all_organizations_are_one_chain(
    certificate: Certificate, acme: Organization, globex: Organization
) -> None:
    second, third = another(globex), another(acme)

    assert [one.number for one in (certificate, second, third)] == [1, 2, 3]
    assert certificate.says["follows"] is None
    assert third.says["follows"] == {"number": 2, "sha256": digest(second.body.encode())}


def test_an_organization_reads_its_own_and_can_write_none(certificate: Certificate, globex: Organization) -> None:
    another(globex)

    with organization_scope(certificate.organization_id):
        assert list(Certificate.objects.all()) == [certificate]
        for sql in ("UPDATE privacy_certificate SET number = 9", "DELETE FROM privacy_certificate"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)


# --- Checking a file -------------------------------------------------------------------------------------------------
def test_a_genuine_file_is_accepted_without_any_database(
    document: dict[str, Any], tmp_path: Path, django_assert_num_queries: Callable[..., Any]
) -> None:
    file = tmp_path / "certificate.json"
    file.write_bytes(as_file(document))

    with django_assert_num_queries(0):
        code, said = verify(file)

    assert code == 0
    assert "genuine" in said


def test_the_layout_of_the_file_does_not_matter(document: dict[str, Any]) -> None:
    ours = {document["key"]["fingerprint"]}

    assert check_file(json.dumps(document, sort_keys=True, separators=(",", ":")), ours).is_genuine


def test_anybody_can_verify_it_with_the_library_alone(document: dict[str, Any]) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(document["key"]["public"]))
    text = json.dumps(document["certificate"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    public.verify(base64.b64decode(document["signature"]), text.encode())  # raises where it does not belong


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [found for name, one in value.items() for found in _paths(one, (*path, name))]
    if isinstance(value, list):
        return [found for number, one in enumerate(value) for found in _paths(one, (*path, number))] or [path]
    return [path]


def test_a_change_anywhere_in_it_is_refused(document: dict[str, Any]) -> None:
    ours = {document["key"]["fingerprint"]}
    paths = _paths(document)
    assert len(paths) > 30
    for path in paths:
        changed = copy.deepcopy(document)
        place = changed
        for step in path[:-1]:
            place = place[step]
        value = place[path[-1]]
        place[path[-1]] = value + 1 if isinstance(value, int) else "x" if value in (None, [], {}) else f"{value}x"[1:]
        assert not check_document(changed, ours).is_genuine, path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"certificate": {}}',
        "{" * 100_000,
        "\ud800",
        '{"certificate": 1, "certificate": 2, "signature": "", "key": {}}',
        '{"certificate": {"format": "deskhero-certificate/1", "number": 1.5}, "signature": "", "key": {}}',
    ],
)
def test_what_is_no_certificate_is_false_and_never_a_traceback(text: str) -> None:
    assert check_file(text, set()).verdict is Verdict.FALSE


def test_one_signed_by_a_stranger_is_not_genuine(document: dict[str, Any], tmp_path: Path) -> None:
    """The whole file is sound; only the key is nobody's. This is what a forger would make."""
    from accounts.sealing.keys import root_key

    stranger = SigningKey(root_key(base64.b64encode(b"s" * 32).decode()))
    forged = copy.deepcopy(document)
    forged["certificate"]["key"] = stranger.public.fingerprint
    forged["key"] = {"algorithm": "Ed25519", "fingerprint": stranger.public.fingerprint, "public": stranger.public.text}
    forged["signature"] = base64.b64encode(stranger.sign(canonical(forged["certificate"]))).decode()
    file = tmp_path / "forged.json"
    file.write_bytes(as_file(forged))

    assert verify(file)[0] == 2
    assert verify(file, "--pin", stranger.public.fingerprint)[0] == 0
    assert verify(file, "--pin", document["key"]["fingerprint"])[0] == 2


def test_two_files_that_do_not_follow_one_another_are_refused(acme: Organization, tmp_path: Path) -> None:
    documents = [as_document(another(acme)) for _ in range(3)]
    key = signing_keys()[0]
    other = copy.deepcopy(documents[1])  # a second truth about number 2, really signed
    other["certificate"]["counts"] = []
    other["signature"] = base64.b64encode(key.sign(canonical(other["certificate"]))).decode()
    files = [tmp_path / f"{name}.json" for name in ("one", "two", "three", "other")]
    for file, document in zip(files, [*documents, other], strict=True):
        file.write_bytes(as_file(document))
    one, two, three, false = files

    assert verify(three, one, two)[0] == 0
    assert verify(one, three)[0] == 0
    code, said = verify(one, false, three)
    assert code == 1
    assert "does not follow" in said


# --- Keys that change ------------------------------------------------------------------------------------------------
@pytest.fixture
def rotated(settings: Any, acme: Organization, monkeypatch: pytest.MonkeyPatch) -> list[Certificate]:
    """Two certificates: of before and after the root key was changed."""
    old, new = SigningKey(_root(OLD_ROOT)), SigningKey(_root(NEW_ROOT))
    monkeypatch.setattr("privacy.actions.issue_certificate.signing_keys", lambda: [old])
    before = another(acme)
    monkeypatch.setattr("privacy.actions.issue_certificate.signing_keys", lambda: [new, old])
    return [before, another(acme)]


def test_after_a_rotation_the_old_certificates_are_still_verified(rotated: list[Certificate]) -> None:
    before, after = rotated
    known = set(CertificateKey.objects.values_list("fingerprint", flat=True))
    documents = [as_document(one) for one in rotated]

    assert before.key.fingerprint != after.key.fingerprint
    for document in documents:
        assert check_document(document, known).is_genuine
    assert chain_faults([check_document(one, known) for one in documents]) == []


def test_who_pinned_the_old_key_believes_the_one_it_introduced_and_no_other(rotated: list[Certificate]) -> None:
    before, after = rotated
    listed = json.loads(json.dumps(published()))

    pinned = trusted_keys(listed, [before.key.fingerprint])
    assert {key.fingerprint for key in pinned} == {before.key.fingerprint, after.key.fingerprint}
    listed["keys"][1]["introduction"] = base64.b64encode(bytes(64)).decode()
    assert [key.fingerprint for key in trusted_keys(listed, [before.key.fingerprint])] == [before.key.fingerprint]


def test_the_installation_stands_by_keys_it_confirmed_and_by_none_written_into_the_table(
    rotated: list[Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = rotated
    monkeypatch.setattr("privacy.certificates.stored.signing_keys", lambda: [SigningKey(_root(NEW_ROOT))])
    assert believed() == {before.key.fingerprint, after.key.fingerprint}
    assert list(stored_faults(believed())) == []

    CertificateKey.objects.filter(fingerprint=after.key.fingerprint).update(confirmation=bytes(64))
    assert believed() == {after.key.fingerprint}
    assert any("signed by the key" in fault for fault in stored_faults(believed()))


def test_a_key_is_introduced_when_the_root_key_changes_not_only_with_its_first_certificate(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = SigningKey(_root(OLD_ROOT)), SigningKey(_root(NEW_ROOT))
    monkeypatch.setattr("privacy.actions.issue_certificate.signing_keys", lambda: [old])
    another(acme)
    monkeypatch.setattr("privacy.actions.issue_certificate.signing_keys", lambda: [new, old])
    root_key_rotated.send(None)  # as rotate_keys does
    root_key_rotated.send(None)

    row = CertificateKey.objects.get(fingerprint=new.public.fingerprint)
    assert row.introduced_by == old.public.fingerprint
    assert CertificateKey.objects.count() == 2


def test_the_public_keys_are_published_for_everybody(certificate: Certificate) -> None:
    answer = Client().get("/.well-known/deskhero-certificate-keys.json")

    assert answer.json()["keys"][0]["fingerprint"] == certificate.key.fingerprint


# --- The stored chain ------------------------------------------------------------------------------------------------
def test_an_untouched_chain_is_whole(certificate: Certificate, globex: Organization) -> None:
    another(globex)

    assert verify("--stored") == (0, "Every certificate is as it was signed, and the chain is whole.\n")


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        (
            "UPDATE privacy_certificate SET body = replace(body, '6214', '6215') WHERE number = 2",
            "something was changed",
        ),
        ("DELETE FROM privacy_certificate WHERE number = 2", "2 to 2 are missing"),
        ("DELETE FROM privacy_certificate WHERE number = 1", "1 to 1 are missing"),
        ("DELETE FROM privacy_certificate WHERE number = 3", "its certificate is gone"),
        ("UPDATE privacy_certificate SET signature = decode(repeat('00', 64), 'hex')", "something was changed"),
        ("UPDATE privacy_certificate SET number = 4 WHERE number = 3", "column number differs"),
        ("UPDATE privacy_certificate SET organization_id = gen_random_uuid()", "column organization differs"),
        ("UPDATE privacy_certificate SET body_digest = ''", "column body_digest differs"),
        ("UPDATE privacy_certificate SET public_key = decode(repeat('01', 32), 'hex')", "names another key"),
    ],
)
def test_whatever_a_superuser_changes_is_named(acme: Organization, sql: str, fault: str) -> None:
    for _ in range(3):
        another(acme)
    connection.cursor().execute(sql)

    code, said = verify("--stored")

    assert code == 1
    assert fault in said


def test_a_link_taken_out_and_signed_over_by_nobody_breaks_the_chain(acme: Organization) -> None:
    """Renumbering what follows would need the key: the numbers are signed."""
    first, second, third = another(acme), another(acme), another(acme)
    Certificate.objects.filter(pk=second.pk).delete()
    Certificate.objects.filter(pk=third.pk).update(number=2)

    faults = list(stored_faults(believed()))

    assert any("column number differs" in fault for fault in faults)
    assert first.says["follows"] is None


# --- Canonical JSON --------------------------------------------------------------------------------------------------
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
    max_leaves=20,
)


@given(_VALUES)
def test_canonical_json_reads_back_as_the_same_value_and_the_same_bytes(value: Any) -> None:
    assert read(canonical(value)) == value
    assert canonical(read(canonical(value))) == canonical(value)


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, {"é": 1}, {1: 1}, b"x", (1,), "\ud800"])
def test_what_two_programs_might_write_differently_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical({"a": value})


def test_the_order_of_names_does_not_matter() -> None:
    assert canonical({"b": 1, "a": "å"}) == canonical({"a": "å", "b": 1}) == '{"a":"å","b":1}'.encode()


def _root(encoded: str) -> Any:
    from accounts.sealing.keys import root_key

    return root_key(encoded)


def _later(at: str, by: timedelta) -> str:
    from datetime import datetime

    return (datetime.fromisoformat(at) + by).date().isoformat()
