"""Search: a question is posted, so that it stands in no address; its answer has an address that says nothing."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access_log import asks
from accounts.requests import DeskRequest
from tickets.newest import NEWEST, Cursor
from tickets.search.addresses import opened_search, sealed_search
from tickets.search.asking import Index
from tickets.search.finding import Found, find
from tickets.search.plan import plan_for
from tickets.search.question import MAX_LETTERS, parse
from tickets.views.hits import hits_of
from tickets.views.shell import shell


@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
@asks
def search(request: DeskRequest) -> HttpResponse:
    """Show the answer to a search, or how to search; with htmx, while somebody types, only the answer."""
    if request.method == "POST":
        text = request.POST.get("q", "").replace("\x00", "")[: MAX_LETTERS + 1]
        if not request.htmx:
            return redirect(_address(request, text))
        response = render(request, "tickets/search.html#answer", answer(request, text, None))
        response["HX-Replace-Url"] = _address(request, text)
        return response
    sealed = request.GET.get("s", "")
    opened = opened_search(request.membership, sealed) if sealed else ""
    context = answer(request, opened or "", _cursor(request.GET.get("before", "")))
    context["is_unreadable"] = opened is None
    return render(request, "tickets/search.html", shell(request) | context | {"is_search": True})


def answer(request: DeskRequest, text: str, before: Cursor | None) -> dict[str, Any]:
    """Return the answer's part of the page."""
    plan = plan_for(parse(text, timezone.localdate()), request.membership)
    index = Index(plan)
    found = find(plan, index, before)
    older = found.older
    return {
        "organization": request.organization,
        "q": text,
        "max_letters": MAX_LETTERS,
        "problems": plan.problems,
        "is_asked": not plan.is_empty,
        "hits": hits_of(request, plan, index, found.page),
        "total": "" if before else _total(found),
        "looked_back_to": found.looked_back_to,
        "older_url": _address(request, text, before=NEWEST.cursor_at(older.at, older.id)) if older else "",
        "newest_url": _address(request, text) if before else "",
    }


def _total(found: Found) -> str:
    return f"{found.total}+" if found.is_at_least else str(found.total)


def _address(request: DeskRequest, text: str, **more: str) -> str:
    address = reverse("tickets:search", args=[request.organization.slug])
    return f"{address}?{urlencode({'s': sealed_search(request.membership, text), **more})}" if text.strip() else address


def _cursor(text: str) -> Cursor | None:
    try:
        return NEWEST.cursor_of(text)
    except ValueError:
        raise Http404 from None
