"""Answers to calendar invitations: a click of a person, which needs no answer unless words came with it."""

import re

from tickets.mail.calendar_text import calendar_text
from tickets.mail.charsets import decode
from tickets.mail.signs import Signs

_REPLY = re.compile(r"^METHOD:REPLY\s*$", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"^COMMENT(?:;[^:\n]{0,200})?:[ \t]*\S", re.IGNORECASE | re.MULTILINE)
_STATE = re.compile(r"PARTSTAT=(ACCEPTED|DECLINED|TENTATIVE)", re.IGNORECASE)
_WORDS = {"ACCEPTED": "accepts", "DECLINED": "declines", "TENTATIVE": "may come to"}


def calendar_answer(signs: Signs) -> str:
    """Return a sentence on what it answers to an invitation; nothing when it is none, or says more than that."""
    mail = signs.mail
    part = next((a for a in mail.attachments if a.content_type in ("text/calendar", "application/ics")), None)
    if part is None:
        return ""
    content = decode(part.content[:100_000], "utf-8")
    if not _REPLY.search(content.replace("\r", "")) or _COMMENT.search(content.replace("\r", "")):
        return ""
    by_program = bool(signs.first("auto-submitted")) or "calendar" in signs.first("sender").lower()
    words = mail.reply_text.strip()
    if words and not by_program and words != calendar_text(content).strip():
        return ""
    state = _STATE.search(re.sub(r"\r?\n[ \t]", "", content))
    who = mail.from_.name or mail.from_.email if mail.from_ else "Somebody"
    return f"{who} {_WORDS[state[1].upper()]} an invitation." if state else "It answers an invitation."
