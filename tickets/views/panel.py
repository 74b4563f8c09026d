"""What stands beside a conversation: links, what was merged in, custom fields, and who the contact is."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from accounts.requests import DeskRequest
from accounts.rows import Rows, opened
from tickets.counting import counted, shown
from tickets.custom_fields import shown_value, value_of
from tickets.fields_form import FieldsForm
from tickets.models import ContactAddress, CustomField, Message, Ticket, TicketLink
from tickets.views.words import STATE_ICONS, STATE_LABELS

LISTED = 50  # links, merged tickets, addresses
NAMES = 3  # other names than the contact's own
_SHOWN = ("id", "organization_id", "mailbox_id", "number", "subject", "state", "last_activity_at")


def asked_by_panel(request: DeskRequest, number: int) -> dict[str, Any]:
    """Return what the shell's query is to bring along for the panel of this ticket; only what its reader may see."""
    own, organization = Ticket.objects.visible_to(request.membership), request.organization
    this = {"organization": organization, "number": number}
    of_it = own.filter(**this)
    addresses = ContactAddress.objects.filter(organization=organization, contact__in=of_it.values("contact"))
    fields = CustomField.objects.filter(organization=organization).of_tickets()
    others = own.filter(contact__in=of_it.values("contact"), merged_into=None).exclude(number=number)
    return {
        "links_from": Rows(_linked(own.filter(links_to_it__ticket__in=of_it), "links_to_it")),
        "links_to": Rows(_linked(own.filter(links__other__in=of_it), "links")),
        "merged_in": Rows(own.filter(merged_into__in=of_it).order_by("number").values(*_SHOWN)[:LISTED]),
        "custom_fields": Rows(
            fields.values("id", "organization_id", "subject", "kind", "name", "choices", "retired_at")
        ),
        "contact_addresses": Rows(
            addresses.order_by("pk").values("id", "organization_id", "address", "bounced_at")[:LISTED]
        ),
        "others_count": counted(others.values("pk")),
    }


def panel(
    request: DeskRequest, ticket: Ticket, along: Mapping[str, Any], form: FieldsForm | None = None
) -> dict[str, Any]:
    """Return the panel's part of the page; a form that came back keeps what was typed."""
    fields = opened(CustomField, along["custom_fields"])
    in_use = [one for one in fields if not one.is_retired]
    may = request.membership.can_answer and not ticket.is_merged
    return {
        "links": [*_links(request, along["links_from"], to=True), *_links(request, along["links_to"], to=False)],
        "merged_in": [_row(request, one) for one in opened(Ticket, along["merged_in"])],
        "field_values": list(_values(fields, ticket)),
        "fields_form": (form or FieldsForm(fields=in_use, values=ticket.fields)) if in_use and may else None,
        "fields_open": form is not None,
        "others_count": shown(along["others_count"]),
    }


def contact_of(ticket: Ticket, messages: list[Message], addresses: Any) -> dict[str, Any]:
    """Return who the contact is: the name, other names in their mails, every address, and since when they are known."""
    wrote = [one for one in messages if one.sender_id == ticket.contact_id]
    known = [(one.address, one.bounced_at) for one in opened(ContactAddress, addresses)]
    first = next((address for address, _bounced in known), "")
    name = ticket.contact.name or first or _("Unknown sender")
    names = dict.fromkeys(written for one in wrote for written, _address in one.people("from") if written)
    return {
        "pk": ticket.contact_id,
        "name": name,
        "other_names": [one for one in names if one.casefold() != name.casefold()][:NAMES],
        "addresses": [{"address": one, "bounced_at": at} for one, at in known if one != name],
        "since": ticket.contact.created_at,
    }


def _linked(tickets: QuerySet[Ticket], link: str) -> QuerySet[Any, Any]:
    return tickets.values(*_SHOWN, link_id=F(f"{link}__id"), link_kind=F(f"{link}__kind"))[:LISTED]


def _links(request: DeskRequest, rows: Any, *, to: bool) -> Iterator[dict[str, Any]]:
    words = {
        (TicketLink.Kind.RELATED, True): _("Related"),
        (TicketLink.Kind.RELATED, False): _("Related"),
        (TicketLink.Kind.DUPLICATE, True): _("Duplicate of"),
        (TicketLink.Kind.DUPLICATE, False): _("Its duplicate"),
    }
    for other in opened(Ticket, rows):
        kind = words[TicketLink.Kind(other.link_kind), to]  # type: ignore[attr-defined]
        yield _row(request, other) | {"link_id": other.link_id, "kind": kind}  # type: ignore[attr-defined]


def _values(fields: list[CustomField], ticket: Ticket) -> Iterator[dict[str, Any]]:
    """Yield what the ticket has; of a retired field only where there is something."""
    for field in fields:
        value = value_of(field, ticket.fields)
        if value or not field.is_retired:
            yield {"name": field.name, "value": shown_value(field, value), "is_retired": field.is_retired}


def _row(request: DeskRequest, other: Ticket) -> dict[str, Any]:
    return {
        "number": other.number,
        "url": address_of("tickets:ticket", request.organization.slug, other.number),
        "subject": other.subject,
        "state": other.state,
        "state_icon": STATE_ICONS[Ticket.State(other.state)],
        "state_label": STATE_LABELS[Ticket.State(other.state)],
        "last_activity_at": other.last_activity_at,
    }
