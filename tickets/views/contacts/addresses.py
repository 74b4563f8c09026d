"""The addresses of a contact, and blocking: forms of its page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.contacts.addresses import AddressTaken, add_address, choose_primary, remove_address
from tickets.actions.contacts.block import block_address, block_contact, unblock_address, unblock_contact
from tickets.contact_forms import AddressForm
from tickets.views.contacts.common import address_or_404, contact_or_404, to_contact
from tickets.views.contacts.profile import profile_page


@require_POST
@answering_only
def add(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Add an address; where it is another contact's, offer to merge the two."""
    found, form = contact_or_404(request, contact_id), AddressForm(request.POST)
    taken_by = None
    if form.is_valid():
        try:
            add_address(found, address=form.cleaned_data["address"], by=request.membership)
            messages.success(request, _("Added. Mail from this address is this contact's from now on."))
            return to_contact(request, found, "#addresses")
        except AddressTaken as taken:
            form.add_error("address", str(taken))
            taken_by = taken.contact
        except ActionRefused as refusal:
            form.add_error("address", str(refusal))
    return profile_page(request, found, address_form=form, taken_by=taken_by)


@require_POST
@answering_only
def remove(request: DeskRequest, contact_id: UUID, address_id: UUID) -> HttpResponse:
    """Take an address away."""
    found = contact_or_404(request, contact_id)
    remove_address(found, address=address_or_404(found, address_id), by=request.membership)
    messages.success(request, _("Removed. The tickets stay; the next mail from it is a new contact's."))
    return to_contact(request, found, "#addresses")


@require_POST
@answering_only
def primary(request: DeskRequest, contact_id: UUID, address_id: UUID) -> HttpResponse:
    """Put an address first."""
    found = contact_or_404(request, contact_id)
    choose_primary(found, address=address_or_404(found, address_id), by=request.membership)
    return to_contact(request, found, "#addresses")


@require_POST
@answering_only
def block(request: DeskRequest, contact_id: UUID, address_id: UUID | None = None) -> HttpResponse:
    """Block a contact, or one address of it."""
    found = contact_or_404(request, contact_id)
    if address_id:
        block_address(found, address=address_or_404(found, address_id), by=request.membership)
    else:
        block_contact(found, by=request.membership)
    messages.success(request, _("Blocked. What comes stands under Spam, and nothing answers by itself."))
    return to_contact(request, found)


@require_POST
@answering_only
def unblock(request: DeskRequest, contact_id: UUID, address_id: UUID | None = None) -> HttpResponse:
    """Let mail in again."""
    found = contact_or_404(request, contact_id)
    if address_id:
        unblock_address(found, address=address_or_404(found, address_id), by=request.membership)
    else:
        unblock_contact(found, by=request.membership)
    messages.success(request, _("Unblocked. The next mail opens a ticket again."))
    return to_contact(request, found)
