"""The data protection officer sees every job, its date and its proof, and destroys nothing alone."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, Organization, User
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.approve import ask_approval
from privacy.actions.issue_certificate import issue_certificate
from privacy.actions.tell_owners import tell_decision
from privacy.lines import due_line, scale
from privacy.models import Approval, Certificate, DeletionJob, EarlyDecision
from tests import factories
from tests.cast import sign_in
from tests.privacy.holding import hold
from tests.privacy.jobs import carry_out, make_job
from tests.privacy.surroundings import surroundings  # noqa: F401 - a fixture

LIST = "/admin/privacy/deletionjob/"
REASON = {"basis": "asked", "reason": "Olivia asked on the telephone and again by mail."}


@pytest.fixture
def job(acme: Organization, mailbox: Mailbox, owner: Membership) -> DeletionJob:
    """Acme's mailbox, disconnected two days ago."""
    return make_job(acme, mailbox=mailbox, by=owner, asked_at=timezone.now() - timedelta(days=2))


@pytest.fixture
def colleague(db: None) -> User:
    """A second member of the operator's staff."""
    return factories.make_user("dan@operator.example", second_step=True, is_staff=True, is_superuser=True)


def decide(client: Client, job: DeletionJob, **said: str) -> int:
    return client.post(f"{LIST}{job.pk}/decide/", REASON | said).status_code


# --- Looking ---------------------------------------------------------------------------------------------------------
def test_the_list_draws_when_each_is_due(as_staff: Client, job: DeletionJob) -> None:
    text = as_staff.get(LIST).content.decode()

    assert "Due dates of what is not finished" in text
    assert f"Day 2 of 30, due {timezone.localtime(job.due_at):%d %b %Y}" in text
    assert "help@acme.example" not in text


@pytest.mark.parametrize(
    ("urgency", "days_ago", "fields", "is_listed"),
    [
        ("late", 31, {}, True),
        ("late", 29, {}, False),
        ("late", 31, {"state": "certified"}, False),
        ("alarm", 26, {"state": "running"}, True),
        ("alarm", 24, {"state": "running"}, False),
        ("waits", 9, {"state": "running", "waits_for": "The storage does not answer."}, True),
        ("waits", 9, {"state": "running"}, False),
        ("open", 1, {}, True),
        ("open", 1, {"state": "cancelled"}, False),
    ],
)
def test_the_filters_find_what_needs_somebody(
    as_staff: Client, acme: Organization, urgency: str, days_ago: int, fields: dict[str, str], is_listed: bool
) -> None:
    job = make_job(acme, asked_at=timezone.now() - timedelta(days=days_ago), **fields)

    text = as_staff.get(f"{LIST}?urgency={urgency}").content.decode()

    assert (f'<th class="field-named"><a href="{LIST}{job.pk}/change/' in text) is is_listed


def test_a_job_shows_its_steps_counts_and_dates_and_no_name(as_staff: Client, job: DeletionJob) -> None:
    carry_out(job, held=2)

    text = as_staff.get(f"{LIST}{job.pk}/change/").content.decode()

    for word in ("6,214", "tickets.Message", "Destroy the keys", "Last backup gone", "Decisions"):
        assert word in text
    assert "help@acme.example" not in text
    assert "Olivia" not in text


@pytest.mark.usefixtures("surroundings")
def test_certificates_are_judged_when_they_are_shown(as_staff: Client, job: DeletionJob) -> None:
    certificate = issue_certificate(carry_out(job))
    where = "/admin/privacy/certificate/"
    assert "genuine" in as_staff.get(where).content.decode()
    assert "genuine" in as_staff.get(f"{where}{certificate.pk}/change/").content.decode()
    connection.cursor().execute("UPDATE privacy_certificate SET body = replace(body, '6214', '6215')")

    text = as_staff.get(where).content.decode()
    chain = as_staff.post(where, {"action": "verify_chain", "_selected_action": certificate.pk}, follow=True)

    assert "genuine" not in re.sub(r"<title>.*?</title>", "", text)
    assert "something was changed" in text
    assert "something was changed" in chain.content.decode()


