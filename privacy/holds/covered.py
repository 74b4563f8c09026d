"""What a hold covers: the tables it reaches, and for each the condition on its rows.

A ticket keeps everything in it, and what was merged into it or split off it since. A contact keeps the contact and
every ticket it wrote in; a mailbox all that came through it, moved away since or not; an organization everything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from privacy.models import LegalHold
from tickets.models import (
    Attachment,
    Contact,
    ContactAddress,
    ContactEvent,
    ContactNote,
    Draft,
    DraftFile,
    Event,
    Message,
    Note,
    Ticket,
)

Scope = LegalHold.Scope


@dataclass(frozen=True)
class Place:
    """A table whose rows a hold keeps, and the paths from a row to what a hold can name."""

    model: type[models.Model]
    ticket: str = ""
    contact: str = ""
    mailbox: str = ""

    @property
    def label(self) -> str:
        """Return app.Model."""
        return self.model._meta.label


# In the order in which they are put aside and read. What hangs on one of these and is no evidence by itself (who has
# seen a ticket, which codes find a contact) stays as long as they do; a test watches that no words are forgotten.
PLACES = (
    Place(Ticket, ticket="pk", mailbox="mailbox"),
    Place(Message, ticket="ticket", mailbox="mailbox"),
    Place(InboundEmail, ticket="message__ticket", mailbox="mailbox"),
    Place(OutboundEmail, ticket="message__ticket", mailbox="mailbox"),
    Place(Attachment, ticket="message__ticket", mailbox="mailbox"),
    Place(Note, ticket="ticket", mailbox="mailbox"),
    Place(Draft, ticket="ticket", mailbox="mailbox"),
    Place(DraftFile, ticket="draft__ticket", mailbox="mailbox"),
    Place(Event, ticket="ticket", mailbox="ticket__mailbox"),
    Place(Contact, contact="pk"),
    Place(ContactAddress, contact="contact"),
    Place(ContactNote, contact="contact"),
    Place(ContactEvent, contact="contact"),
    Place(Mailbox, mailbox="pk"),
)
PLACE_OF = {place.model: place for place in PLACES}


@dataclass
class Reach:
    """One hold, with the tickets and contacts that its target has become: read once, asked for each table."""

    hold: LegalHold

    def __post_init__(self) -> None:
        """Follow merges and splits."""
        target, scope = self.hold.target_id, self.hold.scope
        self.tickets = _family(target, self.hold) if scope == Scope.TICKET else set()
        self.contacts = _merged_with(target) if scope == Scope.CONTACT else set()

    def covers(self, place: Place) -> Q | None:
        """Return the condition on rows of this table; None where the hold keeps none of it."""
        target = self.hold.target_id
        if self.hold.scope == Scope.ORGANIZATION:
            return Q(organization_id=target)
        if place.contact:
            return self._people(place.contact)
        if self.hold.scope == Scope.MAILBOX:
            moved = Q(**{f"{place.ticket}__in": self.all_tickets()}) if place.ticket else Q()
            return Q(**{place.mailbox: target}) | moved
        return Q(**{f"{place.ticket}__in": self.all_tickets()}) if place.ticket else None

    def all_tickets(self) -> Iterable[UUID] | QuerySet:
        """Return the tickets that the hold names, or that its contact or mailbox has to do with."""
        if self.hold.scope == Scope.TICKET:
            return self.tickets
        if self.hold.scope == Scope.CONTACT:
            wrote = Message.objects.filter(sender__in=self.contacts, ticket=OuterRef("pk"))
            return Ticket.objects.filter(Q(contact__in=self.contacts) | Exists(wrote)).values("pk")
        moved = Event.objects.filter(
            verb=Event.Verb.MOVED, mailbox=self.hold.target_id, at__gte=self.hold.placed_at, ticket__isnull=False
        )
        return moved.values("ticket")

    def _people(self, path: str) -> Q:
        if self.hold.scope == Scope.CONTACT:
            return Q(**{f"{path}__in": self.contacts})  # with all that were merged, either way
        if self.hold.scope == Scope.MAILBOX:
            mailbox = self.hold.target_id
            of = Ticket.objects.filter(Q(mailbox=mailbox) | Q(pk__in=self.all_tickets()))
            wrote = Message.objects.filter(mailbox=mailbox, sender__isnull=False)
        else:
            of = Ticket.objects.filter(pk__in=self.tickets)
            wrote = Message.objects.filter(ticket__in=self.tickets, sender__isnull=False)
        merged = "merged_into" if path == "pk" else f"{path}__merged_into"
        people = [of.values("contact"), wrote.values("sender")]
        return reduce(or_, (Q(**{f"{end}__in": one}) for end in (path, merged) for one in people))


def reaches(holds: Iterable[LegalHold]) -> list[Reach]:
    """Return the reach of each hold."""
    return [Reach(hold) for hold in holds]


def above(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    """Yield the references by which rows of a table go with rows that a hold keeps: name and whose."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE:
            parent = field.related_model
            if parent in PLACE_OF and parent is not Mailbox and parent is not model:
                yield field.name, parent


def _family(ticket_id: UUID, hold: LegalHold) -> set[UUID]:
    found, new = {ticket_id}, {ticket_id}
    while new:
        near = set(Ticket.objects.filter(merged_into__in=new).values_list("pk", flat=True))
        into = Ticket.objects.filter(pk__in=new, merged_into__isnull=False)
        near |= {pk for pk in into.values_list("merged_into", flat=True) if pk}
        off = Event.objects.filter(verb=Event.Verb.SPLIT_OFF, other__in=new, at__gte=hold.placed_at)
        near |= set(off.values_list("ticket", flat=True))
        new = near - found
        found |= new
    return found


def _merged_with(contact_id: UUID) -> set[UUID]:
    found, new = {contact_id}, {contact_id}
    while new:
        near = Contact.objects.filter(Q(pk__in=new, merged_into__isnull=False) | Q(merged_into__in=new))
        pairs = near.values_list("pk", "merged_into")
        new = {pk for pair in pairs for pk in pair if pk} - found
        found |= new
    return found
