"""Two contacts that are one person: found, looked at side by side, merged, and taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.contacts.merge import merge_contacts, unmerge_contacts
from tickets.contacts.access import contacts_for
from tickets.contacts.finding import addresses_of, page_of
from tickets.models import Contact, ContactMerge, Ticket
from tickets.views.contacts.common import called, contact_or_404, cursor, many, page, to_contact
from tickets.views.contacts.listing import rows_of
from tickets.views.shell import COUNT_UP_TO

OFFERED = 10


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def choose(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Find the other contact, or show what merging the two would do."""
    found = contact_or_404(request, contact_id)
    other_id = cursor(request.GET.get("with", ""))
    wanted = request.POST.get("q", "").strip()[:200]
    context: dict[str, Any] = page(request, contact=found, name=called(found), wanted=wanted)
    if other_id:
        if other_id == found.pk:
            raise Http404
        other = contact_or_404(request, other_id)
        context |= {"sides": [_side(request, found, found), _side(request, other, found)], "other": other}
    elif wanted:
        hits = [one for one in page_of(request.membership, wanted, None, OFFERED) if one.pk != found.pk]
        context["rows"] = rows_of(request, hits[:OFFERED])
    return render(request, "tickets/contacts/merge.html", context)


@require_POST
@answering_only
def merge(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Merge another contact into this one, or this one into the other; both are the reader's to see."""
    found = contact_or_404(request, contact_id)
    other_id = cursor(request.POST.get("other", ""))
    if other_id is None:
        raise ActionRefused(_("Choose another contact to merge with."))
    other = contact_or_404(request, other_id)
    stays = other if request.POST.get("stays") == str(other.pk) else found
    merge_contacts(other if stays is found else found, into=stays, by=request.membership)
    messages.success(request, _("Merged. It can be undone on this page."))
    return to_contact(request, stays)


@require_POST
@answering_only
def undo(request: DeskRequest, contact_id: UUID, merge_id: UUID) -> HttpResponse:
    """Take a merge back."""
    found = contact_or_404(request, contact_id)
    done = get_object_or_404(ContactMerge.objects.select_related("merged", "survivor"), pk=merge_id, survivor=found)
    again = unmerge_contacts(done, by=request.membership)
    messages.success(request, _("Undone. Both are as they were. Mail that came since goes with its address."))
    may = contacts_for(request.membership).filter(pk=again.pk).exists()
    return to_contact(request, again if may else found)


def _side(request: DeskRequest, contact: Contact, first: Contact) -> dict[str, Any]:
    """Return what one of the two brings, as far as the reader may see it."""
    tickets = Ticket.objects.visible_to(request.membership).filter(contact=contact, merged_into=None)
    addresses = addresses_of(contact)
    return {
        "id": contact.pk,
        "name": called(contact, addresses),
        "addresses": [one.address for one in addresses],
        "company": contact.company,
        "count": many(tickets.order_by().values("pk")[:COUNT_UP_TO].count()),
        "notes": contact.notes.count(),
        "since": contact.created_at,
        "is_blocked": contact.blocked_at is not None,
        "is_first": contact.pk == first.pk,
    }
