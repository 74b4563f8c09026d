"""Due dates drawn in SVG: where a job stands between its request and its promise, and all of them on one line."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from privacy.models import DeletionJob

WIDTH = 180
MARGIN = 3


@dataclass(frozen=True)
class Dot:
    """One job on the common line."""

    job: DeletionJob
    percent: str
    row: int
    tone: str  # late, soon, or empty
    label: str


@dataclass(frozen=True)
class Scale:
    """The common line: from today to the last due date, a tick for each week."""

    dots: list[Dot]
    ticks: list[tuple[str, str]]  # percent, words
    rows: int

    @property
    def height(self) -> int:
        """Return how tall the drawing is."""
        return 30 + 12 * max(self.rows, 1)


def due_line(job: DeletionJob, now: datetime) -> SafeString:
    """Draw one job: the grace, the days gone, today, and the mark of day 25."""
    whole = (job.due_at - job.requested_at) or timedelta(days=1)
    end = job.certified_at or job.cancelled_at or now
    gone = _share(end - job.requested_at, whole)
    grace = _share(job.run_after - job.requested_at, whole)
    alarm = _share(timedelta(days=25), whole)
    tone = "done" if job.is_finished else "late" if now > job.due_at else "soon" if gone >= alarm else ""
    day = max((end - job.requested_at).days, 0)
    words = f"Day {day} of {whole.days}, due {timezone.localtime(job.due_at):%d %b %Y}"
    return format_html(
        '<svg class="due-line {}" width="{}" height="22" viewBox="0 0 {} 22" role="img" aria-label="{}">'
        "<title>{}</title>"
        '<rect class="track" x="0" y="8" width="{}" height="6" rx="3"/>'
        '<rect class="grace" x="0" y="8" width="{}" height="6" rx="3"/>'
        '<rect class="gone" x="0" y="8" width="{}" height="6" rx="3"/>'
        '<line class="alarm" x1="{}" x2="{}" y1="4" y2="18"/><circle class="today" cx="{}" cy="11" r="4"/></svg>',
        tone,
        WIDTH,
        WIDTH,
        words,
        words,
        WIDTH,
        _at(grace),
        _at(gone),
        _at(alarm),
        _at(alarm),
        min(max(int(gone * WIDTH), 4), WIDTH - 4),
    )


def life_line(
    start: datetime, end: datetime, ended_at: datetime | None, now: datetime, alarms: tuple[int, ...] = ()
) -> SafeString:
    """Draw the life of something with a last day, a backup or a request: what has passed, the days of alarm, today."""
    whole = (end - start) or timedelta(days=1)
    share = _share((ended_at or now) - start, whole)
    soon = bool(alarms) and now - start >= timedelta(days=alarms[0])
    tone = "done" if ended_at else "late" if now > end else "soon" if soon else ""
    words = f"{max((end - (ended_at or now)).days, 0)} days left of {(end - start).days}"
    marks = [_at(_share(timedelta(days=day), whole)) for day in alarms]
    return format_html(
        '<svg class="due-line {}" width="{}" height="22" viewBox="0 0 {} 22" role="img" aria-label="{}">'
        '<title>{}</title><rect class="track" x="0" y="8" width="{}" height="6" rx="3"/>'
        '<rect class="gone" x="0" y="8" width="{}" height="6" rx="3"/>{}'
        '<circle class="today" cx="{}" cy="11" r="4"/></svg>',
        tone,
        WIDTH,
        WIDTH,
        words,
        words,
        WIDTH,
        _at(share),
        format_html_join("", '<line class="alarm" x1="{0}" x2="{0}" y1="4" y2="18"/>', ((at,) for at in marks)),
        min(max(_at(share), 4), WIDTH - 4),
    )


def scale(jobs: list[DeletionJob], now: datetime) -> Scale | None:
    """Return the due dates of unfinished jobs on one line; what is late stands at its beginning."""
    if not jobs:
        return None
    start = now - timedelta(days=MARGIN)
    whole = max(max(job.due_at for job in jobs) - start, timedelta(days=30)) + timedelta(days=1)
    dots, last = [], list[float]()
    for job in jobs:
        share = _share(job.due_at - start, whole)
        row = next((number for number, at in enumerate(last) if share - at > 0.02), len(last))
        last[row:] = [share, *last[row + 1 :]]
        left = job.due_at - now
        tone = "late" if left < timedelta(0) else "soon" if left < timedelta(days=5) else ""
        label = f"{job.get_scope_display()}, due {timezone.localtime(job.due_at):%d %b %Y}"
        dots.append(Dot(job, f"{share * 100:.2f}%", row, tone, label))
    weeks = [now + timedelta(days=7 * number) for number in range(int(whole.days / 7) + 1)]
    ticks = [
        (f"{_share(at - start, whole) * 100:.2f}%", "today" if number == 0 else f"{timezone.localtime(at):%d %b}")
        for number, at in enumerate(weeks)
        if at - start < whole
    ]
    return Scale(dots, ticks, len(last))


def _share(part: timedelta, whole: timedelta) -> float:
    return max(min(part / whole, 1.0), 0.0)


def _at(share: float) -> int:
    return round(share * WIDTH)
