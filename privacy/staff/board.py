"""The first page of the operator's desk: what is due, what waits for somebody, and whether the machinery runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from accounts.models import AccessAlert, AccessGrant, User
from mailbox.models import Mailbox
from privacy.lines import due_line, life_line
from privacy.models import Approval, Backup, DataSubjectRequest, DeletionJob, Drill, LegalHold
from privacy.rights.clock import ALARM_DAYS
from privacy.staff.left import days_left, in_words, tone_of

SHOWN = 12  # of what is due
MOST = 1_000  # counted no further
DAY = timedelta(days=1)
BACKUP_AGE, DRILL_AGE = 2 * DAY, 35 * DAY  # of the newest; older is late


@dataclass(frozen=True)
class Tile:
    """One figure, with what it means and where it leads; its tone says whether somebody has to act."""

    title: str
    figure: str
    says: str
    url: str
    tone: str = ""  # bad, warn, good, or empty


@dataclass(frozen=True)
class Due:
    """Something with a promised day."""

    title: str
    whose: str
    due_at: datetime
    line: SafeString
    url: str

    @property
    def left(self) -> str:
        """Return how long it still has, in words."""
        return in_words(days_left(self.due_at))

    @property
    def tone(self) -> str:
        """Return how urgent it is."""
        return tone_of(days_left(self.due_at))


def tiles_for(user: User | AnonymousUser) -> list[Tile]:
    """Return the figures this member of staff may see."""
    now = timezone.now()
    return [make(now) for permission, make in _TILES if user.has_perm(permission)]


def due_for(user: User | AnonymousUser) -> list[Due]:
    """Return what is due next of what this member of staff may see, the soonest first."""
    now = timezone.now()
    found: list[Due] = []
    if user.has_perm("privacy.view_datasubjectrequest"):
        found += _cases(now)
    if user.has_perm("privacy.view_deletionjob"):
        found += _jobs(now)
    return sorted(found, key=lambda one: one.due_at)[:SHOWN]


def _cases(now: datetime) -> Iterator[Due]:
    cases = DataSubjectRequest.objects.unfinished().filter(paused_at=None).select_related("organization")
    for case in cases.defer("said", "asks", "reason").order_by("due_at")[:SHOWN]:
        whose = case.organization.slug if case.organization else "the operator"
        yield Due(
            f"{case.case_number} · {case.get_right_display()}",
            whose,
            case.due_at,
            life_line(case.received_at, case.due_at, None, now, ALARM_DAYS),
            reverse("admin:privacy_datasubjectrequest_change", args=[case.pk]),
        )


def _jobs(now: datetime) -> Iterator[Due]:
    for job in DeletionJob.objects.unfinished().order_by("due_at")[:SHOWN]:
        url = reverse("admin:privacy_deletionjob_change", args=[job.pk])
        yield Due(
            f"Deletion of {job.get_scope_display().lower()}",
            job.get_state_display(),
            job.due_at,
            due_line(job, now),
            url,
        )


def _count(rows: Any) -> int:
    return int(rows.order_by()[:MOST].count())


def _said(count: int) -> str:
    return f"{MOST - 1}+" if count >= MOST else str(count)


def _list(model: Any, query: str = "") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") + query


def _requests(now: datetime) -> Tile:
    waiting = DataSubjectRequest.objects.unfinished()
    count, late = _count(waiting), _count(waiting.filter(due_at__lt=now, paused_at=None))
    says = f"{late} late" if late else "all in time" if count else "none waits"
    return Tile("Requests open", _said(count), says, _list(DataSubjectRequest, "?closed_at__isempty=1"), _tone(late))


def _deletions(now: datetime) -> Tile:
    open_jobs = DeletionJob.objects.unfinished()
    late, stuck = _count(open_jobs.filter(due_at__lt=now)), _count(open_jobs.exclude(waits_for=""))
    says = f"{late} late" if late else f"{stuck} wait for something" if stuck else "all in time"
    return Tile(
        "Deletions under way", _said(_count(open_jobs)), says, _list(DeletionJob, "?urgency=open"), _tone(late, stuck)
    )


def _approvals(_now: datetime) -> Tile:
    count = _count(Approval.objects.waiting())
    says = "wait for a second person" if count else "nobody waits"
    return Tile("Second person", _said(count), says, _list(Approval), _tone(0, count))


def _holds(now: datetime) -> Tile:
    active = LegalHold.objects.active()
    due = _count(active.due_for_review(now))
    says = f"{due} to look at now" if due else "none to look at now"
    return Tile("Legal holds", _said(_count(active)), says, _list(LegalHold), _tone(0, due))


def _alerts(_now: datetime) -> Tile:
    count = _count(AccessAlert.objects.unseen())
    says = "nobody looked at them yet" if count else "all looked at"
    return Tile("Access alerts", _said(count), says, _list(AccessAlert, "?looked_at__isempty=1"), _tone(0, count))


def _grants(now: datetime) -> Tile:
    count = _count(AccessGrant.objects.active(now))
    says = "staff may look inside now" if count else "nobody may look inside"
    return Tile("Grants active", _said(count), says, _list(AccessGrant), _tone(0, count))


def _backups(now: datetime) -> Tile:
    newest = Backup.objects.sound().filter(kind=Backup.Kind.DATA).order_by("-started_at").first()
    faulty = _count(Backup.objects.living().exclude(fault=""))
    url = _list(Backup, "?stage=fault" if faulty else "?stage=living")
    if newest is None:
        return Tile("Newest backup", "none", "nothing could be brought back", url, "bad")
    age = now - newest.started_at
    says = f"{faulty} faulty" if faulty else "ago, verified" if newest.verified_at else "ago, not verified yet"
    return Tile("Newest backup", _age(newest.started_at, now), says, url, _tone(int(age > BACKUP_AGE) + faulty))


def _drills(now: datetime) -> Tile:
    newest = Drill.objects.filter(Q(fault=""), finished_at__isnull=False).order_by("-started_at").first()
    if newest is None:
        return Tile("Last drill", "none", "no backup was brought back yet", _list(Drill), "warn")
    is_old = now - newest.started_at > DRILL_AGE
    return Tile("Last drill", _age(newest.started_at, now), "ago, passed", _list(Drill), _tone(0, int(is_old)))


def _mailboxes(_now: datetime) -> Tile:
    count = _count(Mailbox.objects.exclude(trouble="").exclude(state=Mailbox.State.DISCONNECTED))
    says = "cannot be read" if count else "all are read"
    return Tile("Mailboxes in trouble", _said(count), says, _list(Mailbox), _tone(0, count))


def _tone(bad: int, warn: int = 0) -> str:
    return "bad" if bad else "warn" if warn else ""


def _age(start: datetime, now: datetime) -> str:
    return timesince(start, now, depth=1).replace("\xa0", " ")


_TILES: tuple[tuple[str, Callable[[datetime], Tile]], ...] = (
    ("privacy.view_datasubjectrequest", _requests),
    ("privacy.view_deletionjob", _deletions),
    ("privacy.view_approval", _approvals),
    ("privacy.view_legalhold", _holds),
    ("accounts.view_accessalert", _alerts),
    ("accounts.view_accessgrant", _grants),
    ("privacy.view_backup", _backups),
    ("privacy.view_drill", _drills),
    ("mailbox.view_mailbox", _mailboxes),
)
