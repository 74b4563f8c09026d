"""Carrying single rights out, from the page of a case."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from privacy.actions.requests import erase_person
from privacy.actions.requests import rights as actions
from privacy.right_forms import LiftForm, PurposeForm, RectifyForm
from privacy.views.requests.case import case_page
from privacy.views.requests.common import actor, case_or_404, then_case, to_case


@require_POST
@admins_only
def approve(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Approve the plan of an erasure, and begin it."""
    found = case_or_404(request, request_id)
    said = _("Approved. The erasure is running; the letter leaves when nothing is left.")
    return then_case(request, found, lambda: erase_person.approve_plan(found, by=actor(request)), said)


@require_POST
@admins_only
def rectify(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Correct the name."""
    found, form = case_or_404(request, request_id), RectifyForm(request.POST)
    if not form.is_valid():
        return case_page(request, found, rectify_form=form)
    actions.rectify_person(found, name=form.cleaned_data["name"], by=actor(request))
    return to_case(request, found, _("Corrected. Later mail does not change it back."))


@require_POST
@admins_only
def restrict(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Only store what there is about the person."""
    found = case_or_404(request, request_id)
    said = _("Restricted. What there is about the person is only stored now.")
    return then_case(request, found, lambda: actions.restrict_person(found, by=actor(request)), said)


@require_POST
@admins_only
def announce(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Tell the person that a restriction ends."""
    found, form = case_or_404(request, request_id), LiftForm(request.POST)
    if not form.is_valid():
        return case_page(request, found, lift_form=form)
    actions.announce_lifting(found, reason=form.cleaned_data["reason"], by=actor(request))
    return to_case(request, found, _("The person is told. In a week the restriction can be ended."))


@require_POST
@admins_only
def lift(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """End a restriction."""
    found = case_or_404(request, request_id)
    return then_case(
        request, found, lambda: actions.lift_restriction(found, by=actor(request)), _("The restriction has ended.")
    )


@require_POST
@admins_only
def object_(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Stop a purpose that is objected to."""
    found, form = case_or_404(request, request_id), PurposeForm(request.POST)
    if not form.is_valid():
        return case_page(request, found, purpose_form=form)
    actions.object_for_person(found, purpose=form.cleaned_data["purpose"], by=actor(request))
    return to_case(request, found, _("Stopped."))


@require_POST
@admins_only
def withdraw(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """End a consent."""
    found, form = case_or_404(request, request_id), PurposeForm(request.POST)
    if not form.is_valid():
        return case_page(request, found, purpose_form=form)
    actions.withdraw_for_person(found, purpose=form.cleaned_data["purpose"], by=actor(request))
    return to_case(request, found, _("Withdrawn."))
