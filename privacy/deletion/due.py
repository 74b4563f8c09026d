"""Which jobs have something to do now. Asked as the owner of the tables: their organizations may be gone."""

from datetime import datetime, timedelta

from django.db.models import Case, QuerySet, Value, When

from privacy.models import DeletionJob

State, Scope = DeletionJob.State, DeletionJob.Scope
EARLY = timedelta(days=5)  # before it is due: day 25


def due_jobs(now: datetime) -> QuerySet[DeletionJob]:
    """Return the jobs whose time has come, however long ago, and those under way; an organization's after its parts."""
    last = Case(When(scope=Scope.ORGANIZATION, then=Value(1)), default=Value(0))
    waiting = DeletionJob.objects.filter(state=State.GRACE, run_after__lte=now)
    under_way = DeletionJob.objects.filter(state__in=[State.RUNNING, State.VERIFIED])
    return (waiting | under_way).order_by(last, "due_at", "pk")


def late_jobs(now: datetime) -> list[DeletionJob]:
    """Return the jobs that should be finished soon, are not, and about which nobody was told."""
    by_plan = DeletionJob.objects.filter(state=State.PLANNED)
    jobs = (due_jobs(now) | by_plan).filter(alarmed_at=None)
    return [job for job in jobs if now >= alarm_at(job)]


def alarm_at(job: DeletionJob) -> datetime:
    """Return when it is time to worry: five days before it is due, or a sixth of a shorter term."""
    return job.due_at - min(EARLY, (job.due_at - job.requested_at) / 6)
