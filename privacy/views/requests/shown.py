"""A case as its pages show it: how it stands, what comes next, and what was done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from privacy.models import DataSubjectRequest, RequestEvent
from privacy.rights.clock import ALARM_DAYS

Right, Identity = DataSubjectRequest.Right, DataSubjectRequest.Identity
ICONS = {
    Right.ACCESS: "eye",
    Right.RECTIFICATION: "draft",
    Right.ERASURE: "trash",
    Right.RESTRICTION: "lock",
    Right.PORTABILITY: "download",
    Right.OBJECTION: "block",
    Right.WITHDRAWAL: "x",
}
GOOD = {"confirmed", "erased", "packed", "rectified", "restricted", "objected", "withdrawn", "closed", "letter"}
BAD = {"late", "not_sent", "doubted", "refused"}
# What is done, for each right, once it is known who asks.
NEXT = {
    Right.ACCESS: gettext_lazy("Look everything through, then make the package."),
    Right.PORTABILITY: gettext_lazy("Look everything through, then make the package."),
    Right.RECTIFICATION: gettext_lazy("Correct what is wrong."),
    Right.ERASURE: gettext_lazy("Look everything through, decide what is open, approve the plan."),
    Right.RESTRICTION: gettext_lazy("Restrict the contact."),
    Right.OBJECTION: gettext_lazy("Stop what is objected to."),
    Right.WITHDRAWAL: gettext_lazy("End the consent."),
}


@dataclass(frozen=True)
class Standing:
    """How a case stands at this moment: its badge, its bar, its day."""

    request: DataSubjectRequest
    name: str
    icon: str
    badge: str
    tone: str  # bad, warn, law, ok or nothing
    day: int
    days: int
    due_on: date

    @property
    def percent(self) -> int:
        """Return how much of its time is over."""
        return min(100, round(self.day * 100 / max(self.days, 1)))

    @property
    def marks(self) -> list[dict[str, Any]]:
        """Return where the alarms stand on the bar."""
        days = self.request.clock.alarms()
        return [{"day": day, "percent": min(100, round(day * 100 / max(self.days, 1)))} for day in sorted(days)]


def standing(request: DataSubjectRequest) -> Standing:
    """Return how a case stands now."""
    now, clock = timezone.now(), request.clock
    left = clock.days_left(now)
    badge, tone = _badge(request, left)
    day = min(clock.day(request.closed_at or (request.paused_at or now)), clock.days)
    name = request.name or request.address
    icon = ICONS[Right(request.right)]
    return Standing(request, name, icon, badge, tone, day, clock.days, clock.due_on)


def _badge(request: DataSubjectRequest, left: int) -> tuple[str, str]:
    if request.is_closed:
        return str(request.get_outcome_display()), "ok"
    if request.is_paused:
        return _("Clock stopped"), ""
    if left < 0:
        return ngettext("%(count)d day late", "%(count)d days late", -left) % {"count": -left}, "bad"
    if left == 0:
        return _("Due today"), "bad"
    tone = "bad" if left <= 4 else "warn" if left <= 31 - ALARM_DAYS[0] else "law"
    return ngettext("%(count)d day left", "%(count)d days left", left) % {"count": left}, tone


def next_step(request: DataSubjectRequest) -> str:
    """Return in one sentence what somebody has to do now; nothing where the case is closed."""
    if request.is_closed:
        return ""
    if request.identity == Identity.FAILED:
        return _("It is not the person: refuse the request, with that as the reason.")
    if request.is_paused:
        return _("Wait for the answer. The clock stands still meanwhile.")
    if not request.is_confirmed:
        return _("Find out whether the person asks: by the link in the receipt, or by evidence you add here.")
    return str(NEXT[Right(request.right)])


def history(request: DataSubjectRequest) -> list[dict[str, Any]]:
    """Return what was done, the newest last."""
    events = request.requestevents.select_related("by__user").order_by("at", "pk")
    return [_line(event) for event in events]


def _line(event: RequestEvent) -> dict[str, Any]:
    title = str(event.get_verb_display())
    if event.verb == RequestEvent.Verb.REMINDED:
        title = _("Reminded, day %(day)d") % {"day": event.day}
    tone = "late" if event.verb in BAD else "done" if event.verb in GOOD else ""
    who = event.by.display_name if event.by else _("The operator") if event.staff_id else ""
    return {"title": title, "at": event.at, "who": who, "details": _detail(event), "tone": tone}


def _detail(event: RequestEvent) -> str:
    """Return the words beside a line; what is one of our own words is said in the reader's language."""
    from privacy.models import IdentityEvidence, RequestLetter

    verbs = RequestEvent.Verb
    choices: dict[str, Any] = {
        verbs.LETTER: RequestLetter.Kind,
        verbs.NOT_SENT: RequestLetter.Kind,
        verbs.CONFIRMED: IdentityEvidence.Way,
        verbs.DOUBTED: IdentityEvidence.Way,
        verbs.CLOSED: DataSubjectRequest.Outcome,
        verbs.REFUSED: DataSubjectRequest.Outcome,
    }
    known = choices.get(event.verb)
    return str(known(event.details).label) if known and event.details in known.values else event.details
