"""A calendar invitation as a few readable lines."""

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_METHODS = {"REQUEST": "Invitation", "CANCEL": "Cancelled", "REPLY": "Answer to an invitation", "PUBLISH": "Event"}
_STATES = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
_ZONE = re.compile(r"TZID=\"?([^\";]{1,60})", re.IGNORECASE)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z)?)?")


def calendar_text(content: str) -> str:
    """Return what, when, where and by whom; empty when there is no event in it."""
    values: dict[str, str] = {}
    in_event = False
    state = ""
    for line in _FOLD.sub("", content[:200_000]).splitlines():
        name, parameters, value = _parted(line)
        if name == "BEGIN" and value.strip().upper() in ("VEVENT", "VTODO"):
            in_event = True
        elif name == "END" and value.strip().upper() in ("VEVENT", "VTODO"):
            break
        elif name == "METHOD" or (in_event and name in ("SUMMARY", "LOCATION", "DESCRIPTION")):
            values.setdefault(name, _plain(value))
        elif in_event and name in ("DTSTART", "DTEND"):
            values.setdefault(name, _moment(value.strip(), parameters))
        elif in_event and name == "ORGANIZER":
            values.setdefault(name, value.strip().partition(":")[2] or value.strip())
        elif in_event and name == "ATTENDEE":
            state = state or next(
                (word for key, word in _STATES.items() if f"PARTSTAT={key}" in parameters.upper()), ""
            )
    return _lines(values, state) if in_event else ""


def _parted(line: str) -> tuple[str, str, str]:
    """Return name, parameters and value of a line; a colon within quotes does not end the parameters."""
    name, _, rest = line.partition(":")
    while rest and name.count('"') % 2 and len(name) < 1000:
        more, _, rest = rest.partition(":")
        name += f":{more}"
    name, _, parameters = name.partition(";")
    return name.upper().strip(), parameters, rest


def _lines(values: dict[str, str], state: str) -> str:
    method = values.get("METHOD", "").upper()
    title = _METHODS.get(method, "Event")
    if method == "REPLY" and state:
        title = f"{title} ({state})"
    lines = [f"{title}: {values.get('SUMMARY', '')}".strip()]
    if "DTSTART" in values:
        until = f" to {values['DTEND']}" if "DTEND" in values else ""
        lines.append(f"When: {values['DTSTART']}{until}")
    for name, label in (("LOCATION", "Where"), ("ORGANIZER", "By")):
        if values.get(name):
            lines.append(f"{label}: {values[name]}")
    if values.get("DESCRIPTION"):
        lines += ["", values["DESCRIPTION"]]
    return "\n".join(lines)


def _moment(value: str, parameters: str) -> str:
    found = _TIME.match(value)
    if not found:
        return value[:40]
    day = f"{found[1]}-{found[2]}-{found[3]}"
    if not found[4]:
        return day
    zone = _ZONE.search(parameters)
    where = " UTC" if found[6] else f" ({zone[1]})" if zone else ""
    return f"{day} {found[4]}:{found[5]}{where}"


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
