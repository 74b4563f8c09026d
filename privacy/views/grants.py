"""Grants: when the operator's staff looks into this organization, why, and how to end it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access_log import opened, saw
from accounts.actions.grant_access import agree_as_admin, end_access, set_whether_admins_agree_first
from accounts.decorators import admins_only
from accounts.models import AccessEvent, AccessGrant
from accounts.requests import DeskRequest
from accounts.sealing.errors import SealingError
from privacy.access_shown import names_of, person, short

SHOWN = 50


@require_safe
@admins_only
def grants(request: DeskRequest) -> HttpResponse:
    """List the newest grants with what was opened under each."""
    found = list(AccessGrant.objects.filter(organization_id=request.organization.pk).order_by("-asked_at")[:SHOWN])
    saw(request, found)
    people = names_of(request.organization) if found else {}
    own = AccessEvent.objects.filter(organization_id=request.organization.pk, grant_id__in=[one.pk for one in found])
    counts = dict(own.order_by().values_list("grant_id").annotate(Count("pk")))
    context = {
        "organization": request.organization,
        "membership": request.membership,
        "grants": [_row(one, people) | {"count": counts.get(one.pk, 0)} for one in found],
    }
    return render(request, "privacy/grants.html", context)


@require_POST
@admins_only
def agree(request: DeskRequest, grant_id: UUID) -> HttpResponse:
    """Agree that staff looks in."""
    agree_as_admin(_own(request, grant_id), by=request.membership)
    messages.success(request, _("Agreed. Every page they open is in the access log."))
    return redirect("privacy:grants", request.organization.slug)


@require_POST
@admins_only
def end(request: DeskRequest, grant_id: UUID) -> HttpResponse:
    """End it at once, or refuse what waits."""
    end_access(_own(request, grant_id), by_user_id=request.user.pk)
    messages.success(request, _("Ended. Nothing more is shown under it."))
    return redirect("privacy:grants", request.organization.slug)


@require_POST
@admins_only
def agree_first(request: DeskRequest) -> HttpResponse:
    """Set whether an admin must agree before anything is shown."""
    first = request.POST.get("first") == "yes"
    set_whether_admins_agree_first(request.organization, first=first, by=request.membership)
    messages.success(request, _("Saved."))
    return redirect("privacy:grants", request.organization.slug)


def _own(request: DeskRequest, grant_id: UUID) -> AccessGrant:
    found = get_object_or_404(AccessGrant, organization_id=request.organization.pk, pk=grant_id)
    opened(request, found)
    return found


def _row(grant: AccessGrant, people: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": grant.pk,
        "staff": short(grant.staff_id),
        "purpose": grant.get_purpose_display(),
        "reason": _reason(grant),
        "hours": grant.hours,
        "asked_at": grant.asked_at,
        "begins_at": grant.begins_at,
        "ends_at": grant.ends_at,
        "revoked_at": grant.revoked_at,
        "revoked_by": person(grant.revoked_by_id, people, is_staff=grant.revoked_by_id not in people),
        "is_active": grant.is_active,
        "is_waiting": grant.is_waiting,
        "waits_for_us": "admin" in grant.waits_for,
    }


def _reason(grant: AccessGrant) -> str:
    try:
        return grant.reason or ""
    except SealingError:
        return ""
