"""Delivery reports in plain words: whether a mail is one, whom it is about and what the servers said."""

# ruff: noqa: E501 - tables of words read best unbroken

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from tickets.mail import bounce_words as words
from tickets.mail.delivery_status import ADDRESS, status_in
from tickets.mail.model import BounceInfo
from tickets.mail.originals import original_recipients
from tickets.mail.phrases import plainly
from tickets.mail.signs import Signs

_LOOKED_AT = 20_000  # characters; what servers say themselves is short
_LINES = 300
_NOBODY = ("postmaster@", "mailer-daemon@")
_HELPERS = (
    *_NOBODY,
    "abuse@",
    "helpdesk@",
    "support@",
)  # named for questions, when nothing marks them as the recipient
_ASK = re.compile(r"contact|assist|question|help|kontakt|hilfe|aide|ayuda", re.IGNORECASE)
_BY_HAND = ("user-agent", "x-gm-message-state", "x-google-smtp-source")
_BY_HAND_MAILER = re.compile(
    r"i(?:phone|pad)|apple|outlook|thunderbird|android|yahoo|webmail|roundcube|mail\.ru|bat!", re.IGNORECASE
)
_LINK = re.compile(r"https?://\S{1,500}")
_AT_LINE_START = re.compile(r"[\s>*|•·\-–(\[\"'<]{0,20}(" + ADDRESS.pattern + r")(?=[\s>\])\"':;,.]|$)", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:rcpt to|failed recipient|intended recipients?|unknown (?:user|recipient|address)|user unknown|recipient(?: address)?|"
    r"original (?:address|recipient)|addressed to|deliver(?:y|ed)?(?: (?:of )?(?:your )?(?:message|mail|e-?mail))? to|message to|mail to|email address|"
    r"could not be delivered to|permanent errors|undeliverable to|(?:expanded|generated) from|addressed,|destinataires?|destinatari[oa]s?|empfänger|an die adresse|ontvanger|"
    r"mottagare|odbiorc\w{1,3}|получател\w{1,2}|adressaat\w{0,5}|příjemc\w{1,2}|收件人|宛先|수신자|mailto)"
    r"[\s:=\-–<\"'(\[]{1,12}(" + ADDRESS.pattern + r")",
    re.IGNORECASE,
)  # fmt: skip
_WRITES = re.compile(r"\b(?:from|by|von|de|da)[\s<\"']{1,4}$", re.IGNORECASE)
_AT_LINE_END = re.compile(r"[^:@\n]{3,80}:\s{1,4}[<\"']?(" + ADDRESS.pattern + r")[>\"']?\s{0,4}$")
_HEADER_LINE = re.compile(
    r"[\s>*|-]{0,20}(?:from|sender|reply-to|return-path|mail from|to|cc|bcc|envelope-from|message-id|references|in-reply-to|"
    r"von|an|de|à|para|da|a|van|aan|från|till|fra|til|od|do|от|кому|发件人|差出人)\s{0,3}[:：]",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"\bsaid:|\brcpt to\b|\bmail from:<|remote (?:host|server)|smtp (?:error|server)|<<<|>>>", re.IGNORECASE
)


def is_report(signs: Signs, report: str, named: list[str]) -> bool:
    """Tell whether a mail server reports trouble with a mail, as far as its envelope, its sender and its words agree."""
    if signs.is_forward:
        return False
    if named or "x-ms-exchange-message-is-ndr" in signs.values or (signs.is_report and signs.mail.report_type):
        return True
    subject = bool(words.SUBJECT.match(signs.mail.subject[:300]))
    body = words.BODY.is_in(plainly(report[:6000]))
    if not (subject or body):
        return (
            signs.is_machine
            and any(_addresses(report, strong=True))
            and (bool(status_in(report)) or _carries_mail(signs))
        )
    if signs.is_machine or signs.is_report:
        return True
    evidence = _has_evidence(signs, report)
    if signs.is_postmaster:
        return evidence
    if not evidence or _is_by_hand(signs, report):
        return False
    return _opens_with_refusal(report) or (subject and body and not signs.is_reply)


