"""What the pages of contacts share: the one look-up by the rule, and the ways back."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access_log import opened
from accounts.requests import DeskRequest
from tickets.contacts.access import companies_for, contacts_for
from tickets.contacts.finding import addresses_of, name_of
from tickets.models import Company, Contact, ContactAddress, Ticket
from tickets.newest import Cursor
from tickets.views.shell import COUNT_UP_TO, shell

MAX_NAMED = 300  # companies offered while typing


def contact_or_404(request: DeskRequest, contact_id: UUID) -> Contact:
    """Return a contact the reader may see, with its company."""
    found = get_object_or_404(contacts_for(request.membership).select_related("company"), pk=contact_id)
    opened(request, found)
    return found


def company_or_404(request: DeskRequest, company_id: UUID) -> Company:
    """Return a company the reader may see."""
    found = get_object_or_404(companies_for(request.membership), pk=company_id)
    opened(request, found)
    return found


def address_or_404(contact: Contact, address_id: UUID) -> ContactAddress:
    """Return an address of this contact."""
    return get_object_or_404(contact.addresses, pk=address_id)


def called(contact: Contact, addresses: list[ContactAddress] | None = None) -> str:
    """Return what pages call a contact."""
    return name_of(contact, addresses_of(contact) if addresses is None else addresses) or _("Unknown sender")


def in_order(tickets: QuerySet[Ticket], before: Cursor | None = None) -> QuerySet[Ticket]:
    """Return tickets by their newest activity, from a place in the list on."""
    if before is not None:
        at, pk = before
        tickets = tickets.filter(Q(last_activity_at__lt=at) | Q(last_activity_at=at, pk__lt=pk))
    return tickets.select_related("assignee__user", "team").order_by("-last_activity_at", "-pk")


def cursor(text: str) -> UUID | None:
    """Return after which row a page begins; 404 where no link of ours said it."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


def page(request: DeskRequest, **more: Any) -> dict[str, Any]:
    """Return a page's context: the shell's, and whether the reader may change anything."""
    me = request.membership
    return shell(request) | {"can_answer": me.can_answer, "is_admin": me.is_admin, "in_contacts": True} | more


def to_contact(request: DeskRequest, contact: Contact, fragment: str = "") -> HttpResponse:
    """Lead to the page of a contact."""
    return redirect(reverse("tickets:contact", args=[request.organization.slug, contact.pk]) + fragment)


def company_names(request: DeskRequest) -> list[str]:
    """Return names of companies the reader may see, to choose from while typing."""
    newest = companies_for(request.membership).order_by("-pk")[:MAX_NAMED]
    return sorted({one.name for one in newest}, key=str.casefold)


def many(count: int) -> str:
    """Return a count as far as a page counts."""
    return f"{COUNT_UP_TO - 1}+" if count >= COUNT_UP_TO else str(count)
