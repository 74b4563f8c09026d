"""Packages: begun by an admin, opened once by the person, by the link in the letter."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import admins_only
from accounts.models import Organization
from accounts.requests import DeskRequest
from accounts.tenancy import organization_scope
from privacy.actions.requests.package import begin_package, open_package, package_with
from privacy.views.requests.common import actor, case_or_404, to_case
from privacy.views.requests.intake import organization_or_404
from tickets.views.files import as_download


@require_POST
@admins_only
def pack(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Make the package and send its link, once it is made."""
    found = case_or_404(request, request_id)
    begin_package(found, by=actor(request))
    return to_case(request, found, _("The package is being made. The person gets the link with the closing letter."))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def package(request: HttpRequest, desk: str, token: str) -> HttpResponseBase:
    """Say what the file is; give it on one press, once. Mail programs that open links by themselves use nothing up."""
    organization = organization_or_404(desk)
    with organization_scope(organization):
        return _package(request, token, organization)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_package(request: HttpRequest, token: str) -> HttpResponseBase:
    """Do the same for a person who signs in."""
    return _package(request, token, None)


def _package(request: HttpRequest, token: str, organization: Organization | None) -> HttpResponseBase:
    if request.method == "POST" and (opened := open_package(token)):
        found, first, pieces = opened
        name = f"{found.request.case_number}.zip"
        return as_download(first, pieces, name, found.size, "application/zip")
    waiting = package_with(token)
    can_be_opened = waiting is not None and waiting.can_be_opened
    context = {"organization_asked": organization, "package": waiting if can_be_opened else None}
    return render(request, "privacy/requests/package.html", context, status=200 if can_be_opened else 410)