@pytest.mark.parametrize("model", ["deletionjob", "certificate", "certificatekey", "approval"])
def test_nothing_is_added_changed_or_deleted_by_form(as_staff: Client, job: DeletionJob, model: str) -> None:
    assert as_staff.get(reverse(f"admin:privacy_{model}_changelist")).status_code == 200
    assert as_staff.get(reverse(f"admin:privacy_{model}_add")).status_code == 403
    assert as_staff.post(f"{LIST}{job.pk}/change/", {"state": "certified"}).status_code == 403
    assert as_staff.post(f"{LIST}{job.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_asks_as_much_for_many_jobs_as_for_few(as_staff: Client, acme: Organization) -> None:
    def statements() -> int:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            as_staff.get(LIST)
        return len(asked)

    make_job(acme, mailbox=factories.make_mailbox(acme))
    few = statements()
    for _ in range(10):
        make_job(acme, mailbox=factories.make_mailbox(acme))

    assert statements() == few


# --- An earlier deletion ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "   "])
@pytest.mark.parametrize("outcome", ["do", "part", "refuse"])
def test_nothing_is_decided_without_a_reason(as_staff: Client, job: DeletionJob, outcome: str, reason: str) -> None:
    assert decide(as_staff, job, outcome=outcome, basis="law", reason=reason) == 422
    assert not EarlyDecision.objects.exists()


def test_a_part_stays_only_where_a_legal_hold_keeps_it(as_staff: Client, job: DeletionJob, owner: Membership) -> None:
    part = {"outcome": "part", "basis": "hold", "reason": "A dispute about one order."}
    assert decide(as_staff, job, **part) == 422
    with organization_scope(job.organization_id):
        mailbox = Mailbox.objects.get(pk=job.target_id)
    hold(factories.make_ticket(owner.organization, mailbox=mailbox), owner)

    assert decide(as_staff, job, **part) == 302
    assert EarlyDecision.objects.get().outcome == "part"
    assert Approval.objects.get().act == Approval.Act.RUN_NOW


def test_a_refusal_needs_a_ground(as_staff: Client, job: DeletionJob) -> None:
    assert decide(as_staff, job, outcome="refuse", basis="asked") == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        EarlyDecision.objects.create(
            organization_id=job.organization_id,
            job=job,
            outcome="refuse",
            basis="asked",
            reason="x",
            decided_by_id=job.pk,
        )


def test_a_refusal_leaves_the_date_and_tells_the_owner_how_to_complain(as_staff: Client, job: DeletionJob) -> None:
    assert decide(as_staff, job, outcome="refuse", basis="law", reason="A court asked us to wait.") == 302
    decision = EarlyDecision.objects.get()
    tell_decision(job.organization_id, decision.pk)
    tell_decision(job.organization_id, decision.pk)

    before = (job.run_after, job.state)
    job.refresh_from_db()
    assert (job.run_after, job.state) == before
    assert not Approval.objects.exists()
    (letter,) = mail.outbox
    assert letter.to == ["olivia@acme.example"]
    for words in ("Refuse", "A court asked us to wait.", "www.imy.se", f"/deletions/{job.pk}/"):
        assert words in str(letter.body)


def test_the_reason_lies_sealed(as_staff: Client, job: DeletionJob) -> None:
    decide(as_staff, job, outcome="refuse", basis="law", reason="A court asked us to wait.")

    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM privacy_earlydecision")
        assert b"court" not in bytes(cursor.fetchone()[0])


def test_the_notice_is_queued_when_the_decision_is_stored(
    as_staff: Client,
    job: DeletionJob,
    celery_eager: object,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        decide(as_staff, job, outcome="refuse", basis="security")

    assert len(mail.outbox) == 1


# --- Two people ------------------------------------------------------------------------------------------------------
def test_erasing_now_waits_for_a_second_person(as_staff: Client, colleague: User, job: DeletionJob) -> None:
    assert decide(as_staff, job, outcome="do") == 302
    approval = Approval.objects.get()
    before = job.run_after
    as_staff.post(f"{LIST}approvals/{approval.pk}/", {"answer": "approve"})
    job.refresh_from_db()
    assert job.run_after == before

    sign_in(Client(), colleague).post(f"{LIST}approvals/{approval.pk}/", {"answer": "approve"})

    job.refresh_from_db()
    approval.refresh_from_db()
    assert job.run_after <= timezone.now()
    assert (approval.state, approval.decided_by_id) == (Approval.State.APPROVED, colleague.pk)
    assert LogEntry.objects.filter(object_id=str(job.pk), user=colleague).exists()


def test_a_second_person_may_decline(as_staff: Client, colleague: User, job: DeletionJob) -> None:
    as_staff.post(f"{LIST}{job.pk}/run-now/")
    approval = Approval.objects.get()
    second = sign_in(Client(), colleague)
    second.post(f"{LIST}approvals/{approval.pk}/", {"answer": "decline"})
    late = second.post(f"{LIST}approvals/{approval.pk}/", {"answer": "approve"}, follow=True)

    before = job.run_after
    job.refresh_from_db()
    assert job.run_after == before
    assert "This was decided already." in late.content.decode()


def test_the_database_too_wants_two_people(as_staff: Client, staff: User, job: DeletionJob) -> None:
    as_staff.post(f"{LIST}{job.pk}/run-now/")

    with pytest.raises(IntegrityError, match="approval_by_a_second_person"), transaction.atomic():
        Approval.objects.update(state="approved", decided_by_id=staff.pk)


def test_what_runs_already_is_not_hurried(as_staff: Client, job: DeletionJob) -> None:
    DeletionJob.objects.filter(pk=job.pk).update(state=DeletionJob.State.RUNNING)

    assert decide(as_staff, job, outcome="do") == 422
    as_staff.post(f"{LIST}{job.pk}/run-now/")

    assert not Approval.objects.exists()


def test_looking_at_an_act_does_nothing(as_staff: Client, job: DeletionJob) -> None:
    as_staff.get(f"{LIST}{job.pk}/run-now/")

    assert not Approval.objects.exists()


def test_members_have_no_way_in(as_owner: Client, job: DeletionJob) -> None:
    for path in ("", f"{job.pk}/change/", f"{job.pk}/decide/"):
        assert as_owner.get(f"{LIST}{path}").status_code in {302, 403}
    assert as_owner.post(f"{LIST}{job.pk}/run-now/").status_code in {302, 403}
    assert not Approval.objects.exists()
    assert Certificate.objects.count() == 0


@pytest.mark.parametrize("role", ["Support", "Security", "Finance"])
def test_staff_of_other_roles_decide_nothing_and_see_no_job(job: DeletionJob, staff: User, role: str) -> None:
    person = factories.make_user(second_step=True, is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client = sign_in(Client(), person)
    waiting = ask_approval(job, act=Approval.Act.RUN_NOW, by=staff)

    for path in ("", f"{job.pk}/change/", f"{job.pk}/decide/"):
        assert client.get(f"{LIST}{path}").status_code == 403, path
    for path in (f"{job.pk}/decide/", f"{job.pk}/run-now/", f"approvals/{waiting.pk}/"):
        assert client.post(f"{LIST}{path}", REASON | {"answer": "approve"}).status_code == 403, path
    assert client.get("/admin/privacy/backup/ledger/").status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == Approval.State.WAITING


def test_the_role_of_the_officer_is_enough(job: DeletionJob) -> None:
    officer = factories.make_user(second_step=True, is_staff=True)
    officer.groups.add(Group.objects.get(name="DPO"))

    assert decide(sign_in(Client(), officer), job, outcome="do") == 302
    assert Approval.objects.get().asked_by_id == officer.pk


# --- The drawing -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "tone"), [(1, ""), (26, "soon"), (31, "late")])
def test_the_line_turns_with_the_days(acme: Organization, days: int, tone: str) -> None:
    job = make_job(acme)

    assert f'class="due-line {tone}"' in due_line(job, job.requested_at + timedelta(days=days))


def test_dates_that_are_close_do_not_cover_one_another(acme: Organization) -> None:
    jobs = [make_job(acme, mailbox=factories.make_mailbox(acme)) for _ in range(3)]

    drawn = scale(jobs, timezone.now())

    assert drawn is not None
    assert sorted(dot.row for dot in drawn.dots) == [0, 1, 2]
    assert scale([], timezone.now()) is None
