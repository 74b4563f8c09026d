"""The time line of a deletion: what was done, what is under way, what comes and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.models import DeletionJob

if TYPE_CHECKING:
    from privacy.showing import JobShown

Cause = DeletionJob.Cause


@dataclass(frozen=True)
class Moment:
    """One point of the time line: done, now, late, or to come."""

    state: str
    title: str
    text: str
    at: datetime | None
    is_limit: bool = False  # "by" that time, not "at"
    is_day: bool = False  # the day is said, not the hour


def moments_of(job: DeletionJob, shown: "JobShown") -> list[Moment]:
    """Return the points in their order; a deletion that was taken back has two."""
    if job.state == DeletionJob.State.CANCELLED:
        return [_begun(job), Moment("done", _("Taken back"), _("Nothing was erased."), job.cancelled_at)]
    copies, backups = shown.key_copies_gone_by, shown.backups_gone_by
    return [
        _begun(job),
        _closed_to_everybody(job),
        _grace(job, shown),
        _keys(job, shown),
        _certificate(job, shown),
        Moment(
            "done" if job.key_destroyed_at and copies <= shown.now else "",
            _("Last copy of the key gone from key backups"),
            _("From here on, no backup can be read at all."),
            copies,
            is_limit=True,
            is_day=True,
        ),
        Moment(
            "done" if job.verified_at and backups <= shown.now else "",
            _("Last backup with unreadable remains expires"),
            _("Within one year, as the policy says."),
            backups,
            is_limit=True,
            is_day=True,
        ),
    ]


def _begun(job: DeletionJob) -> Moment:
    texts = {
        Cause.DISCONNECTED: (
            _("Reading stopped, permission handed back"),
            _("Nothing is fetched and nothing is sent. What had not left was refused, and its writers were told."),
        ),
        Cause.REVOKED: (
            _("The permission ended at the provider"),
            _("We noticed at this moment. If nobody says otherwise, we treat it as a withdrawal."),
        ),
        Cause.CLOSED: (
            _("Account closed"),
            _("Nothing is fetched and nothing is sent, and nobody can open the desk."),
        ),
    }
    title, text = texts.get(Cause(job.cause), (_("Asked for"), ""))
    return Moment("done", title, text, job.requested_at)


def _closed_to_everybody(job: DeletionJob) -> Moment:
    if job.cause == Cause.REVOKED:
        text = _("What is there already stays open to you until the keys are destroyed.")
        return Moment("done", _("Nothing new comes in"), text, job.requested_at)
    text = _("Tickets, search and exports no longer show it.")
    return Moment("done", _("Closed to everybody"), text, job.requested_at)


def _grace(job: DeletionJob, shown: "JobShown") -> Moment:
    days = shown.grace_days
    title = ngettext("%(days)d day to turn back", "%(days)d days to turn back", days) % {"days": days}
    if job.can_be_undone:
        return Moment("now", title, _("Until then it can be undone, whole."), job.run_after, is_limit=True)
    return Moment("done", title, _("They are over."), job.run_after)


def _keys(job: DeletionJob, shown: "JobShown") -> Moment:
    state = "done" if job.verified_at else "late" if shown.is_late else "now" if shown.is_moving else ""
    text = _("Mails, attachments, notes, drafts, search codes, learned suggestions.")
    if job.key_destroyed_at and not job.verified_at:
        text = _("The key is gone, so nothing of it can be read any more. Now the records go.")
    return Moment(state, _("Key destroyed, then the data"), text, job.key_destroyed_at or job.run_after)


def _certificate(job: DeletionJob, shown: "JobShown") -> Moment:
    text = _("Signed, with counts before and after.")
    if job.certified_at:
        return Moment("done", _("Certificate"), text, job.certified_at)
    return Moment("late" if shown.is_late else "", _("Certificate"), text, job.due_at, is_limit=True)
