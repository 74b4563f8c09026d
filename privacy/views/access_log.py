"""Who saw what: the access log of an organization, for its admins."""

import csv
import io
from datetime import timedelta
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from accounts.access_log import as_verb, opened, saw
from accounts.decorators import admins_only
from accounts.ids import id_or_none
from accounts.models import AccessAlert, AccessEvent, Membership
from accounts.models.access_event import AccessEventQuerySet
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from accounts.spreadsheets import harmless
from privacy.access_filter import AccessFilter
from privacy.access_shown import Shown, names_of, person
from tickets.newest import Order

PAGE = 50
STEP = 1000
MOST = 100_000  # lines of one file; narrower questions give the rest
MOST_SEEN = 20  # unusual things of one review: what the page shows
REVIEWS = 5
WEEK = timedelta(days=7)
_ORDER = Order("access", ("-at", "-pk"))
COLUMNS = ("at", "who", "user", "verb", "purpose", "page", "things", "amount", "address", "grant")


@require_safe
@admins_only
@as_verb("list")
def access_log(request: DeskRequest) -> HttpResponse:
    """Show a page of the log, newest first, narrowed as the form asks, with what the rules noticed above it."""
    form = _form(request)
    try:
        before = _ORDER.cursor_of(request.GET.get("before", ""))
    except ValueError:
        raise Http404 from None
    events = form.narrow(_own(request))
    if before:
        events = events.filter(_ORDER.after(before))
    found = list(events.order_by("-at", "-pk")[: PAGE + 1])
    shown = Shown.of(request.organization, found[:PAGE])
    base, query = reverse("privacy:access_log", args=[request.organization.slug]), _query(request)
    last = found[PAGE - 1] if len(found) > PAGE else None
    older = urlencode(query | {"before": _ORDER.cursor_at(last.at, last.pk)}) if last else ""
    reviews = _reviews(request)
    context = {
        "organization": request.organization,
        "membership": request.membership,
        "reviews": reviews,
        "is_due": not reviews or timezone.now() - reviews[0]["at"] > WEEK,
        "form": form,
        "rows": [shown.row(one) for one in found[:PAGE]],
        "is_narrowed": bool(query),
        "alerts": _alerts(request),
        "older_url": f"{base}?{older}" if older else "",
        "newest_url": f"{base}?{urlencode(query)}" if before else "",
        "export_url": f"{reverse('privacy:export_access_log', args=[request.organization.slug])}?{urlencode(query)}",
    }
    return render(request, "privacy/access_log.html", context, status=200 if form.is_valid() else 422)


@require_safe
@admins_only
@as_verb("export")
def export(request: DeskRequest) -> HttpResponse:
    """Send the lines that the form asks for as a file for a spreadsheet, in which nothing begins a formula."""
    form, out = _form(request), io.StringIO(newline="")
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow
    write(COLUMNS)
    events, count = form.narrow(_own(request)).order_by("-at", "-pk"), 0
    before: tuple[Any, ...] | None = None
    while count < MOST:
        page = list((events.filter(_ORDER.after(before)) if before else events)[:STEP])
        shown = Shown.of(request.organization, page)
        for one in page:
            write([harmless(cell) for cell in shown.cells(one)])
        count += len(page)
        if len(page) < STEP:
            break
        before = (page[-1].at, page[-1].pk)
    saw(request, (), amount=count)
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="access-{localdate():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@admins_only
def looked_at(request: DeskRequest, alert_id: UUID) -> HttpResponse:
    """Note that an admin looked at what a rule noticed; who did stays with it."""
    alert = get_object_or_404(AccessAlert, organization_id=request.organization.pk, pk=alert_id)
    opened(request, alert)
    AccessAlert.objects.filter(pk=alert.pk).unseen().update(looked_at=timezone.now(), looked_by_id=request.user.pk)
    return redirect("privacy:access_log", request.organization.slug)


@require_POST
@admins_only
def review(request: DeskRequest) -> HttpResponse:
    """State that the log was reviewed up to now, and which unusual things were seen.

    The statement is the line that this writes: who, when, and the id of each thing seen. It is a link of the chain like
    every line, so it is sealed behind the head of that moment, anchored, verified and exported with the log.
    """
    seen = [pk for text in request.POST.getlist("seen")[:MOST_SEEN] if (pk := id_or_none(text))]
    own = AccessAlert.objects.filter(organization_id=request.organization.pk, pk__in=seen)
    saw(request, own)
    own.unseen().update(looked_at=timezone.now(), looked_by_id=request.user.pk)
    return redirect("privacy:access_log", request.organization.slug)


def _reviews(request: DeskRequest) -> list[dict[str, Any]]:
    """Return the newest reviews, each with the moment from which on it looked."""
    found = list(_own(request).reviews().order_by("-at", "-pk")[: REVIEWS + 1])
    people = names_of(request.organization) if found else {}
    return [
        {"at": one.at, "who": person(one.user_id, people), "seen": one.amount, "since": last.at if last else None}
        for one, last in zip_longest(found, found[1:])
    ][:REVIEWS]


def _own(request: DeskRequest) -> AccessEventQuerySet:
    return AccessEvent.objects.filter(organization_id=request.organization.pk)


def _form(request: DeskRequest) -> AccessFilter:
    members = list(Membership.objects.filter(organization=request.organization).select_related("user"))
    keys.warm(Kind.PROFILE, {one.user_id for one in members})
    return AccessFilter(request.GET, members=members)


def _query(request: DeskRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in AccessFilter.base_fields if request.GET.get(name)}


def _alerts(request: DeskRequest) -> list[dict[str, Any]]:
    own = AccessAlert.objects.filter(organization_id=request.organization.pk)
    found = list(own.filter(Q(looked_at=None)).order_by("-at")[:MOST_SEEN])
    people = names_of(request.organization) if found else {}
    staff = {AccessAlert.Rule.GRANT, AccessAlert.Rule.NO_GRANT}
    return [
        {
            "id": one.pk,
            "rule": one.get_rule_display(),
            "who": person(one.user_id, people, is_staff=one.rule in staff),
            "amount": one.amount,
            "at": one.at,
            "is_bad": one.rule == AccessAlert.Rule.BROKEN,
        }
        for one in found
    ]
