"""Delivery reports in words an agent understands, and what they mean for the next mail."""

import re

from tickets.mail.model import BounceInfo

_MEANINGS = {
    "1.0": "the address is wrong",
    "1.1": "there is no such address",
    "1.2": "there is no such domain",
    "1.3": "the address is not written correctly",
    "1.6": "the person has moved",
    "1.10": "there is no such address",
    "2.0": "the mailbox takes no mail",
    "2.1": "the mailbox is closed",
    "2.2": "the mailbox is full",
    "2.3": "the mail is too large",
    "3.4": "the mail is too large",
    "4.1": "their server does not answer",
    "4.4": "no server takes mail for the domain",
    "4.6": "the mail went round in a circle",
    "4.7": "it could not be delivered in time",
    "4.14": "the mail went round in a circle",
    "7.0": "their server refused it",
    "7.1": "their server refused it",
    "7.23": "their server could not verify the sender",
    "7.26": "their server could not verify the sender",
}
_SUBJECTS = {"1": "the address is wrong", "2": "the mailbox takes no mail", "4": "their server cannot be reached",
             "6": "their server cannot read it", "7": "their server refused it"}  # fmt: skip


_GONE = re.compile(r"5\.1\.(?![78]\b)|5\.2\.1\b|5\.4\.4\b")
_UNSAID = ("", "5.0.0", "5.2.0", "5.3.0", "5.5.0")
_NOBODY_THERE = re.compile(
    r"(?:user|recipient|address|mailbox|account|domain|host|person|empfänger|adresse)\s(?:is |was |does )?"
    r"(?:unknown|unbekannt|not (?:exist|found|known)|invalid|disabled|closed|inactive)|"
    r"(?:unknown|no such|invalid|nonexistent)\s(?:local |final delivery )?"
    r"(?:user|recipient|mailbox|account|address|person|domain|host)|not listed|doesn't have|no mailbox|not recognized",
    re.IGNORECASE,
)


def is_gone(info: BounceInfo) -> bool:
    """Tell whether mail to these addresses can never arrive; full boxes, long mails and refusals pass by."""
    if not info.permanent or not info.recipients:
        return False
    if info.status in _UNSAID:
        return bool(_NOBODY_THERE.search(info.diagnostic))
    return bool(_GONE.match(info.status))


def why(kind: str, info: BounceInfo) -> str:
    """Return one sentence on what became of the mail, and where."""
    who = ", ".join(info.recipients[:3]) or "somebody"
    more = len(info.recipients) - 3
    who = f"{who} and {more} more" if more > 0 else who
    if kind == "receipt":
        return (
            f"It reports that the mail reached {who}."
            if info.recipients
            else "It reports that the mail was seen or arrived."
        )
    if kind == "delay":
        return f"Delivery to {who} is delayed; the mail server keeps trying."
    return f"Delivery to {who} failed{_because(info.status)}."


def _because(status: str) -> str:
    if not status:
        return ""
    detail = status.partition(".")[2]
    meaning = _MEANINGS.get(detail) or _SUBJECTS.get(detail.partition(".")[0], "")
    return f": {meaning} ({status})" if meaning else f" ({status})"
