"""Working hours, read: is somebody there now, since when, until when, and who says so in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Organization, WorkingHours

LOOKS_AHEAD = 400  # days; beyond this nobody is said to come back
Span = tuple[time, time]


@dataclass(frozen=True)
class Hours:
    """A week of opening times in a zone, and days that are closed all the same."""

    zone: ZoneInfo
    week: tuple[Span | None, ...]  # seven, Monday first
    holidays: Mapping[date, str]

    def span_on(self, day: date) -> Span | None:
        """Return from when to when somebody is there on that day."""
        return None if day in self.holidays else self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Return whether somebody is there at that moment; the closing minute is outside."""
        here = at.astimezone(self.zone)
        span = self.span_on(here.date())
        return span is not None and span[0] <= here.time() < span[1]

    def closes(self, at: datetime) -> datetime | None:
        """Return when today's hours end, or None where nobody is there now."""
        here = at.astimezone(self.zone)
        span = self.span_on(here.date())
        return datetime.combine(here.date(), span[1], self.zone) if span and self.is_open(at) else None

    def opens(self, at: datetime) -> datetime | None:
        """Return when somebody is there next, counted from a moment when nobody is; None where nobody ever is."""
        here = at.astimezone(self.zone)
        for ahead in range(LOOKS_AHEAD):
            day = here.date() + timedelta(days=ahead)
            span = self.span_on(day)
            if span and (ahead or here.time() < span[0]):
                return datetime.combine(day, span[0], self.zone)
        return None


def hours_of(organization: Organization) -> Hours | None:
    """Return the working hours of an organization, or None where it has said nothing about them."""
    row = WorkingHours.objects.filter(organization=organization).first()
    return read(row.time_zone, row.week, row.holidays) if row else None


def read(zone: str, week: Any, holidays: Any) -> Hours:
    """Return the hours that these kept values mean."""
    spans = tuple((time.fromisoformat(span[0]), time.fromisoformat(span[1])) if span else None for span in week)
    return Hours(ZoneInfo(zone), spans, {date.fromisoformat(day): str(name) for day, name in holidays.items()})


def in_words(hours: Hours) -> str:
    """Return the week as a person says it: days with the same hours together, in the language in force."""
    told, day = [], 0
    while day < len(hours.week):
        last = day
        while last + 1 < len(hours.week) and hours.week[last + 1] == hours.week[day]:
            last += 1
        if span := hours.week[day]:
            days = _days(day, last)
            told.append(
                _("%(days)s %(begin)s–%(end)s") % {"days": days, "begin": f"{span[0]:%H:%M}", "end": f"{span[1]:%H:%M}"}
            )
        day = last + 1
    return ", ".join(told)


def back_in_words(hours: Hours, at: datetime) -> str:
    """Return until when somebody is there today, or when somebody is there again; empty where nobody ever is."""
    if closes := hours.closes(at):
        return _("today until %(time)s") % {"time": f"{closes:%H:%M}"}
    opens = hours.opens(at)
    if opens is None:
        return ""
    today, clock = at.astimezone(hours.zone).date(), f"{opens:%H:%M}"
    if opens.date() == today:
        return _("today at %(time)s") % {"time": clock}
    if opens.date() == today + timedelta(days=1):
        return _("tomorrow at %(time)s") % {"time": clock}
    day = date_format(opens, _("l j F"), use_l10n=False)  # weekday, day, month, as date formats of Django spell it
    return _("%(day)s at %(time)s") % {"day": day, "time": clock}


def told_to_customers(organization: Organization, at: datetime) -> dict[str, str]:
    """Return the hours and when somebody is back, in the organization's language; empty texts where none are set."""
    hours = hours_of(organization)
    if hours is None:
        return {"hours": "", "back": ""}
    with translation.override(organization.language):
        return {"hours": in_words(hours), "back": back_in_words(hours, at)}


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
