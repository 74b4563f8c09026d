"""The reviewer's page: what was found about a person, place by place, and what becomes of each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import admins_only
from accounts.ids import id_or_none
from accounts.requests import DeskRequest
from accounts.sealing.errors import SealingError
from privacy.actions.requests.find_person import decide_finding, look_for_person
from privacy.models import DataSubjectRequest, RequestFinding
from privacy.right_forms import DecideForm
from privacy.rights.finding.words import texts_of
from privacy.rights.plan import plan_of
from privacy.views.requests.common import actor, case_or_404, then_case
from tickets.models import Message, Ticket

PAGE = 50
EXCERPT = 300
Role, Decision, Right = RequestFinding.Role, RequestFinding.Decision, DataSubjectRequest.Right
GIVING = (Decision.INCLUDE, Decision.EXCLUDE)
ERASING = (Decision.DELETE, Decision.REDACT, Decision.KEEP)


@dataclass(frozen=True)
class Place:
    """One finding as a person reads it."""

    finding: RequestFinding
    kind: str
    where: str
    url: str
    text: str


@require_POST
@admins_only
def look(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Begin to look everything through."""
    found = case_or_404(request, request_id)
    said = _("Everything is being looked through. This page shows what is found so far.")
    return then_case(request, found, lambda: look_for_person(found, by=actor(request)), said)


@require_safe
@admins_only
def found(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Show what was found, a page at a time: what is open first, or one role, or all."""
    case = case_or_404(request, request_id)
    role = request.GET.get("role", "")
    findings = case.requestfindings.order_by("pk")
    if role in Role.values:
        findings = findings.filter(role=role)
    elif request.GET.get("show") != "all":
        findings = findings.filter(decision=Decision.OPEN)
    before = request.GET.get("after", "")
    if before:
        findings = findings.filter(pk__gt=id_or_none(before) or UUID(int=0))
    some = list(findings.select_related("decided_by__user")[: PAGE + 1])
    places = [_place(request, one) for one in some[:PAGE]]
    choices = ERASING if case.right == Right.ERASURE else GIVING
    context = {
        "organization": request.organization,
        "membership": request.membership,
        "case": case,
        "places": places,
        "plan": plan_of(case),
        "open_count": case.requestfindings.filter(decision=Decision.OPEN).count(),
        "roles": [(value, label) for value, label in Role.choices],
        "role": role,
        "shows_all": request.GET.get("show") == "all",
        "choices": [(one.value, one.label) for one in choices],
        "may_decide": not case.is_closed and case.approved_at is None,
        "older": some[PAGE - 1].pk if len(some) > PAGE else None,
    }
    return render(request, "privacy/requests/found.html", context)


@require_POST
@admins_only
def decide(request: DeskRequest, request_id: UUID, finding_id: UUID) -> HttpResponse:
    """Decide one place, and go back to the list."""
    case = case_or_404(request, request_id)
    finding = get_object_or_404(case.requestfindings, pk=finding_id)
    form = DecideForm(request.POST)
    if form.is_valid():
        decide_finding(finding, **form.cleaned_data, by=actor(request))
    back = reverse("rights:found", args=[request.organization.slug, case.pk])
    asked = request.GET.urlencode()
    return redirect(f"{back}?{asked}" if asked else back)


def _place(request: DeskRequest, finding: RequestFinding) -> Place:
    model = apps.get_model(finding.model)
    row = model._base_manager.filter(pk=finding.row_id).first()
    tickets = Ticket.objects.with_locked_for(request.membership)
    ticket = tickets.filter(pk=finding.ticket_id).first() if finding.ticket_id else None
    url = reverse("tickets:ticket", args=[request.organization.slug, ticket.number]) if ticket else ""
    where = _("Ticket %(number)d") % {"number": ticket.number} if ticket else ""
    return Place(finding, str(model._meta.verbose_name), where, url, finding.excerpt or _text(row))


def _text(row: Any) -> str:
    if row is None:
        return _("It is gone already.")
    try:
        text = row.new_text if isinstance(row, Message) else " · ".join(filter(None, texts_of(row)))
    except SealingError:
        return _("Its key was destroyed: nobody can read it any more.")
    shown = " ".join(text.split())
    return shown if len(shown) <= EXCERPT else f"{shown[:EXCERPT]}…"
