"""One case: what it asks, how its time stands, what comes next, what was done."""

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from privacy.models import DataSubjectRequest, RequestPackage
from privacy.request_forms import AnswerForm, ChangeForm, EvidenceForm, QuestionForm, ReasonForm
from privacy.right_forms import LiftForm, PurposeForm, RectifyForm
from privacy.rights.others import conflicting, same_person
from privacy.rights.plan import plan_of
from privacy.views.requests.common import case_or_404
from privacy.views.requests.shown import history, next_step, standing
from tickets.models import Contact, Ticket

Right = DataSubjectRequest.Right


@require_safe
@admins_only
def case(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Show a case."""
    return case_page(request, case_or_404(request, request_id))


def case_page(request: DeskRequest, found: DataSubjectRequest, **forms: Form) -> HttpResponse:
    """Return the page of a case, with what was typed where a form has to be looked at again."""
    contact = Contact.objects.filter(pk=found.contact_id).first() if found.contact_id else None
    initial = {"right": found.right, "more": "\n".join(found.person.get("more", []))}
    own: dict[str, Any] = {
        "change_form": ChangeForm(initial=initial, auto_id="change_%s"),
        "question_form": QuestionForm(auto_id="question_%s"),
        "answer_form": AnswerForm(auto_id="answer_%s"),
        "extend_form": ReasonForm(auto_id="extend_%s"),
        "refuse_form": ReasonForm(auto_id="refuse_%s"),
        "evidence_form": EvidenceForm(auto_id="evidence_%s"),
        "rectify_form": RectifyForm(initial={"name": contact.name if contact else ""}, auto_id="rectify_%s"),
        "purpose_form": PurposeForm(auto_id="purpose_%s"),
        "lift_form": LiftForm(auto_id="lift_%s"),
    }
    tickets = Ticket.objects.with_locked_for(request.membership)
    context = own | {
        "organization": request.organization,
        "membership": request.membership,
        "case": found,
        "standing": standing(found),
        "next_step": next_step(found),
        "contact": contact,
        "ticket": tickets.filter(pk=found.ticket_id).first() if found.ticket_id else None,
        "questions": found.requestquestions.all(),
        "evidence": found.identityevidences.select_related("by__user"),
        "letters": found.requestletters.all(),
        "package": found.requestpackages.order_by("-created_at").first(),
        "package_states": RequestPackage.State,
        "history": history(found),
        "others": same_person(found),
        "conflicts": conflicting(found),
        "plan": plan_of(found),
        "is_for": {right.value: found.right == right for right in Right},
        "title": _("Request %(number)s") % {"number": found.case_number},
        **forms,
    }
    return render(request, "privacy/requests/case.html", context, status=422 if forms else 200)
