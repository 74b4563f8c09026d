"""Your data: what a person who signs in asks of the operator, and chooses about their own data."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import PurposeChoice, User
from accounts.purposes import BY_CONSENT, OF_USERS, may_process
from privacy.actions.requests import close_request
from privacy.actions.requests.of_users import choose
from privacy.actions.requests.open_request import open_user_request
from privacy.actions.requests.package import begin_package
from privacy.models import DataSubjectRequest
from privacy.request_forms import OwnRequestForm
from privacy.rights.letters import dpo
from privacy.views.requests.shown import standing

Right = DataSubjectRequest.Right
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def your_data(request: HttpRequest) -> HttpResponse:
    """Show a person's requests and choices; take a new request. A copy of the account is made at once."""
    form = OwnRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        case = open_user_request(_me(request), **form.cleaned_data)
        if case.right in {Right.ACCESS, Right.PORTABILITY}:
            begin_package(case)
        said = _("We have your request; its number is %(number)s. A receipt is on its way by mail.")
        messages.success(request, said % {"number": case.case_number})
        return redirect("your_data")
    own = DataSubjectRequest.objects.of_the_operator().filter(user=_me(request)).order_by("-received_at")
    choices = [
        {
            "purpose": one.value,
            "label": one.label,
            "allowed": may_process(_me(request).pk, one),
            "asks": one in BY_CONSENT,
        }
        for one in PurposeChoice.Purpose
        if one in OF_USERS
    ]
    context = {"form": form, "cases": [standing(one) for one in own[:SHOWN]], "choices": choices, "dpo": dpo()}
    return render(request, "privacy/requests/own.html", context, status=422 if form.errors else 200)


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take an own request back."""
    own = DataSubjectRequest.objects.of_the_operator().unfinished().filter(user=_me(request))
    close_request.take_back(get_object_or_404(own, pk=_id(request.POST.get("case", ""))))
    messages.success(request, _("Taken back."))
    return redirect("your_data")


@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Change one choice, in one press."""
    purpose = request.POST.get("purpose", "")
    if purpose in OF_USERS:
        choose(_me(request), purpose=purpose, allowed=request.POST.get("allowed") == "yes")
        messages.success(request, _("Saved. It holds from this moment."))
    return redirect("your_data")


def _me(request: HttpRequest) -> User:
    return cast("User", request.user)  # whoever is not signed in was asked to


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
