"""Who must have a second step: staff, owners, admins, and everybody where the organization asks for it.

A session passes only by what it did itself: a code at sign-in, a code when asked again, or setting the step up.
"""

import time

from allauth.account import app_settings
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Membership, User


def needs_mfa(request: HttpRequest, membership: Membership) -> bool:
    """Return whether this member must pass a second step before anything else."""
    if not (membership.is_admin or membership.is_visitor or membership.organization.requires_mfa):
        return False
    return not has_mfa(request)


def has_mfa(request: HttpRequest) -> bool:
    """Return whether the person has a second step and this session passed it; asks the database nothing."""
    user = request.user
    if not user.is_authenticated or not user.has_second_step:
        return False
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def signed_in_lately(request: HttpRequest) -> bool:
    """Return whether this session gave a password or a code minutes ago; asks the database nothing."""
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["method"] in {"password", "mfa"} and record["at"] > since for record in records)


def to_second_step(request: HttpRequest) -> HttpResponseRedirect:
    """Send the person to pass the second step, or to set one up, and back here afterwards."""
    if request.user.has_second_step:  # type: ignore[union-attr]
        page = reverse("mfa_reauthenticate")
    else:
        messages.info(request, _("Protect your account with a second step first."))
        page = reverse("mfa_activate_totp")
    back = request.get_full_path() if request.method == "GET" else "/"
    return redirect(f"{page}?{urlencode({'next': back})}")


def remember_second_step(request: HttpRequest, user: User) -> None:
    """Note that this session passed the second step."""
    record_authentication(request, user, "mfa", type="totp")


def forget_second_step(request: HttpRequest) -> None:
    """Take back what this session passed: the step is gone."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [r for r in records if r.get("method") != "mfa"]
