"""manage.py run_retention: the one entry of the timetable and of people."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.tenancy import organization_scope
from deskhero.production import refuse_unsafe
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.models import Mailbox
from privacy import clock
from privacy.actions import run_retention as retention
from privacy.models import DeletionJob
from privacy.tasks import keep_promises, sweep_deletions
from tests.privacy.helpers import job_of, travel
from tickets.models import Ticket


@pytest.fixture
def job(mailbox: Mailbox, ticket: Ticket, bob: Any) -> DeletionJob:
    with organization_scope(mailbox.organization_id):
        disconnect_mailbox(mailbox, by=bob)
    return job_of(mailbox.pk)


def told(*options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("run_retention", "--json", *options, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def in_days(count: int) -> str:
    return (timezone.now() + timedelta(days=count)).isoformat()


@pytest.mark.django_db
def test_a_dry_run_looks_ahead_and_changes_nothing(job: DeletionJob) -> None:
    said = told("--now", in_days(8), "--dry-run")

    (one,) = said["jobs"]
    assert (one["id"], one["scope"], one["state"]) == (str(job.pk), "mailbox", "grace")
    assert one["counts"]["tickets.Ticket"] == 1
    assert one["counts"]["tickets.Message"] == 1
    job.refresh_from_db()
    assert job.state == DeletionJob.State.GRACE
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
def test_the_future_wants_a_dry_run(job: DeletionJob, settings: Any) -> None:
    settings.TEST_CLOCK = False
    with pytest.raises(CommandError, match="--dry-run"):
        told("--now", in_days(8))
    with pytest.raises(CommandError, match="ISO 8601"):
        told("--now", "soon", "--dry-run")

    assert Ticket.objects.count() == 1


def test_production_refuses_the_clock_of_tests() -> None:
    from deskhero import settings as product

    with pytest.raises(ImproperlyConfigured, match="DESKHERO_TEST_CLOCK"):
        refuse_unsafe({**vars(product), "PRODUCTION": True, "ENVIRONMENT": "production", "TEST_CLOCK": True})


@pytest.mark.django_db(transaction=True)
def test_with_the_clock_of_tests_it_does_what_is_due_and_then_nothing(job: DeletionJob, settings: Any) -> None:
    settings.TEST_CLOCK = True

    (one,) = told("--now", in_days(400))["jobs"]  # a year of outage is caught up with

    assert one["state"] == "certified"
    assert Ticket.objects.count() == 0
    assert told("--now", in_days(401))["jobs"] == []


@pytest.mark.django_db
def test_people_read_it_too(job: DeletionJob) -> None:
    out = StringIO()
    call_command("run_retention", "--now", in_days(8), "--dry-run", stdout=out)

    assert "would be done" in out.getvalue()
    assert "1 of tickets.Ticket" in out.getvalue()


@pytest.mark.django_db
def test_a_part_that_fails_stops_no_other(job: DeletionJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_run_rules", lambda *_: 1 / 0)

    with pytest.raises(CommandError, match=r"rules \(ZeroDivisionError\)"):
        told("--now", in_days(26), "--dry-run")
    report = travel(26, dry_run=True)
    assert report.failed == {"rules": "ZeroDivisionError"}
    assert set(report.done) >= {"deletions", "backups", "alarms"}


@pytest.mark.django_db
def test_the_alarm_of_day_25_rings_once(job: DeletionJob, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.DPO_EMAIL, settings.EMAIL_BACKEND = "dpo@operator.example", "django.core.mail.backends.locmem.EmailBackend"
    DeletionJob.objects.update(state=DeletionJob.State.RUNNING, waits_for="The storage of files refuses to delete.")
    for day in (24.9, 25.1, 26):
        with clock.at(job.requested_at + timedelta(days=day)):
            retention.raise_alarms()

    (alarm,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert str(job.pk) in alarm.getMessage()
    (told_by_mail,) = mail.outbox
    assert told_by_mail.to == ["dpo@operator.example"]
    assert "storage of files" in told_by_mail.body
    job.refresh_from_db()
    assert job.alarmed_at
    assert job.alarmed_at > job.requested_at + timedelta(days=25)


@pytest.mark.django_db
def test_what_waits_for_its_day_is_no_alarm(job: DeletionJob) -> None:
    DeletionJob.objects.update(run_after=job.requested_at + timedelta(days=29))
    with clock.at(job.requested_at + timedelta(days=26)):
        assert retention.raise_alarms() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("celery_eager")
def test_the_timetable_does_the_same(job: DeletionJob) -> None:
    with clock.at(job.run_after):
        sweep_deletions()
        keep_promises()

    job.refresh_from_db()
    assert job.state == DeletionJob.State.CERTIFIED
