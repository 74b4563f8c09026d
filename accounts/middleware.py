"""Who asks, in which language, and whose desk it is."""

import zoneinfo
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.access_log import AccessNotLogged, record_access
from accounts.access_log.noting import Noted
from accounts.access_log.recording import SAFE, event_of
from accounts.connections import release_connections
from accounts.errors import ActionRefused
from accounts.mfa import needs_mfa, to_second_step
from accounts.speaking import speak
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import membership_at
from accounts.visiting import visit


class PersonMiddleware:
    """Speak the signed-in person's language and show times in the person's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Take the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set language and zone for this request only."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        speak(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class OrganizationMiddleware:
    """Open the organization named in the address for its members, and for nobody else: 404.

    The view runs inside the organization's scope and without the keyword `organization`. An asynchronous view (a
    stream) gets organization and membership only, and opens scopes of its own (DESIGN 2b, Streams).

    What is shown is written into the access log before it leaves: reading in a transaction of its own, a change
    together with what it changed. Without its line no answer leaves (503).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Take the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Leave the question to process_view, which knows the address; what streams holds no database connection."""
        response = self.get_response(request)
        if response.streaming:
            release_connections()
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Find the membership, open the scope, run the view and render its answer inside."""
        slug = kwargs.pop("organization", None)
        if slug is None:
            return None
        if not request.user.is_authenticated:
            raise Http404
        membership, grant = membership_at(request.user, slug), None
        if membership is None:
            membership, grant = visit(request, slug, view)
        if needs_mfa(request, membership):
            return to_second_step(request)
        request.organization, request.membership = membership.organization, membership  # type: ignore[attr-defined]
        request.noted, request.grant = Noted(), grant  # type: ignore[attr-defined]
        if iscoroutinefunction(view):
            return None
        try:
            return _logged(request, view, args, kwargs)
        except ActionRefused as refusal:
            return refused(request, str(refusal))
        except AccessNotLogged:
            response = render(request, "503.html", status=503)
            response["Retry-After"] = "30"
            return response


def _logged(request: Any, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> HttpResponseBase:
    """Run the view inside the organization's scope, and write its line of the access log before its answer leaves."""
    with organization_scope(request.organization):
        response = view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response = response.render()
        event = event_of(request, view, response)
        if event and request.method not in SAFE:
            record_access(event)
    if event and request.method in SAFE:
        record_access(event)
    return response


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """Show the sentence where the person was: as a fragment for htmx, else after going back."""
    if getattr(request, "htmx", False):
        response = render(request, "components/_refused.html", {"sentence": sentence}, status=422)
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
        return response
    messages.error(request, sentence)
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    return redirect(back)
