"""May a machine answer this mail? The one place that says so, for acknowledgements and whatever else answers by itself.

An automatic answer is an outbound Message without an author whose kind is `auto_reply`: so it is counted.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.sealing.digests import address_digest
from mailbox.models import Mailbox
from tickets.mail import Address, ParsedMail, classify
from tickets.models import ContactAddress, Message

AUTOMATIC = "auto_reply"
ONE_FOR_A_SENDER = timedelta(days=1)
TOO_OLD = timedelta(days=1)  # of a first sync, or of a mailbox that stood still: nobody expects a receipt any more
OF_A_TICKET = 5  # mails of one sender in one ticket within an hour; more looks like two machines talking
OF_AN_ORGANIZATION = 200  # automatic answers of an hour; then something is wrong, whatever it is
HOUR = timedelta(hours=1)


def may_answer_automatically(message: Message) -> tuple[bool, str]:
    """Return whether a machine may answer this mail now, and why not in words an agent can read.

    Ask inside the transaction that then writes the answer: others who ask for the same organization wait until it ends,
    so that two mails of one sender cannot both be the first of the day.
    """
    if message.is_outbound:
        return False, _("It is a mail of ours.")
    if not message.may_autorespond:
        return False, message.kind_reason or _("Its sort is never answered by a machine.")
    to = _addressees(message)
    reason = _about_mail(message) or _about_addresses(message.organization_id, to)
    if not reason:
        _take_turns(message.organization_id)
        reason = _about_counts(message, to)
    return not reason, reason


def _addressees(message: Message) -> list[str]:
    """Return who would get the answer, and who wrote: neither may be a machine or ourselves."""
    people = [*message.people("reply_to"), *message.people("from")]
    return list(dict.fromkeys(address for _name, address in people if address))


def _about_mail(message: Message) -> str:
    if message.inbound is None or message.inbound.is_imported:
        return _("It was imported: it is history.")
    if message.at < timezone.now() - TOO_OLD:
        return _("It is more than a day old.")
    return ""


def _about_addresses(organization_id: UUID, addresses: list[str]) -> str:
    if not addresses:
        return _("It names no sender.")
    for address in addresses:
        as_sender = classify(ParsedMail(from_=Address("", address)))  # knows addresses that take no answers
        if not as_sender.may_autorespond:
            return as_sender.reason
    digests = [address_digest(organization_id, address) for address in addresses]
    if Mailbox.objects.filter(address_digest__in=digests).exists():  # a disconnected one is still ours
        return _("It comes from one of our own addresses.")
    known = ContactAddress.objects.filter(digest__in=digests)
    for bounced_at, *blocked in known.values_list("bounced_at", "blocked_at", "contact__blocked_at"):
        if any(blocked):
            return _("Its sender is blocked.")
        if bounced_at is not None:
            return _("Mail to this address could not be delivered lately.")
    return ""


def _about_counts(message: Message, addresses: list[str]) -> str:
    now = timezone.now()
    digests = {address_digest(message.organization_id, address) for address in addresses}
    of_today = automatic_answers(since=now - ONE_FOR_A_SENDER)
    if any(digests & {bytes(one) for one in people} for people in of_today.values_list("participants", flat=True)):
        return _("This sender had an automatic answer within a day.")
    by_sender = message.ticket.messages.filter(sender=message.sender, at__gt=now - HOUR)
    if by_sender.count() > OF_A_TICKET:
        return _("This sender wrote more than %(count)d mails to this ticket within an hour.") % {"count": OF_A_TICKET}
    if automatic_answers(since=now - HOUR).count() >= OF_AN_ORGANIZATION:
        return _("%(count)d automatic answers left within an hour: no more leave for now.") % {
            "count": OF_AN_ORGANIZATION
        }
    return ""


def automatic_answers(*, since: datetime) -> QuerySet[Message]:
    """Return what machines answered in the open scope since then."""
    return Message.objects.filter(direction=Message.Direction.OUTBOUND, kind=AUTOMATIC, at__gte=since)


def _take_turns(organization_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [str(organization_id)])
