"""Where every setting is, with a search over them; and the way to every page of one's own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access_log import contentless
from accounts.requests import DeskRequest
from accounts.settings_pages import groups_for
from accounts.tenancy.doors import memberships_of


@require_safe
@contentless("names of pages of settings")
def settings(request: DeskRequest) -> HttpResponse:
    """List the pages of settings; `?q=` narrows them to those that speak of it."""
    asked = request.GET.get("q", "")[:100]
    context = {
        "organization": request.organization,
        "membership": request.membership,
        "groups": groups_for(request.organization, request.membership, asked),
        "asked": asked,
    }
    return render(request, "accounts/settings.html", context)


@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """List where a person can go from the pages of the own account: the desks, and those pages."""
    desks = [
        {"title": one.organization.name, "url": reverse("tickets:queue", args=[one.organization.slug])}
        for one in memberships_of(request.user)  # type: ignore[arg-type]
    ]
    own = [{"title": group.title, "links": group.pages} for group in groups_for(None, None)]
    groups = [{"title": _("Desks"), "links": desks}, *own]
    return render(request, "go.html", {"groups": [one for one in groups if one["links"]]})
