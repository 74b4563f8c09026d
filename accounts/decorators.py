"""Who may open a page of an organization, beyond being a member."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from accounts.mfa import signed_in_lately
from accounts.requests import DeskRequest


def admins_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let owners and admins in; others get 403."""

    @wraps(view)
    def checked(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.membership.is_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def owners_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let owners in; others, admins too, get 403."""

    @wraps(view)
    def checked(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.membership.is_owner:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def asked_again(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ask for password or code once more, unless it was given minutes ago; the page comes after it.

    The library's own decorator reads tables that are closed to the role of an organization.
    """

    @wraps(view)
    def checked(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not signed_in_lately(request):
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': _page_of(request)})}")
        return view(request, *args, **kwargs)

    return checked


def _page_of(request: DeskRequest) -> str:
    """Return the page to come back to: this one, or where the form stood that was sent."""
    before = request.headers.get("Referer", "")
    if request.method == "POST" and url_has_allowed_host_and_scheme(before, {request.get_host()}):
        return urlsplit(before).path
    return request.path


def answering_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let everybody in but viewers, who get 403."""

    @wraps(view)
    def checked(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.membership.can_answer:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked
