"""The link of an invitation: look, sign in or make an account, join."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions.accept import accept_invitation, is_for, join_as_new_user
from accounts.errors import ActionRefused
from accounts.forms import JoinForm
from accounts.models import Invitation
from accounts.signing_in import sign_in_new_user
from accounts.tenancy.doors import invitation_with
from accounts.tokens import hash_of


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to whoever holds its link, and let the person it names join."""
    found = _open_invitation(token)
    if found is None:
        return _page(request, None, status=404)
    if not request.user.is_authenticated:
        return _page(request, found, token=token)
    if not is_for(found, request.user):
        return _page(request, found, wrong_person=True)
    if request.method == "POST":
        try:
            membership = accept_invitation(found, by=request.user)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("home")
        return redirect("tickets:queue", membership.organization.slug)
    return _page(request, found)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Make an account for the invited address and join at once; the link has proved the address."""
    found = _open_invitation(token)
    if found is None:
        return _page(request, None, status=404)
    if request.user.is_authenticated:
        return redirect("invitation", token)
    form = JoinForm(request.POST or None, email=found.email)
    if request.method == "POST" and form.is_valid():
        try:
            user = join_as_new_user(found, **form.cleaned_data, language=found.organization.language)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return sign_in_new_user(request, user)
    context = {"invitation": found, "form": form, "login_url": _login_url(token)}
    return render(request, "accounts/join.html", context, status=422 if form.errors else 200)


def _open_invitation(token: str) -> Invitation | None:
    found = invitation_with(hash_of(token))
    return found if found is not None and found.is_open else None


def _login_url(token: str) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': reverse('invitation', args=[token])})}"


def _page(
    request: HttpRequest, found: Invitation | None, *, token: str = "", wrong_person: bool = False, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"invitation": found, "wrong_person": wrong_person}
    if token:
        context |= {"signup_url": reverse("join", args=[token]), "login_url": _login_url(token)}
    return render(request, "accounts/invitation.html", context, status=status)
