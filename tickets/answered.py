"""Which mail an answer answers, and what it refers to so that every mail program shows it in the thread."""

from django.db.models import QuerySet

from mailbox.models import OutboundEmail
from tickets.models import Message, Ticket
from tickets.subjects import is_answer, plain_subject

MAX_REFERENCES = 40
# What a program wrote by itself: nobody waits for an answer to it.
BY_ITSELF = frozenset({"auto_reply", "out_of_office", "receipt", "delay", "bounce", "abuse", "loop"})


def mail_to_answer(ticket: Ticket) -> Message | None:
    """Return the newest mail from outside that somebody wrote; where nobody did, the newest at all from outside."""
    inbound = _newest_first(ticket.messages.filter(direction=Message.Direction.INBOUND))
    return inbound.exclude(kind__in=BY_ITSELF).first() or inbound.first()


def newest_of(messages: list[Message]) -> Message | None:
    """Return the same mail from the messages of a ticket, oldest first, that are at hand."""
    inbound = [one for one in messages if not one.is_outbound]
    written = [one for one in inbound if one.kind not in BY_ITSELF]
    found = written or inbound
    return found[-1] if found else None


def refers_to(ticket: Ticket, answered: Message | None) -> tuple[str, list[str]]:
    """Return the id that is answered, and the chain before it, oldest first.

    That is the mail which is answered, or our own last word about it where we go on before anybody wrote back. What
    never left, and what a program wrote by itself, is no part of the thread.
    """
    newest = _last_word(ticket, answered) or answered
    if newest is None:
        return "", []
    own = str(newest.headers.get("message_id", ""))
    provider_id = newest.outbound.provider_message_id if newest.outbound else ""
    before = newest.headers.get("references") or [newest.headers.get("in_reply_to", "")]
    references = [named for named in dict.fromkeys([*before, own, provider_id]) if named]
    return provider_id or own, references[:1] + references[1:][-MAX_REFERENCES:]


def _last_word(ticket: Ticket, answered: Message | None) -> Message | None:
    """Return the newest mail of ours that answers that one, or goes on from one that does."""
    ours = ticket.messages.filter(direction=Message.Direction.OUTBOUND).exclude(message_id_digest=None)
    ours = ours.exclude(kind__in=BY_ITSELF).exclude(outbound__state=OutboundEmail.State.FAILED)
    ours = ours.select_related("outbound").defer("outbound__raw_inline", "html", "whole_text")
    if answered is None:
        return _newest_first(ours).first()
    thread, last = {str(answered.headers.get("message_id", ""))} - {""}, None
    for one in ours.filter(at__gte=answered.at).order_by("at", "id"):
        if one.headers.get("in_reply_to", "") in thread:
            thread |= {str(one.headers.get("message_id", "")), one.outbound.provider_message_id if one.outbound else ""}
            last = one
    return last


def answer_subject(ticket: Ticket, answered: Message | None) -> str:
    """Return the subject of an answer: always the same words, unless the mail that is answered goes by another one."""
    subject = ticket.subject
    if answered is not None and plain_subject(str(answered.headers.get("subject", ""))) != plain_subject(subject):
        subject = str(answered.headers.get("subject", ""))
    return subject if is_answer(subject) else f"Re: {subject}".strip()


def _newest_first(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.order_by("-at", "-id")
