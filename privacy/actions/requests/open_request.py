"""Intake: however it comes, a request is a case with a number, a clock and a receipt."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Organization, User
from accounts.sealing.digests import address_digest
from accounts.tokens import new_token
from privacy.actions.requests.letters import write_letter
from privacy.models import DataSubjectRequest, IdentityEvidence, RequestLetter
from privacy.rights.clock import ZONE, Clock
from privacy.rights.history import NOBODY, Actor, Verb, record
from privacy.rights.letters import LANGUAGES, link_of
from tickets.models import ContactAddress

Queue, Identity = DataSubjectRequest.Queue, DataSubjectRequest.Identity
MAX_SAID = 20_000


@transaction.atomic
def open_request(
    organization: Organization,
    *,
    right: str,
    source: str,
    address: str,
    name: str = "",
    said: str = "",
    asks: dict[str, Any] | None = None,
    language: str = "",
    received_at: datetime | None = None,
    ticket_id: UUID | None = None,
    mailbox_id: UUID | None = None,
    by: Actor = NOBODY,
) -> DataSubjectRequest:
    """Open a case in an organization's queue and send the receipt; known and unknown addresses get the same one.

    The contact, where there is one, is noted for the reviewer alone.
    """
    found_by = address_digest(organization.pk, address)
    known = ContactAddress.objects.filter(digest=found_by).select_related("contact").first()
    request = _new(Queue.ORGANIZATION, organization, right, source, language or organization.language, received_at)
    request.person = {"name": " ".join(name.split())[:200], "address": address.strip(), "more": []}
    request.said, request.asks = said[:MAX_SAID], asks
    request.address_digest = found_by
    request.contact_id = (known.contact.merged_into_id or known.contact_id) if known else None
    request.ticket_id, request.mailbox_id = ticket_id, mailbox_id
    token, request.token_hash = new_token()
    request.save(force_insert=True)
    record(request, Verb.RECEIVED, by=by)
    write_letter(request, RequestLetter.Kind.RECEIPT, by=by, url=link_of(request, "confirm", token))
    return request


@transaction.atomic
def open_user_request(
    user: User, *, right: str, said: str = "", asks: dict[str, Any] | None = None, received_at: datetime | None = None
) -> DataSubjectRequest:
    """Open a case of a person who is signed in, in the operator's queue: being signed in shows who asks."""
    request = _new(Queue.OPERATOR, None, right, DataSubjectRequest.Source.ACCOUNT, user.language, received_at)
    request.person = {"name": user.name, "address": user.email, "more": []}
    request.user, request.said, request.asks = user, said[:MAX_SAID], asks
    request.identity = Identity.CONFIRMED
    token, request.token_hash = new_token()
    request.save(force_insert=True)
    record(request, Verb.RECEIVED)
    IdentityEvidence.objects.create(request=request, way=IdentityEvidence.Way.ACCOUNT, is_the_person=True)
    record(request, Verb.CONFIRMED)
    write_letter(request, RequestLetter.Kind.RECEIPT, url=link_of(request, "confirm", token))
    return request


@transaction.atomic
def open_operator_request(
    *, right: str, address: str, name: str = "", said: str = "", language: str = "",
    received_at: datetime | None = None, source: str = DataSubjectRequest.Source.HAND, ticket_id: UUID | None = None,
    by: Actor,
) -> DataSubjectRequest:  # fmt: skip
    """Open a case in the operator's queue for somebody who wrote to the operator: by hand, or by mail.

    A user of that address is noted; whoever has no account is a contact of some organization, or nobody, and gets a
    referral that says neither.
    """
    request = _new(Queue.OPERATOR, None, right, source, language, received_at)
    request.person = {"name": " ".join(name.split())[:200], "address": address.strip(), "more": []}
    request.said, request.ticket_id = said[:MAX_SAID], ticket_id
    request.user = User.objects.filter(email=address.strip().lower()).first()
    token, request.token_hash = new_token()
    request.save(force_insert=True)
    record(request, Verb.RECEIVED, by=by)
    write_letter(request, RequestLetter.Kind.RECEIPT, url=link_of(request, "confirm", token))
    return request


def _new(
    queue: str, organization: Organization | None, right: str, source: str, language: str, received_at: datetime | None
) -> DataSubjectRequest:
    """Return a case with the next number of its queue and year, held until the transaction ends."""
    received_at = min(received_at or timezone.now(), timezone.now())
    year = received_at.astimezone(ZONE).year
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 6))", [f"{organization and organization.pk}"])
    same = DataSubjectRequest.objects.filter(organization=organization, year=year)
    return DataSubjectRequest(
        organization=organization,
        queue=queue,
        year=year,
        number=(same.aggregate(last=Max("number"))["last"] or 0) + 1,
        right=right,
        source=source,
        language=language if language in LANGUAGES else settings.LANGUAGE_CODE,
        received_at=received_at,
        due_at=Clock(received_at).due_at,
    )