def read_words(signs: Signs, report: str, copy: str, named: list[str]) -> tuple[str, BounceInfo]:
    """Return ("bounce" or "delay", details) of a mail that is such a report."""
    recipients = named or _recipients(signs, report, copy)
    status = status_in(report)
    kind = "bounce"
    said = plainly(f"{signs.mail.subject[:300]}\n{report[:3000]}")
    if words.DELAY.is_in(said) and not status.startswith("5") and not words.FINAL.is_in(said):
        kind = "delay"
    permanent = kind == "bounce" and not status.startswith("4")
    return kind, BounceInfo(list(dict.fromkeys(recipients))[:20], status, _diagnostic(report), permanent)


def split_report(text: str) -> tuple[str, str]:
    """Return what the server says, and the copy of the returned mail below it."""
    text = text[:_LOOKED_AT]
    for found in words.COPY_BEGINS.finditer(text):
        if text[: found.start()].strip():
            return text[: found.start()], text[found.start() :]
    return text, ""


def failed_recipients(signs: Signs) -> list[str]:
    """Return the addresses that the header X-Failed-Recipients names."""
    values = signs.values.get("x-failed-recipients", [])
    return list(dict.fromkeys(a.lower() for value in values[:20] for a in ADDRESS.findall(value[:5000])))


def _has_evidence(signs: Signs, report: str) -> bool:
    """Tell whether something is there that only a report carries: the mail it is about, or a server's answer."""
    return (
        _carries_mail(signs)
        or any(_addresses(report, strong=True))
        or (bool(status_in(report)) and bool(_ANSWERED.search(report)))
    )


def _is_by_hand(signs: Signs, report: str) -> bool:
    """Tell whether a person wrote it, who may well write about mail that came back."""
    if signs.mail.in_reply_to or any(name in signs.values for name in _BY_HAND):
        return True
    return bool(_BY_HAND_MAILER.search(signs.first("x-mailer"))) or "?" in _LINK.sub("", report[:3000])


def _carries_mail(signs: Signs) -> bool:
    return any(a.content_type.startswith(("message/rfc822", "text/rfc822")) for a in signs.mail.attachments)


def _opens_with_refusal(report: str) -> bool:
    """Tell whether it begins with a server's sentence and, on the line after it, the address it is about."""
    lines = [line for line in report[:1500].split("\n") if line.strip(" \t*-=_#|")][:4]
    return any(
        len(following) < 120
        and words.BODY.is_in(plainly(line))
        and not ADDRESS.search(line)
        and _AT_LINE_START.match(following)
        for line, following in pairwise(lines)
    )


def _recipients(signs: Signs, report: str, copy: str) -> list[str]:
    """Return whom it is about: addresses that stand alone or behind a label, else any, else whom the mail was for."""
    mail = signs.mail
    own = {person.email.lower() for person in (mail.from_, mail.sender, *mail.to, *mail.cc) if person}
    strong = list(_addresses(report, strong=True))
    weak = _addresses(report, strong=False) if not strong else []
    found = [one for one in strong if one not in own] or strong or [one for one in weak if one not in own]
    return found or [one for one in original_recipients(mail, copy, report) if one not in own]


def _addresses(report: str, *, strong: bool) -> Iterator[str]:
    lines = (line[:500] for line in report.split("\n", _LINES)[:_LINES])
    for line in lines:
        if _HEADER_LINE.match(line) and not (strong and _LABELLED.match(line)):
            continue
        for address in _on_line(line) if strong else _not_senders(line):
            if not address.lower().startswith(_NOBODY if strong else _HELPERS):
                yield address.lower()


def _not_senders(line: str) -> Iterator[str]:
    """Yield the addresses of a line, without those that are only said to write: `no mail from us@acme.example`."""
    return (one[0] for one in ADDRESS.finditer(line) if not _WRITES.search(line, max(0, one.start() - 12), one.start()))


def _on_line(line: str) -> Iterable[str]:
    if found := _AT_LINE_START.match(line):
        return [found[1]]
    if _ASK.search(line):
        return []
    found = _AT_LINE_END.match(line)
    return [found[1]] if found else _LABELLED.findall(line)


def _diagnostic(report: str) -> str:
    """Return the line with a server's code, else the beginning of what it says."""
    lines = (line[:500] for line in report.split("\n", _LINES)[:_LINES])
    coded = next((line for line in lines if status_in(line)), "")
    return " ".join((coded or report[:1000]).split())[:500]
