"""Mail to the operator's own privacy address: a case in the operator's queue, whoever writes."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.sealing.digests import fold_address
from accounts.tenancy import organization_scope
from privacy.actions.requests.asked_by_mail import NOTED, ONCE_IN, asked_in
from privacy.actions.requests.open_request import open_operator_request
from privacy.models import DataSubjectRequest, RequestEvent
from privacy.rights.history import NOBODY, Verb, record
from privacy.rights.wording import guess_language, guess_right
from tickets.models import Message

Source = DataSubjectRequest.Source
LATEST = 500  # cases of one day that are looked at for it


def is_operators(organization: Organization) -> bool:
    """Return whether that is the organization through which the operator itself is reached."""
    return bool(settings.OPERATOR_ORGANIZATION) and organization.slug == settings.OPERATOR_ORGANIZATION


def pass_to_operator(messages: Sequence[Message]) -> None:
    """Ring for each mail once it is filed: the operator's queue is outside what an organization may write to."""
    from privacy.request_tasks import open_for_operator

    for one in messages:
        open_for_operator.delay_on_commit(str(one.organization_id), str(one.pk))


@transaction.atomic
def open_from_mail_to_operator(organization_id: UUID, message_id: UUID) -> DataSubjectRequest | None:
    """Open the case of a mail, with a receipt that says the same to everybody; a second run finds it done.

    Which right is meant is guessed, and nothing is done by it before the officer decided.
    """
    with organization_scope(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        message = Message.objects.filter(pk=message_id).first()
        if message is None or not is_operators(organization):
            return None
        asked, at, ticket_id = asked_in(message), message.at, message.ticket_id
    if asked is None:
        return None
    folded = fold_address(asked.address)
    with connection.cursor() as cursor:  # two workers with the same mail
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [folded])
    own = DataSubjectRequest.objects.of_the_operator().filter(source=Source.MAIL)
    if own.filter(ticket_id=ticket_id, received_at=at).exists():
        return None
    if RequestEvent.objects.filter(request__in=own, verb=Verb.NOTED, at=at).exists():
        return None  # a further mail of a case, noted there
    recent = own.unfinished().filter(created_at__gt=timezone.now() - ONCE_IN).order_by("-created_at")[:LATEST]
    known = next((one for one in recent if fold_address(one.address) == folded), None)
    if known is not None:
        record(known, Verb.NOTED, details=asked.said[:NOTED], at=at)
        return None
    request = open_operator_request(
        right=guess_right(asked.said), source=Source.MAIL, address=asked.address, name=asked.name, said=asked.said,
        ticket_id=ticket_id, language=guess_language(asked.said, organization.language), received_at=at, by=NOBODY,
    )  # fmt: skip
    record(request, Verb.NOTED, details=_("Which right is meant was guessed from the words of the mail: decide it."))
    return request
