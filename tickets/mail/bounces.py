"""Reports about the delivery of another mail: failed, late, arrived or read."""

import re
from dataclasses import replace

from tickets.mail import bounce_words as words
from tickets.mail.bounce_prose import failed_recipients, is_report, read_words, split_report
from tickets.mail.delivery_status import ADDRESS, read_status, recipients_in
from tickets.mail.model import BounceInfo
from tickets.mail.originals import original_message_id, plain
from tickets.mail.phrases import plainly
from tickets.mail.signs import Signs

_DISPOSITION = "message/disposition-notification"
_LINE_WITH_ADDRESS = re.compile(r"^[ \t>*<\"'-]{0,8}" + ADDRESS.pattern, re.MULTILINE)
_REJECTED = re.compile(r"reject|refus|abgelehnt|rechazad|rifiutat|rejeitad|geweigerd|odrzuc|отклон", re.IGNORECASE)


def read_delivery(signs: Signs) -> tuple[str, BounceInfo] | None:
    """Return ("bounce", "delay" or "receipt", details) of a report on delivery, or None when the mail is none."""
    if not _may_be_report(signs):
        return None
    report, copy = split_report(signs.mail.text)
    named = failed_recipients(signs)
    formal = read_status(signs)
    if formal is None and not is_report(signs, report, named):
        return None
    kind, info = formal or read_words(signs, report, copy, named)
    if formal and not info.recipients and kind != "receipt":  # its fields name nobody; its words do
        told = read_words(signs, report, copy, named)[1]
        info = replace(info, recipients=told.recipients, status=info.status or told.status)
    return kind, replace(info, message_id=original_message_id(signs))


def read_disposition(signs: Signs) -> tuple[str, BounceInfo] | None:
    """Return ("receipt" or "bounce", details) of a notification that a mail was shown, deleted or turned away."""
    mail = signs.mail
    part = next((a for a in mail.attachments if a.content_type == _DISPOSITION), None)
    if part is None and mail.report_type != "disposition-notification":
        return _read_in_words(signs)
    fields = plain(part.content) if part else ""
    recipients = recipients_in(fields)
    message_id = original_message_id(signs)
    automatic = "automatic-action" in fields.lower() and "displayed" not in fields.lower()
    if automatic and (_REJECTED.search(signs.first("auto-submitted")) or _REJECTED.search(mail.text[:500])):
        return "bounce", BounceInfo(recipients, "", " ".join(mail.text[:300].split()), True, message_id)
    return "receipt", BounceInfo(recipients, "", "", False, message_id)


def _read_in_words(signs: Signs) -> tuple[str, BounceInfo] | None:
    """Return a receipt in plain words, as Exchange and groupware write it beside their own format."""
    mail = signs.mail
    found = words.READ.match(mail.subject[:200])
    if not found or mail.quoted_lines or "?" in mail.text[:600]:
        return None
    if len(mail.text) < 1500 and words.WAS_READ.is_in(plainly(mail.text[:600])):
        return "receipt", BounceInfo(permanent=False, message_id=original_message_id(signs))
    return None


def _may_be_report(signs: Signs) -> bool:
    """Tell quickly whether a closer look is worth while: most mail comes from people."""
    mail = signs.mail
    return (
        signs.is_machine
        or signs.is_postmaster
        or mail.content_type == "multipart/report"
        or "x-failed-recipients" in signs.values
        or "x-ms-exchange-message-is-ndr" in signs.values
        or any(a.content_type.endswith("delivery-status") for a in mail.attachments)
        or bool(words.SUBJECT.match(mail.subject[:300]))
        or ("@" in mail.text[:600] and bool(_LINE_WITH_ADDRESS.search(mail.text[:600])))
    )
