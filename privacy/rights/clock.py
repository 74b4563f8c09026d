"""The clock of a request: one calendar month by Regulation 1182/71, in Stockholm, read to our own disadvantage.

The month ends with the last hour of the day that has the same number as the day the request came, or of the month's
last day where there is no such day. The regulation moves an end on a weekend or a holiday to the next working day; we
do not take that gain. What is paused is given back in whole days, rounded down.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")
ALARM_DAYS = (14, 21, 27)  # of the month; the shortest month has 28
ALARMS_BEFORE = (14, 7, 3)  # days before the end of an extended time
_LAST_MOMENT = time(23, 59, 59)


@dataclass(frozen=True)
class Clock:
    """When a request came, whether its time was extended by two months, and how long it stood still."""

    received_at: datetime
    is_extended: bool = False
    paused: timedelta = timedelta()

    @property
    def received_on(self) -> date:
        """Return the day it came, in Stockholm."""
        return day_of(self.received_at)

    @property
    def paused_days(self) -> int:
        """Return how many whole days it stood still."""
        return max(self.paused.days, 0)

    @property
    def first_due_on(self) -> date:
        """Return the last day of the first month: until then an extension or a refusal is in time."""
        return months_after(self.received_on, 1) + timedelta(self.paused_days)

    @property
    def due_on(self) -> date:
        """Return the last day of all; extended, the earlier of three months and of one month and two."""
        if not self.is_extended:
            return self.first_due_on
        at_once, in_steps = months_after(self.received_on, 3), months_after(months_after(self.received_on, 1), 2)
        return min(at_once, in_steps) + timedelta(self.paused_days)

    @property
    def due_at(self) -> datetime:
        """Return the end of the last day."""
        return end_of(self.due_on)

    @property
    def first_due_at(self) -> datetime:
        """Return the end of the first month."""
        return end_of(self.first_due_on)

    def day(self, now: datetime) -> int:
        """Return which day of its time it is: 0 on the day it came, pauses left out."""
        return max((day_of(now) - self.received_on).days - self.paused_days, 0)

    @property
    def days(self) -> int:
        """Return how many days it has, pauses left out."""
        return (self.due_on - self.received_on).days - self.paused_days

    def days_left(self, now: datetime) -> int:
        """Return how many days are left; negative: how many it is late."""
        return (self.due_on - day_of(now)).days

    def alarms(self) -> dict[int, date]:
        """Return on which day of its time each alarm is, and its date."""
        start = self.received_on + timedelta(self.paused_days)
        found = {number: start + timedelta(number) for number in ALARM_DAYS}
        if self.is_extended:
            before = [self.due_on - timedelta(number) for number in ALARMS_BEFORE]
            found |= {(one - start).days: one for one in before}
        return found

    def alarms_due(self, now: datetime) -> list[int]:
        """Return the alarms whose day has come, the earliest first."""
        return sorted(number for number, on in self.alarms().items() if on <= day_of(now))


def months_after(day: date, months: int) -> date:
    """Return the day of the same number so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_of(moment: datetime) -> date:
    """Return the day in Stockholm."""
    return moment.astimezone(ZONE).date()


def end_of(day: date) -> datetime:
    """Return the last second of a day in Stockholm, whatever its clocks do that day."""
    return datetime.combine(day, _LAST_MOMENT, ZONE)
