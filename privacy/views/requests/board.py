"""The board: every request of the organization, in the order in which it is due, and a line of the days to come."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from privacy.actions.requests.open_request import open_request
from privacy.models import DataSubjectRequest
from privacy.request_forms import NewRequestForm
from privacy.rights.clock import day_of
from privacy.views.requests.common import actor, to_case
from privacy.views.requests.shown import Standing, standing

CLOSED_SHOWN = 50
DAYS_SHOWN = 92  # an extended request is due within three months


@require_safe
@admins_only
def board(request: DeskRequest) -> HttpResponse:
    """Show what is open, soonest first, the days on which something is due, and what was closed lately."""
    wanted = request.GET.get("right", "")
    found = DataSubjectRequest.objects.filter(organization=request.organization)
    if wanted in DataSubjectRequest.Right.values:
        found = found.filter(right=wanted)
    waiting = [standing(one) for one in found.unfinished().soonest()]
    closed = [standing(one) for one in found.exclude(closed_at=None).order_by("-closed_at")[:CLOSED_SHOWN]]
    context = {
        "organization": request.organization,
        "membership": request.membership,
        "waiting": waiting,
        "late": sum(one.request.is_late() for one in waiting),
        "closed": closed,
        "days": _days(waiting),
        "rights": DataSubjectRequest.Right.choices,
        "wanted": wanted,
        "public_path": f"/privacy/requests/{request.organization.slug}/",
    }
    return render(request, "privacy/requests/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def new(request: DeskRequest) -> HttpResponse:
    """Enter a request that came by telephone, by letter or in person."""
    initial = {"language": request.organization.language, "received_at": timezone.localtime()}
    form = NewRequestForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = open_request(
            request.organization,
            right=data["right"],
            source=DataSubjectRequest.Source.HAND,
            name=data["name"],
            address=data["address"],
            said=data["said"],
            language=data["language"],
            received_at=data["received_at"],
            by=actor(request),
        )
        return to_case(request, made, _("The case is open, and the receipt is on its way."))
    context = {"organization": request.organization, "membership": request.membership, "form": form}
    return render(request, "privacy/requests/new.html", context, status=422 if form.errors else 200)


def _days(waiting: list[Standing]) -> list[dict[str, Any]]:
    """Return the days on which alarms or ends are, from the earliest; what is late stands on its own day."""
    until = day_of(timezone.now()) + timedelta(DAYS_SHOWN)
    by_day: dict[date, list[dict[str, Any]]] = defaultdict(list)
    today = day_of(timezone.now())
    for one in waiting:
        if one.request.is_paused:
            continue
        for number, on in one.request.clock.alarms().items():
            if today <= on <= until and on != one.due_on:
                by_day[on].append({"case": one, "what": _("day %(day)d") % {"day": number}, "is_end": False})
        by_day[one.due_on].append({"case": one, "what": _("due"), "is_end": True})
    return [{"on": on, "is_past": on < today, "is_today": on == today, "lines": by_day[on]} for on in sorted(by_day)]
