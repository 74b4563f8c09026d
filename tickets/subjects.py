"""Subjects: compared without what mail programs put before them."""

import re

# "Reply" and "forward" as mail programs of many languages abbreviate them, with a count as in Re[2] or Re(2).
_REPLY = (
    "re|aw|antw|antwort|sv|svar|vs|ref|r|rif|odp|ynt|yan|res|rsp|bls|atb|hv|ang|απ|σχετ|отв|ответ|ha|na|tr|"
    "回复|回覆|答复|答覆|返信|回信"
)
_FORWARD = "fw|fwd|wg|rv|vb|pd|enc|tr|i|vl|doorst|trs|trl|ilt|tov|πρθ|пересл|转发|轉寄|轉發|転送|전달"
_COUNT = r"\s{0,2}(?:[\[(]\d{1,3}[\])]|\^\d{1,3})?\s{0,2}\.?[:：]"
_PREFIX = re.compile(rf"(?:{_REPLY}|{_FORWARD}){_COUNT}", re.IGNORECASE)
_ANSWER = re.compile(rf"(?:{_REPLY}){_COUNT}", re.IGNORECASE)
_PASSED_ON = re.compile(rf"(?:{_FORWARD}){_COUNT}", re.IGNORECASE)
_TAG = re.compile(r"\[[^\[\]]{1,60}\]\s*")  # [External], [the name of a list]
_NUMBER = re.compile(r"\[#(\d{1,9})\]")
MAX_PREFIXES = 20


def plain_subject(subject: str) -> str:
    """Return the subject without Re:, AW:, [External] and their like, in one case, for comparing."""
    rest = " ".join(subject.split())
    for _ in range(MAX_PREFIXES):
        match = _PREFIX.match(rest) or _TAG.match(rest)
        if match is None:
            break
        rest = rest[match.end() :].lstrip()
    return " ".join((rest or subject).casefold().split())


def is_answer(subject: str) -> bool:
    """Return whether it begins as the subject of an answer does; every word of it may be typed by hand."""
    return bool(_ANSWER.match(_TAG.sub("", subject[:200], count=2).lstrip()))


def without_forward(subject: str) -> str:
    """Return the subject as it was before it was forwarded."""
    rest = subject.strip()
    for _ in range(MAX_PREFIXES):
        match = _PASSED_ON.match(rest)
        if match is None:
            break
        rest = rest[match.end() :].lstrip()
    return rest


def number_in(subject: str) -> int | None:
    """Return the ticket number a subject mentions as [#123]; it is a hint, never a proof (L11)."""
    match = _NUMBER.search(subject)
    return int(match[1]) if match else None
