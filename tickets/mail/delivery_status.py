"""Delivery reports in the form of RFC 3464 and its kin: fields that say what became of each recipient."""

import re
from dataclasses import dataclass, field

from tickets.mail.model import BounceInfo
from tickets.mail.originals import copies, plain
from tickets.mail.signs import Signs

ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'=@\\]{1,100}@(?:[\w-]{1,63}\.){1,10}[\w-]{2,63}(?![\w.-]{0,60}@)")
_LOCAL_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'@\\]{1,100}@[\w.-]{1,200}")
_FIELD = re.compile(r"^([A-Za-z-]{3,40}):[ \t]{0,20}([^\n]{0,1000}(?:\n[ \t][^\n]{0,1000}){0,20})", re.MULTILINE)
_ENHANCED = re.compile(r"(?<![\d.\w])([245]\.[0-7]\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])[0-7]\d(?![\d.])")
_FIELDS_BEGIN = re.compile(
    r"^(?:Reporting-MTA|Final-Recipient|Original-Recipient|Action):", re.IGNORECASE | re.MULTILINE
)
_TYPES = ("message/delivery-status", "message/global-delivery-status", "text/delivery-status")
_NAMES = frozenset({"action", "final-recipient", "original-recipient", "status", "diagnostic-code"})
_ACTIONS = (
    ("deliver", "reached"),
    ("relay", "reached"),
    ("expand", "reached"),
    ("delay", "delayed"),
    ("fail", "failed"),
)


@dataclass(slots=True)
class _Told:
    """What the groups of fields said so far, by outcome."""

    failed: list[str] = field(default_factory=list)
    delayed: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    outcomes: set[str] = field(default_factory=set)
    status: str = ""
    diagnostic: str = ""


def read_status(signs: Signs) -> tuple[str, BounceInfo] | None:
    """Return ("bounce", "delay" or "receipt", details), or None when no field says what became of the mail."""
    told = _Told()
    for text in _status_texts(signs):
        for group in re.split(r"\n[ \t]*\n", text):
            _hear(_fields(group), told)
    if "failed" in told.outcomes:
        permanent = not told.status.startswith("4")
        return "bounce", BounceInfo(_unique(told.failed), told.status, told.diagnostic, permanent)
    if "delayed" in told.outcomes:
        return "delay", BounceInfo(_unique(told.delayed), told.status, told.diagnostic, False)
    if "reached" in told.outcomes:
        return "receipt", BounceInfo(_unique(told.reached), permanent=False)
    return None


def status_in(text: str) -> str:
    """Return the enhanced status of a refusal in a text, or what its SMTP reply amounts to, or nothing."""
    found = next((code for code in _ENHANCED.findall(text[:20_000]) if code[0] != "2"), "")
    if found:
        return found
    reply = _REPLY.search(text[:20_000])
    return f"{reply[1]}.0.0" if reply else ""


def recipients_in(text: str) -> list[str]:
    """Return the recipients that a part of such fields names."""
    groups = re.split(r"\n[ \t]*\n", text)
    return _unique([_recipient(_fields(group)) for group in groups])


def _fields(group: str) -> dict[str, str]:
    return {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(group)}


def _status_texts(signs: Signs) -> list[str]:
    """Return where such fields may stand: parts of their own, or the words of a program that knows no such parts."""
    parts = [part for part in signs.mail.attachments if part.content_type in _TYPES]
    if parts and (signs.is_report or signs.is_machine or signs.is_postmaster or not _is_passed_on(signs)):
        return [plain(part.content) for part in parts[:5]]
    texts = [signs.mail.text[:20_000]]
    if signs.is_report:  # some filter has put the report into a mail of its own
        texts += copies(signs.mail)
    starts = [(text, _FIELDS_BEGIN.search(text)) for text in texts if "final-recipient:" in text.lower()]
    return [] if _is_passed_on(signs) else [text[start.start() :] for text, start in starts if start]


def _is_passed_on(signs: Signs) -> bool:
    """Tell whether a person sends the report on: then it is their mail."""
    return not (signs.is_report or signs.is_machine) and (
        signs.is_forward or signs.is_reply or bool(signs.mail.in_reply_to)
    )


def _hear(fields: dict[str, str], told: _Told) -> None:
    if not fields.keys() & _NAMES:
        return
    status, diagnostic = fields.get("status", ""), fields.get("diagnostic-code", "")
    outcome = _outcome(fields.get("action", "").lower(), status, diagnostic)
    if not outcome:
        return
    told.outcomes.add(outcome)
    {"failed": told.failed, "delayed": told.delayed, "reached": told.reached}[outcome].append(_recipient(fields))
    if outcome != "reached":
        told.status = told.status or _status(status, diagnostic)
        told.diagnostic = told.diagnostic or diagnostic[:500]


def _outcome(action: str, status: str, diagnostic: str) -> str:
    for beginning, outcome in _ACTIONS:
        if action.startswith(beginning):
            return outcome
    code = _status(status, diagnostic)
    return {"5": "failed", "4": "delayed", "2": "reached"}.get(code[:1], "")


def _status(status: str, diagnostic: str) -> str:
    stated = _ENHANCED.search(status)
    return stated[1] if stated else status_in(diagnostic) or status_in(status)


def _recipient(fields: dict[str, str]) -> str:
    """Return the address that was written to; where an alias led on, only the report knows the last one."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        if found := ADDRESS.search(fields.get(name, "").rpartition(";")[2]):
            return found[0].lower()
    found = _LOCAL_ADDRESS.search(fields.get("final-recipient", "").rpartition(";")[2])
    return found[0].lower() if found else ""


def _unique(addresses: list[str]) -> list[str]:
    return list(dict.fromkeys(address for address in addresses if address))[:50]
