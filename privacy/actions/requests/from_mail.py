"""Mail that is a request, or answers a letter of one."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Organization
from accounts.sealing.digests import address_digest, fold_address
from mailbox.message_ids import email_id_of
from mailbox.models import Mailbox
from privacy.actions.requests.asked_by_mail import NOTED, ONCE_IN, asked_in
from privacy.actions.requests.identity import answer_question
from privacy.actions.requests.open_request import open_request
from privacy.actions.requests.to_operator import is_operators, pass_to_operator
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.history import NOBODY, Actor, Verb, record
from privacy.rights.wording import guess_language, guess_right
from tickets.models import Message, Ticket

Source = DataSubjectRequest.Source
RUNG_AGAIN, RUNG_AFTER = timedelta(days=2), timedelta(minutes=10)


def open_from_mail(messages: Sequence[Message]) -> list[DataSubjectRequest]:
    """Open a case for each of these freshly filed mails that came to a privacy address.

    What came to the operator's own is passed on to the operator's queue.
    """
    wanted = _to_privacy_addresses(messages)
    if wanted and is_operators(Organization.objects.get(pk=wanted[0].organization_id)):
        pass_to_operator(wanted)
        return []
    return [request for message in wanted if (request := _open(message, Source.MAIL, NOBODY))]


def pass_on_again() -> None:
    """Ring once more for what came to the operator's own privacy address lately; in the scope of its organization.

    A bell that was lost with its queue is made up for; where the case was opened, nothing changes.
    """
    now = timezone.now()
    lately = Message.objects.filter(
        direction=Message.Direction.INBOUND, may_autorespond=True, at__gt=now - RUNG_AGAIN, at__lt=now - RUNG_AFTER
    )
    found = _to_privacy_addresses(lately.filter(mailbox__privacy_address__isnull=False).order_by("at", "pk"))
    pass_to_operator([one for one in found if _answered_letter(one) is None])


@transaction.atomic
def open_from_ticket(ticket: Ticket, *, by: Actor) -> DataSubjectRequest:
    """Make a case of a ticket: of the newest mail its contact wrote."""
    message = ticket.messages.filter(direction=Message.Direction.INBOUND).order_by("-at", "-pk").first()
    if message is None:
        raise ActionRefused(_("Nobody wrote to us in this ticket."))
    known = DataSubjectRequest.objects.unfinished().filter(ticket_id=ticket.pk).first()
    if known is not None:
        raise ActionRefused(_("This ticket is the case %(number)s already.") % {"number": known.case_number})
    request = _open(message, Source.MAIL, by)
    if request is None:
        raise ActionRefused(_("There is no address to answer to."))
    return request


def answer_by_mail(message: Message) -> bool:
    """Take a mail that answers a letter of a case into the case; return whether it does."""
    letter = _answered_letter(message)
    if letter is None:
        return False
    request = letter.request
    if request.address_digest is None or bytes(request.address_digest) not in _writer(message):
        record(request, Verb.NOTED, details=_("Somebody else answered a letter of this case: look at the ticket."))
        return True
    open_ones = list(request.requestquestions.filter(answered_at=None).order_by("asked_at"))
    for question in open_ones:
        answer_question(question, answer=message.new_text)
    if not open_ones:
        record(request, Verb.NOTED, details=message.new_text[:NOTED])
    return True


def _open(message: Message, source: str, by: Actor) -> DataSubjectRequest | None:
    asked = asked_in(message)
    if asked is None:
        return None
    found_by = address_digest(message.organization_id, asked.address)
    recent = DataSubjectRequest.objects.unfinished().filter(
        address_digest=found_by, source=Source.MAIL, created_at__gt=timezone.now() - ONCE_IN
    )
    known = recent.first()
    if known is not None and by == NOBODY:
        record(known, Verb.NOTED, details=message.new_text[:NOTED])
        return None
    organization = Organization.objects.get(pk=message.organization_id)
    return open_request(
        organization,
        right=guess_right(asked.said),
        source=source,
        name=asked.name,
        address=asked.address,
        said=asked.said,
        language=guess_language(asked.said, organization.language),
        received_at=message.at,
        ticket_id=message.ticket_id,
        mailbox_id=message.mailbox_id,
        by=by,
    )


def _answered_letter(message: Message) -> RequestLetter | None:
    named = [message.headers.get("in_reply_to", ""), *message.headers.get("references", [])]
    ids = [found for one in named if one and (found := email_id_of(message.organization_id, one))]
    return RequestLetter.objects.filter(outbound_id__in=ids).select_related("request").order_by("-pk").first()


def _to_privacy_addresses(messages: Iterable[Message]) -> list[Message]:
    messages = list(messages)
    mailboxes = Mailbox.objects.filter(pk__in={one.mailbox_id for one in messages}, privacy_address__isnull=False)
    addresses = {one.pk: fold_address(one.privacy_address) for one in mailboxes if one.privacy_address}
    return [one for one in messages if addresses.get(one.mailbox_id) in _received_at(one)]


def _received_at(message: Message) -> set[str]:
    people = [address for header in ("to", "cc") for _name, address in message.people(header)]
    return {fold_address(str(one)) for one in [*people, *message.headers.get("delivered_to", [])]}


def _writer(message: Message) -> set[bytes]:
    return {address_digest(message.organization_id, address) for _name, address in message.people("from")}
