"""Days as people write them in a search: 2026-10-01, 2026-10, 2026, today, yesterday, 7d, 2w, 3m, 1y."""

import re
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_AGO = re.compile(r"(\d{1,4})([dwmy])")
_WORDS = {"today": 0, "yesterday": 1}


def day_of(text: str, today: date) -> date | None:
    """Return the day, the first one of a month or year; None where the text is no day there ever was."""
    text = text.strip().lower()
    if text in _WORDS:
        return today - timedelta(days=_WORDS[text])
    try:
        if found := _AGO.fullmatch(text):
            return _ago(int(found[1]), found[2], today)
        if found := _DAY.fullmatch(text):
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except (ValueError, OverflowError):
        return None  # 2026-02-30, or before the calendar began
    return None


def _ago(count: int, unit: str, today: date) -> date:
    if unit in "dw":
        return today - timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(today.day, last))
