"""Making a message of a mail."""

from typing import Any

from mailbox.models import InboundEmail
from tickets.actions.attach import NewFile
from tickets.filing.incoming import Incoming
from tickets.mail import Address
from tickets.models import Contact, Message

ORIGINAL = "original.eml"  # attached to what was not fully understood


def build_message(incoming: Incoming, contact: Contact, *, mailbox_id: Any, flood: str = "") -> Message:
    """Return the message that a mail becomes, in no ticket yet and not saved; `flood` says why it is kept quietly."""
    mail, kind = incoming.mail, incoming.classification
    text = _text(incoming)
    whole = mail.text or text
    message = Message(
        organization_id=incoming.organization_id,
        mailbox_id=mailbox_id,
        direction=Message.Direction.OUTBOUND if incoming.is_answer else Message.Direction.INBOUND,
        inbound=incoming.email,
        sender=None if incoming.is_answer else contact,
        kind=kind.kind,
        kind_reason=kind.reason,
        may_autorespond=kind.may_autorespond and not flood and incoming.forward is None,
        at=incoming.at,
        headers=headers_of(incoming),
        new_text=text,
        whole_text=whole if whole != text else None,
        html=mail.html,
        message_id_digest=incoming.message_id,
        content_digest=incoming.content,
        participants=incoming.participants,
        attachment_count=sum(not file.inline for file in files_of(incoming)),
    )
    if incoming.is_answer:
        message.kind, message.kind_reason = ("auto_reply" if _is_automatic(incoming) else "human"), ""
    elif flood:
        message.kind, message.kind_reason = "loop", f"{flood} {kind.reason}".strip()
    return message


def files_of(incoming: Incoming) -> list[NewFile]:
    """Return what hangs on the message: the mail's own files, and the original where it was not fully understood."""
    found = incoming.mail.attachments
    files = [NewFile(one.name, one.content_type, one.content, one.content_id, one.inline) for one in found]
    if incoming.original is not None:
        files.append(NewFile(ORIGINAL, "message/rfc822", incoming.original))
    return files


def headers_of(incoming: Incoming) -> dict[str, object]:
    """Return who and what as the page needs it. Of a forward, From is who wrote the mail that was passed on."""
    mail, forward = incoming.mail, incoming.forward
    people: dict[str, list[Address]] = {
        "from": [forward.sender] if forward else [mail.from_] if mail.from_ else [],
        "to": mail.to,
        "cc": mail.cc,
        "reply_to": [] if forward else mail.reply_to,
    }
    if forward:
        people["forwarded_by"] = [incoming.from_]
    return {
        **{header: [[a.name, a.email] for a in addresses] for header, addresses in people.items()},
        "delivered_to": list(mail.delivered_to),
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "date": mail.date.isoformat() if mail.date else "",
    }


def snippet_of(text: str) -> str:
    """Return the beginning of a text on one line, for lists."""
    return " ".join(text[:600].split())[:160]


def state_of(incoming: Incoming) -> str:
    """Return how the stored mail ends."""
    return InboundEmail.State.QUARANTINED if incoming.mail.error else InboundEmail.State.FILED


def _text(incoming: Incoming) -> str:
    """Return what is new; of a forward without a word, what the attached original says."""
    text = incoming.mail.reply_text
    return incoming.forward.text if incoming.forward and not text.strip() else text


def _is_automatic(incoming: Incoming) -> bool:
    return incoming.mail.header("auto-submitted").strip().lower() not in ("", "no")
