"""The contacts of an organization: a page at a time, newest first, or those that were looked for."""

from typing import Any

from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access_log import asks, saw
from accounts.requests import DeskRequest
from tickets.contacts.finding import PAGE, page_of
from tickets.models import Contact, Ticket
from tickets.views.contacts.common import called, cursor, many, page
from tickets.views.shell import counted


@require_http_methods(["GET", "HEAD", "POST"])
@asks
def contacts(request: DeskRequest) -> HttpResponse:
    """List contacts. What is looked for is posted: a name or an address stands in no address of a page."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = request.POST.get("q", "").strip()[:200]
    before = cursor(asked.get("before", ""))
    found = page_of(request.membership, wanted, before)
    context = page(
        request,
        rows=rows_of(request, found[:PAGE]),
        wanted=wanted,
        older=found[PAGE - 1].pk if len(found) > PAGE else None,
        is_first=before is None,
    )
    return render(request, "tickets/contacts/list.html", context)


def rows_of(request: DeskRequest, found: list[Contact]) -> list[dict[str, Any]]:
    """Return contacts as lines of a list, with how many tickets of each the reader may see; one statement."""
    within = Ticket.objects.visible_to(request.membership).filter(contact=OuterRef("pk"), merged_into=None)
    saw(request, found)
    own = Contact.objects.filter(pk__in=[one.pk for one in found]).annotate(tickets_shown=counted(within.values("pk")))
    counts = dict(own.values_list("pk", "tickets_shown"))
    return [_row(one, counts.get(one.pk, 0)) for one in found]


def _row(contact: Contact, count: int) -> dict[str, Any]:
    addresses = list(contact.addresses.all())
    name = called(contact, addresses)
    main = addresses[0].address if addresses else ""
    return {
        "id": contact.pk,
        "name": name,
        "address": main if main != name else "",
        "more": len(addresses) - 1,
        "company": contact.company,
        "is_blocked": contact.blocked_at is not None or any(one.blocked_at for one in addresses),
        "count": many(count),
        "since": contact.created_at,
    }
