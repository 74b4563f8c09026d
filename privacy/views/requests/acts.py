"""Acts on a case: change it, ask, extend, refuse, close."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from privacy.actions.requests import change_request, close_request, extend, identity
from privacy.request_forms import AnswerForm, ChangeForm, QuestionForm, ReasonForm
from privacy.views.requests.case import case_page
from privacy.views.requests.common import actor, case_or_404, then_case, to_case


@require_POST
@admins_only
def change(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Correct which right is meant, and name more addresses of the same person."""
    found, form = case_or_404(request, request_id), ChangeForm(request.POST)
    if not form.is_valid():
        return case_page(request, found, change_form=form)
    change_request.change_request(found, **form.cleaned_data, by=actor(request))
    return to_case(request, found, _("Changed."))


@require_POST
@admins_only
def question(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Send a question to the person."""
    found, form = case_or_404(request, request_id), QuestionForm(request.POST)
    if not form.is_valid():
        return case_page(request, found, question_form=form)
    identity.ask_question(found, **form.cleaned_data, by=actor(request))
    return to_case(request, found, _("The question is on its way."))


@require_POST
@admins_only
def answer(request: DeskRequest, request_id: UUID, question_id: UUID) -> HttpResponse:
    """Note the answer to a question."""
    found, form = case_or_404(request, request_id), AnswerForm(request.POST)
    asked = get_object_or_404(found.requestquestions, pk=question_id)
    if not form.is_valid():
        return case_page(request, found, answer_form=form)
    identity.answer_question(asked, answer=form.cleaned_data["answer"], by=actor(request))
    return to_case(request, found, _("Noted."))


@require_POST
@admins_only
def extend_(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Take two months more."""
    found, form = case_or_404(request, request_id), ReasonForm(request.POST)
    if not form.is_valid():
        return case_page(request, found, extend_form=form)
    extend.extend_request(found, reason=form.cleaned_data["reason"], by=actor(request))
    return to_case(request, found, _("Extended. The person is told why."))


@require_POST
@admins_only
def refuse(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Refuse what is asked."""
    found, form = case_or_404(request, request_id), ReasonForm(request.POST)
    if not form.is_valid():
        return case_page(request, found, refuse_form=form)
    close_request.refuse_request(found, reason=form.cleaned_data["reason"], by=actor(request))
    return to_case(request, found, _("Refused. The person gets the reason and the way to complain."))


@require_POST
@admins_only
def take_back(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Close what the person no longer asks for."""
    found = case_or_404(request, request_id)
    return then_case(
        request, found, lambda: close_request.take_back(found, by=actor(request)), _("Closed, as the person wishes.")
    )


@require_POST
@admins_only
def nothing(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Answer that nothing was found: that is an answer too."""
    found = case_or_404(request, request_id)
    return then_case(
        request,
        found,
        lambda: close_request.answer_nothing_found(found, by=actor(request)),
        _("Closed. The person is told that nothing was found."),
    )
