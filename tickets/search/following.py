"""What is saved by itself is kept by itself: no action has to remember the index.

Saving says what changed, so that the many saves of states and times cost nothing. What is written many at once says it
itself (tickets.filing.writing), and what is deleted or moved within a mailbox is followed by triggers of the database.
"""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from tickets.models import Attachment, Contact, ContactAddress, Message, Note, Ticket
from tickets.search.keeping import keep_messages, keep_notes, keep_tickets, keep_tickets_of

_Fields = Collection[str] | None


def _touches(created: bool, fields: _Fields, *names: str) -> bool:
    return created or fields is None or not set(names).isdisjoint(fields)


@receiver(post_save, sender=Ticket)
def keep_ticket(instance: Ticket, created: bool, update_fields: _Fields = None, **kwargs: Any) -> None:
    """Keep the head of a ticket that is new, or has another subject, contact or mailbox."""
    if _touches(created, update_fields, "subject", "contact", "mailbox", "mailbox_id", "number"):
        keep_tickets([instance])


@receiver(post_save, sender=Message)
def keep_message(instance: Message, created: bool, update_fields: _Fields = None, **kwargs: Any) -> None:
    """Keep a message that is new, says something else, or lies in another mailbox."""
    if _touches(created, update_fields, "headers", "new_text", "whole_text", "mailbox", "mailbox_id"):
        keep_messages([instance])


@receiver(post_save, sender=Note)
def keep_note(instance: Note, created: bool, update_fields: _Fields = None, **kwargs: Any) -> None:
    """Keep a note that is new, says something else, or lies in another mailbox."""
    if _touches(created, update_fields, "text", "mailbox", "mailbox_id"):
        keep_notes([instance])


@receiver(post_save, sender=Attachment)
def keep_file(instance: Attachment, **kwargs: Any) -> None:
    """Keep the message that got a file."""
    keep_messages([instance.message])


@receiver(post_save, sender=Contact)
@receiver(post_save, sender=ContactAddress)
def keep_contact(
    instance: Contact | ContactAddress, created: bool, update_fields: _Fields = None, **kwargs: Any
) -> None:
    """Keep the heads of a contact's tickets when the contact is called something else or has another address."""
    if isinstance(instance, Contact) and (created or not _touches(created, update_fields, "name")):
        return
    if isinstance(instance, ContactAddress) and not _touches(created, update_fields, "address", "contact"):
        return
    keep_tickets_of([instance.pk if isinstance(instance, Contact) else instance.contact_id])
