"""Working hours as a form: a line for each day, and the days that are closed all the same."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.forms import zones
from accounts.models import WorkingHours

MAX_HOLIDAYS = 100
MAX_NAME = 60
_CLOCK = "%H:%M"
ONE_END = _("Say from when to when, or leave both empty.")


class HolidaysField(forms.CharField):
    """One day on each line: the date, and what people call it."""

    widget = forms.Textarea

    def clean(self, value: Any) -> dict[str, str]:
        """Return the names by day, in their order; the first line that begins with no date is named."""
        lines = [line.split() for line in (super().clean(value) or "").splitlines() if line.strip()]
        if len(lines) > MAX_HOLIDAYS:
            raise ValidationError(_("That is more than %(count)d days."), params={"count": MAX_HOLIDAYS})
        found: dict[str, str] = {}
        for first, *words in lines:
            try:
                found[date.fromisoformat(first).isoformat()] = " ".join(words)[:MAX_NAME]
            except ValueError:
                raise ValidationError(
                    _("“%(text)s” is no date. Write it as 2026-12-24."), params={"text": first[:20]}
                ) from None
        return dict(sorted(found.items()))


class HoursForm(forms.Form):
    """From and to for each day of the week; a day with neither is closed."""

    time_zone = forms.ChoiceField(label=_("Time zone"))
    holidays = HolidaysField(
        label=_("Closed all the same"),
        required=False,
        max_length=8000,
        help_text=_("One day on each line: the date, then its name. 2026-12-24 Christmas Eve"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make two fields for each day."""
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zones()  # type: ignore[attr-defined]
        clock = forms.TimeInput(attrs={"type": "time"}, format=_CLOCK)
        for day, name in WEEKDAYS.items():
            for end, label in (("from", _("%(day)s from")), ("to", _("%(day)s to"))):
                field = forms.TimeField(label=label % {"day": name}, required=False, widget=clock)
                self.fields[f"{end}_{day}"] = field

    def days(self) -> list[dict[str, Any]]:
        """Return the days with their two fields, for the page."""
        return [{"name": name, "from": self[f"from_{day}"], "to": self[f"to_{day}"]} for day, name in WEEKDAYS.items()]

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of a day, the later one after the earlier."""
        said = super().clean() or {}
        for day in WEEKDAYS:
            begin, end = said.get(f"from_{day}"), said.get(f"to_{day}")
            broken = {f"from_{day}", f"to_{day}"} & set(self.errors)
            if not broken and (begin is None) != (end is None):
                self.add_error(f"to_{day}" if begin else f"from_{day}", ONE_END)
            elif begin and end and begin >= end:
                self.add_error(f"to_{day}", _("This is not after the beginning."))
        return said

    def hours(self) -> dict[str, Any]:
        """Return what was said, as the action takes it."""
        said = self.cleaned_data
        spans = [(said[f"from_{day}"], said[f"to_{day}"]) for day in WEEKDAYS]
        week = [[begin.strftime(_CLOCK), end.strftime(_CLOCK)] if begin and end else None for begin, end in spans]
        return {"time_zone": said["time_zone"], "week": week, "holidays": said["holidays"]}


def initial_of(row: WorkingHours | None, time_zone: str) -> dict[str, Any]:
    """Return what the form shows first: what was said before, else the zone alone."""
    if row is None:
        return {"time_zone": time_zone}
    shown: dict[str, Any] = {"time_zone": row.time_zone}
    shown["holidays"] = "\n".join(f"{day} {name}".strip() for day, name in row.holidays.items())
    for day, span in enumerate(row.week):
        if span:
            shown[f"from_{day}"], shown[f"to_{day}"] = span
    return shown
