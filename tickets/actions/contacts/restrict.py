"""Restriction (Art. 18): what there is about a contact is only stored, until the restriction is lifted."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.live import publish
from mailbox.models import InboundEmail
from tickets.actions.contacts.stop_mail import stop_mail_to
from tickets.contacts.codes import recode
from tickets.filing.turn import serialize_filing
from tickets.models import Contact, ContactCode, Message, Note, Ticket
from tickets.search.documents import MESSAGE, NOTE, TICKET, Document
from tickets.search.keeping import keep, keep_messages, keep_notes, keep_tickets

State = Ticket.State


@transaction.atomic
def restrict_contact(contact: Contact) -> None:
    """Lock a contact, its tickets and its mails in others' tickets; nothing is found, shown, sent or exported.

    What comes from now on is stored unopened; what waits to leave to them does not. Restricting twice changes nothing.
    """
    serialize_filing(contact.organization_id)
    contact.lock()
    if contact.restricted_at is not None:
        return
    family = _family(contact)
    stop_mail_to(family.values_list("pk", flat=True))
    family.update(restricted_at=timezone.now())
    tickets, messages = _tickets(contact), _messages(contact)
    tickets.exclude(state=State.LOCKED).update(state_before_lock=F("state"), state=State.LOCKED)
    messages.update(is_locked=True)
    ContactCode.objects.filter(contact__in=family).delete()
    keep(_empty(tickets, messages))
    contact.refresh_from_db()
    publish(contact.organization_id, "access")


@transaction.atomic
def unrestrict_contact(contact: Contact) -> None:
    """Unlock everything as it was, and file what was stored meanwhile; doing it twice changes nothing."""
    from tickets.tasks import file_mail

    serialize_filing(contact.organization_id)
    contact.lock()
    if contact.restricted_at is None:
        return
    family = _family(contact)
    tickets, messages = _tickets(contact), _messages(contact)
    locked = list(tickets.filter(state=State.LOCKED).values_list("pk", flat=True))
    Ticket.objects.filter(pk__in=locked).exclude(state_before_lock="").update(
        state=F("state_before_lock"), state_before_lock=""
    )
    messages.update(is_locked=False)
    family.update(restricted_at=None, withheld_count=0)
    recode(list(family))
    keep_tickets(Ticket.objects.filter(pk__in=locked).select_related("contact"))
    keep_messages(list(messages | Message.objects.filter(ticket__in=locked)))
    keep_notes(Note.objects.filter(ticket__in=locked))
    # Of whom it is stands in no column: all are filed anew, and what is another restricted person's is withheld again.
    withheld = InboundEmail.objects.filter(state=InboundEmail.State.RESTRICTED).order_by("received_at", "pk")
    ids = [str(pk) for pk in withheld.values_list("pk", flat=True)]
    others = Contact.objects.filter(organization_id=contact.organization_id, restricted_at__isnull=False)
    others.update(withheld_count=0)
    InboundEmail.objects.filter(pk__in=ids).update(state=InboundEmail.State.STORED)
    if ids:
        file_mail.delay_on_commit(str(contact.organization_id), ids)
    contact.refresh_from_db()
    publish(contact.organization_id, "access")


def _family(contact: Contact) -> QuerySet[Contact]:
    return Contact.objects.filter(Q(pk=contact.pk) | Q(merged_into=contact))


def _tickets(contact: Contact) -> QuerySet[Ticket]:
    return Ticket.objects.filter(contact=contact)


def _messages(contact: Contact) -> QuerySet[Message]:
    return Message.objects.filter(sender=contact)


def _empty(tickets: QuerySet[Ticket], messages: QuerySet[Message]) -> Iterable[Document]:
    """Yield documents without a word in place of those of locked tickets and mails: the index finds none of them."""
    ids: set[UUID] = set(tickets.values_list("pk", flat=True))
    for ticket in tickets.only("organization_id", "mailbox_id", "last_activity_at"):
        yield Document(ticket.pk, TICKET, ticket.pk, ticket.organization_id, ticket.mailbox_id, ticket.last_activity_at)
    mails = messages | Message.objects.filter(ticket__in=ids)
    for mail in mails.only("organization_id", "mailbox_id", "ticket_id", "at"):
        yield Document(mail.pk, MESSAGE, mail.ticket_id, mail.organization_id, mail.mailbox_id, mail.at)
    for note in Note.objects.filter(ticket__in=ids).only("organization_id", "mailbox_id", "ticket_id", "at"):
        yield Document(note.pk, NOTE, note.ticket_id, note.organization_id, note.mailbox_id, note.at)
