"""What the pages of a case share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.requests import DeskRequest
from privacy.models import DataSubjectRequest
from privacy.rights.history import Actor


def case_or_404(request: DeskRequest, request_id: UUID) -> DataSubjectRequest:
    """Return the case, of this organization's queue."""
    own = DataSubjectRequest.objects.filter(organization=request.organization)
    cases = own.select_related("organization", "approved_by__user")
    return get_object_or_404(cases, pk=request_id)


def actor(request: DeskRequest) -> Actor:
    """Return who does it."""
    return Actor(request.membership)


def to_case(request: DeskRequest, found: DataSubjectRequest, said: str = "", fragment: str = "") -> HttpResponse:
    """Lead back to the case, with a word on what was done."""
    if said:
        messages.success(request, said)
    response: Any = redirect("rights:case", request.organization.slug, found.pk)
    if fragment:
        response["Location"] += f"#{fragment}"
    return response


def then_case(request: DeskRequest, found: DataSubjectRequest, act: Callable[[], Any], said: str) -> HttpResponse:
    """Do something with a case and lead back to it."""
    act()
    return to_case(request, found, said)
