"""Passing a request on: who wrote to the operator and named the company they mean."""

from django.db import transaction
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import open_organization
from privacy.actions.requests.identity import refuse_closed, resume
from privacy.actions.requests.open_request import open_request
from privacy.models import DataSubjectRequest
from privacy.rights.history import Actor, Verb, record


@transaction.atomic
def forward_request(request: DataSubjectRequest, *, slug: str, by: Actor) -> None:
    """Open the case at the organization the person named, with the day it came to us, and close ours.

    The organization's receipt tells the person; nobody is told whether anything is known there, the operator included.
    """
    request.lock()
    refuse_closed(request)
    organization = open_organization(slug.strip().lower())
    if request.is_of_organization or organization is None:
        raise ActionRefused("There is no organization at that address.")
    with organization_scope(organization):
        open_request(
            organization,
            right=request.right,
            source=DataSubjectRequest.Source.HAND,
            address=request.address,
            name=request.name,
            said=request.said,
            language=request.language,
            received_at=request.received_at,
        )
    resume(request)
    request.closed_at, request.outcome = timezone.now(), DataSubjectRequest.Outcome.DONE
    request.save(update_fields=["closed_at", "outcome", "paused_at", "paused", "due_at"])
    record(request, Verb.FORWARDED, by=by, details=organization.slug)
