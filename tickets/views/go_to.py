"""Everywhere one can go, as one plain page; the palette (static/js/palette.js) reads it too."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access_log import contentless
from accounts.requests import DeskRequest
from accounts.settings_pages import groups_for
from tickets.views.finding import ticket_or_404
from tickets.views.shell import shell


@require_safe
@contentless("where one can go; nothing of any ticket")
def go_to(request: DeskRequest) -> HttpResponse:
    """List views, teams, mailboxes, tags, settings and other desks; `?number=` leads to that ticket."""
    number = request.GET.get("number", "").strip().lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return redirect(ticket_or_404(request, int(number)))
    around = shell(request)
    groups = [*_places(around, request.organization.slug), *_settings(request)]
    return render(request, "go.html", around | {"groups": groups, "asked": number})


def _places(around: dict[str, Any], slug: str) -> list[dict[str, Any]]:
    queue, navigation = reverse("tickets:queue", args=[slug]), around["navigation"]
    lists = {
        _("Views"): [{"title": one["label"], "url": one["url"]} for one in navigation["queues"]],
        _("Teams"): [{"title": one["name"], "url": one["url"]} for one in navigation["teams"]],
        _("Mailboxes"): [{"title": one["address"], "url": one["url"]} for one in navigation["mailboxes"]],
        _("Tags"): [{"title": one.name, "url": f"{queue}?tag={one.pk}"} for one in around["tags"]],
    }
    return [{"title": title, "links": links} for title, links in lists.items() if links]


def _settings(request: DeskRequest) -> list[dict[str, Any]]:
    pages = [
        {"title": group.title, "links": group.pages} for group in groups_for(request.organization, request.membership)
    ]
    index = {"title": _("All settings"), "url": reverse("accounts:settings", args=[request.organization.slug])}
    return [*pages, {"title": _("Settings"), "links": [index]}, *_other_desks(request)]


def _other_desks(request: DeskRequest) -> list[dict[str, Any]]:
    if not request.membership.has_other_desks:  # type: ignore[attr-defined]
        return []
    return [{"title": _("Desks"), "links": [{"title": _("Change desk"), "url": reverse("desks")}]}]
