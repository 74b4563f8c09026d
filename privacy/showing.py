"""How a deletion is shown to people: what is done, what comes and when, in sentences and numbers."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mailbox.models import Mailbox
from privacy.certificates.names import name_of
from privacy.certificates.parts import KEY_COPIES_KEPT
from privacy.deletion.kinds import Line, lines
from privacy.holding import holds_inside
from privacy.models import Certificate, DeletionJob, DeletionStep
from privacy.moments import Moment, moments_of

BACKUPS_KEPT = timedelta(days=330)  # the longest any backup lives: with the 30 days, within one year
# The steps in their order (privacy/deletion/order.py), as people would call them.
STEPS = {
    "stop": gettext_lazy("Stop reading and sending, hand the permission back"),
    "holds": gettext_lazy("Put aside what a legal hold keeps"),
    "ledger": gettext_lazy("Write it into the ledger of erasures"),
    "keys": gettext_lazy("Destroy the keys"),
    "rows": gettext_lazy("Delete records, search codes and exports"),
    "files": gettext_lazy("Delete files"),
    "caches": gettext_lazy("Clear short-lived copies"),
    "contacts": gettext_lazy("Delete contacts that are known only from there"),
    "vacuum": gettext_lazy("Free the space in the database"),
    "verify": gettext_lazy("Count again: nothing may be left"),
    "certificate": gettext_lazy("Sign the certificate"),
}


@dataclass(frozen=True)
class StepShown:
    """One step with how far it is."""

    title: Any
    state: str  # done, now, or empty
    done: int
    total: int
    finished_at: datetime | None


class JobShown:
    """A job as pages show it. Asks the database for its parts when they are first needed, in the job's scope."""

    def __init__(self, job: DeletionJob, *, now: datetime | None = None) -> None:
        """Take the job and the moment that counts as now."""
        self.job, self.now = job, now or timezone.now()

    @cached_property
    def name(self) -> str:
        """Return what it was called, or that it was erased."""
        found = name_of(self.job)
        return found.text if found else ""

    @property
    def title(self) -> str:
        """Return what this is about, with its name where that is still known."""
        if self.name:
            return self.name
        return {
            DeletionJob.Scope.MAILBOX: _("A mailbox"),
            DeletionJob.Scope.ORGANIZATION: _("The account"),
            DeletionJob.Scope.CONTACT: _("A contact"),
            DeletionJob.Scope.RULE: _("What a retention rule chose"),
        }[DeletionJob.Scope(self.job.scope)]

    # --- The clock ---------------------------------------------------------------------------------------------------
    @property
    def days(self) -> int:
        """Return the days promised."""
        return (self.job.due_at - self.job.requested_at).days

    @property
    def grace_days(self) -> int:
        """Return the days in which it can be undone."""
        return (self.job.run_after - self.job.requested_at).days

    @property
    def days_left(self) -> int:
        """Return the days left of them, begun ones counted; 0 when it is late."""
        return max(math.ceil((self.job.due_at - self.now) / timedelta(days=1)), 0)

    @property
    def arc(self) -> str:
        """Return how much of the ring is left, of 100, as SVG wants it."""
        share = (self.job.due_at - self.now) / (self.job.due_at - self.job.requested_at)
        return f"{max(min(share, 1), 0) * 100:.1f} 100"

    @property
    def grace_left(self) -> str:
        """Return how long it can still be undone, in words; empty when it cannot."""
        return span(self.job.run_after - self.now) if self.job.can_be_undone else ""

    @property
    def is_late(self) -> bool:
        """Return whether the promise was broken, or is."""
        return not self.job.is_finished and self.now > self.job.due_at

    @property
    def is_revoked(self) -> bool:
        """Return whether the provider ended it, and nobody here did."""
        return self.job.cause == DeletionJob.Cause.REVOKED

    @property
    def key_copies_gone_by(self) -> datetime:
        """Return when no backup can be read any more."""
        return (self.job.key_destroyed_at or self.job.due_at) + KEY_COPIES_KEPT

    @property
    def backups_gone_by(self) -> datetime:
        """Return when the last backup with unreadable remains is gone, at the latest."""
        return (self.job.verified_at or self.job.due_at) + BACKUPS_KEPT

    # --- What happens ------------------------------------------------------------------------------------------------
    @property
    def moments(self) -> list[Moment]:
        """Return the time line."""
        return moments_of(self.job, self)

    @cached_property
    def steps(self) -> list[StepShown]:
        """Return the steps with their numbers."""
        known = {one.name: one for one in self.job.steps.all()}
        return [_step(title, known.get(name)) for name, title in STEPS.items()]

    @cached_property
    def lines(self) -> list[Line]:
        """Return what is erased by kind."""
        return lines(self.job.counts.values("place", "before", "held", "after"))

    @cached_property
    def holds(self) -> list[Any]:
        """Return the legal holds that keep something out."""
        return list(holds_inside(self.job))

    @cached_property
    def certificate(self) -> Certificate | None:
        """Return the proof, once there is one."""
        return Certificate.objects.filter(job=self.job).first()

    @property
    def is_moving(self) -> bool:
        """Return whether the page should look again by itself."""
        return self.job.state in {DeletionJob.State.RUNNING, DeletionJob.State.PLANNED, DeletionJob.State.VERIFIED}


def span(left: timedelta) -> str:
    """Return a length of time as one speaks of it: 6 days, 3 hours, 18 minutes."""
    minutes = max(math.ceil(left / timedelta(minutes=1)), 1)
    if minutes >= 48 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes >= 120:
        hours = minutes // 60
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def deletions_of(mailboxes: list[Mailbox]) -> dict[Any, DeletionJob]:
    """Return the newest job that was not taken back of each mailbox, by the mailbox's id; in the scope."""
    jobs = DeletionJob.objects.filter(
        scope=DeletionJob.Scope.MAILBOX, target_id__in=[mailbox.pk for mailbox in mailboxes]
    ).exclude(state=DeletionJob.State.CANCELLED)
    return {job.target_id: job for job in jobs.order_by("requested_at")}


def _step(title: Any, step: DeletionStep | None) -> StepShown:
    if step is None or step.started_at is None:
        return StepShown(title, "", 0, 0, None)
    return StepShown(title, "done" if step.finished_at else "now", step.done_count, step.total_count, step.finished_at)
