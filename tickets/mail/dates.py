"""The moment a Date header means, however it is written; a moment that cannot be is none."""

import re
from datetime import UTC, datetime, timedelta, timezone

_STANDARD = re.compile(
    r"(?:[A-Za-z]{3},? )?\s?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})(?!\d)", re.ASCII
)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s{0,2}(Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)
_COMMENT = re.compile(r"\([^()]*\)")
_CLOCK = re.compile(
    r"(?<![\d.])(\d{1,2})\s{0,3}:\s{0,3}(\d\d)(?:\s{0,3}:\s{0,3}(\d\d))?(?:[.,]\d{1,9})?(?:\s{0,2}([AaPp])\.?[Mm]\b\.?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"\s{0,9}(?:GMT|UTC|UT)?\s{0,2}([+-]?)(\d{1,2}):?(\d\d)(?!\d)", re.ASCII)
_NUMBERS = re.compile(r"(?<![\w+])(\d{1,4})(?!\d)", re.ASCII)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?!\d)", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
# The first letters of months, as programs of Europe write them against the standard.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan jän gen ene янв", "feb fév lut фев", "mar mär mrz maa mrt мар", "apr avr abr kwi апр",
            "may mai maj мая", "jun juin giu cze июн", "jul juil lug lip июл", "aug aoû ago sie авг",
            "sep set wrz сен", "oct okt ott out окт", "nov lis ноя", "dec dez dic déc gru дек",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {
    "EDT": -240, "EST": -300, "CDT": -300, "CST": -360, "MDT": -360, "MST": -420, "PDT": -420, "PST": -480,
    "AKST": -540, "AKDT": -480, "HST": -600, "BRT": -180, "ART": -180, "BST": 60, "WEST": 60, "CET": 60, "MET": 60,
    "MEZ": 60, "CEST": 120, "MEST": 120, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "SGT": 480, "HKT": 480,
    "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
}  # fmt: skip


def parse_date(value: str) -> datetime | None:
    """Return the moment a Date header means, or None when it means none between 1970 and 2200."""
    text = value.strip()[:200]
    found = _STANDARD.match(text)
    try:
        if found and (month := _MONTHS.get(found[2].lower())):
            return _moment(found[3], month, found[1], found.group(4, 5, 6), _zone(found[7]))
        found = _ISO.match(text)
        if found:
            return _moment(found[1], int(found[2]), found[3], found.group(4, 5, 6), _zone(found[7] or ""))
        return _loose(text)
    except (ValueError, OverflowError):
        return None


def _moment(
    year: str, month: int, day: str, clock: tuple[str | None, ...], zone: timezone, shift: int = -1
) -> datetime | None:
    number = int(year)
    if number < 1000:  # two digits, or the years since 1900
        number += 2000 if number < 70 else 1900
    hour, minute, second = (int(part or 0) for part in clock)
    if shift >= 0 and clock[0] and hour <= 12:  # a clock of twelve hours
        hour = hour % 12 + shift
    moment = datetime(number, month, int(day), hour, minute, min(second, 59), tzinfo=zone)
    return moment if 1970 <= moment.year <= 2200 else None


def _loose(text: str) -> datetime | None:
    for _ in range(3):
        text = _COMMENT.sub("", text)
    found = _CLOCK.search(text)
    clock: tuple[str | None, ...] = found.group(1, 2, 3) if found else (None, None, None)
    half = {"a": 0, "p": 12}.get((found[4] or "").lower(), -1) if found else -1
    rest = text[: found.start()] if found else text
    after = text[found.end() :] if found else ""
    offset = _OFFSET.match(after) if found else None
    day = _day(rest)
    if day is None and offset and not offset[1]:
        offset = None  # no zone without its sign, but the year
    day = day or _day(f"{rest} {after[offset.end() :] if offset else after}")
    if day is None:
        return None
    zone = _zone("".join(offset.group(1, 2, 3))) if offset else _named_zone(text)
    return _moment(*day, clock, zone, half)


def _day(text: str) -> tuple[str, int, str] | None:
    """Return year, month and day of a text in which they stand in any usual order."""
    months = [month for word in _WORD.findall(text) if (month := _month(word))]
    numbers = _NUMBERS.findall(text.replace("-", " "))
    if months and len(numbers) > 1:
        first, second = numbers[:2]
        month = months[-1]  # `mar` is a weekday, too
        return (first, month, second) if len(first) > 2 else (second, month, first)
    found = _NUMERIC.search(text) if not months else None
    if not found:
        return None
    first, second, third = found.group(1, 3, 4)
    if len(first) == 4:
        return first, int(second), third
    american = found[2] == "/" and int(first) <= 12
    return (third, int(first), second) if american else (third, int(second), first)


def _month(word: str) -> int | None:
    lower = word.lower()
    return _MONTHS.get(lower) or _MONTHS.get(lower[:4]) or _MONTHS.get(lower[:3])


def _named_zone(text: str) -> timezone:
    return next((_minutes(_ZONES[word]) for word in _WORD.findall(text) if word in _ZONES), UTC)


def _zone(offset: str) -> timezone:
    """Return the zone of an offset such as +0100 or 1:00; one that no place on earth has means UTC."""
    digits = offset.lstrip("+-").replace(":", "")
    if not digits.isdecimal():
        return UTC
    minutes = int(digits[:-2] or 0) * 60 + int(digits[-2:])
    return _minutes(-minutes if offset[0] == "-" else minutes) if minutes <= 14 * 60 else UTC


def _minutes(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC
