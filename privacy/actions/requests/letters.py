"""Letters of a case: written, sent once, and never lost in silence."""

from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from accounts.ids import uuid7
from mailbox.actions.queue_email import queue_email
from mailbox.addresses import CannotBeSentTo, sendable
from mailbox.bodies import Body
from mailbox.compose import compose
from mailbox.models import Mailbox, OutboundEmail
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.history import NOBODY, Actor, Verb, record
from privacy.rights.letters import render_letter

Kind, State = RequestLetter.Kind, RequestLetter.State


@transaction.atomic
def write_letter(request: DataSubjectRequest, kind: str, *, by: Actor = NOBODY, **context: Any) -> RequestLetter:
    """Write a letter in the person's language and ring for it once this commits."""
    from privacy.request_tasks import send_request_letter, send_user_letter

    subject, text = render_letter(request, kind, **context)
    letter = RequestLetter.objects.create(
        organization_id=request.organization_id,
        request=request,
        kind=kind,
        language=request.language,
        subject=subject,
        text=text,
        address=request.address,
        by=by.member,
    )
    if request.organization_id:
        send_request_letter.delay_on_commit(str(request.organization_id), str(letter.pk))
    else:
        send_user_letter.delay_on_commit(str(letter.pk))
    return letter


@transaction.atomic
def put_letter_into_outbox(letter_id: UUID) -> None:
    """Queue an organization's letter in a mailbox; one that left is left alone, one without a mailbox waits."""
    letter = _waiting(letter_id)
    if letter is None:
        return
    request = letter.request
    mailbox = mailbox_for(request)
    try:
        address = sendable(letter.address)
    except CannotBeSentTo:
        _failed(letter)
        return
    if mailbox is None:
        _note_waiting(letter)
        return
    email_id = uuid7()
    raw = compose(
        email_id=email_id,
        mailbox=mailbox,
        sender_name=mailbox.sender_name or (request.organization.name if request.organization else ""),
        to=[("", address)],
        subject=letter.subject,
        body=Body(letter.text),
        automatic=letter.by_id is None,
    )
    queue_email(mailbox, email_id=email_id, raw=raw, conversation=request.pk)
    letter.outbound_id = email_id
    _left(letter)


def mail_user_letter(letter_id: UUID) -> None:
    """Send a letter of the operator as service mail, once; the row is claimed before and given back where it fails."""
    with transaction.atomic():
        letter = _waiting(letter_id)
        if letter is None:
            return
        mail = EmailMessage(letter.subject, letter.text, to=[letter.address])
        _left(letter)
    try:
        mail.send()
    except Exception:
        with transaction.atomic():
            letter.lock()
            letter.state, letter.sent_at = State.WAITING, None
            letter.save(update_fields=["state", "sent_at"])
            record(letter.request, Verb.NOT_SENT)
        raise


def mailbox_for(request: DataSubjectRequest) -> Mailbox | None:
    """Return through which mailbox letters leave: the one it came by, else the privacy address's, else the oldest."""
    active = Mailbox.objects.active()
    if request.mailbox_id and (own := active.filter(pk=request.mailbox_id).first()):
        return own
    found = list(active.order_by("connected_at"))
    return next((one for one in found if one.privacy_address), None) or next(iter(found), None)


def letter_failed(email: OutboundEmail) -> bool:
    """Note that the mail of a letter will not leave, so that the board shows it; return whether it was one."""
    letter = RequestLetter.objects.select_related("request").filter(outbound_id=email.pk).first()
    if letter is not None:
        _failed(letter)
    return letter is not None


def forget_outgoing(email: OutboundEmail) -> bool:
    """Empty the outbox's copy of a letter that left: the case has it, and an erased person's address stays nowhere."""
    if not RequestLetter.objects.filter(outbound_id=email.pk).exists():
        return False
    email.raw_file.delete()
    email.keep_raw(b"")
    email.save(update_fields=["raw_inline", "size"])
    return True


def _waiting(letter_id: UUID) -> RequestLetter | None:
    held = RequestLetter.objects.select_for_update(of=("self",)).select_related("request__organization")
    return held.filter(pk=letter_id, state=State.WAITING).first()


def _left(letter: RequestLetter) -> None:
    letter.state, letter.sent_at = State.SENT, timezone.now()
    letter.attempts += 1
    letter.save(update_fields=["state", "sent_at", "outbound_id", "attempts"])
    record(letter.request, Verb.LETTER, by=Actor(letter.by), details=letter.kind)


def _failed(letter: RequestLetter) -> None:
    letter.state = State.FAILED
    letter.save(update_fields=["state"])
    record(letter.request, Verb.NOT_SENT, details=letter.kind)


def _note_waiting(letter: RequestLetter) -> None:
    letter.attempts += 1
    letter.save(update_fields=["attempts"])
    if letter.attempts == 1:
        record(letter.request, Verb.NOT_SENT, details=letter.kind)
