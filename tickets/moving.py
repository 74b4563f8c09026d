"""Moving mails and notes to another ticket; where that has another mailbox, they are sealed for it (DESIGN 2b)."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.models import Count, Max, Q, QuerySet

from accounts.sealing.fields import sealed_fields
from accounts.sealing.files import SealedFile
from mailbox.models import Mailbox
from tickets.filing.building import snippet_of
from tickets.models import Attachment, Message, Note, Ticket

STEP = 50  # mails in memory at once


def move(rows: QuerySet[Any], ticket: Ticket) -> None:
    """Put these messages or notes, of tickets that the caller holds, into the ticket; inside a transaction.

    What another mailbox's key sealed is sealed again under that of the ticket's mailbox, files included: old files go
    once this is committed, so that nothing is lost whichever way it ends.
    """
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    model = rows.model
    for start in range(0, len(ids), STEP):
        found = model._base_manager.filter(pk__in=ids[start : start + STEP]).order_by("pk")
        found.filter(mailbox=ticket.mailbox_id).update(ticket=ticket)
        for row in found.exclude(mailbox=ticket.mailbox_id):
            _seal_again(row, ticket.mailbox_id)
            row.ticket = ticket
            row.save()
            if isinstance(row, Message):
                _move_files(row.attachments.order_by("position"), ticket)


def relocate(ticket: Ticket, mailbox: Mailbox) -> None:
    """Put a ticket that the caller holds into another mailbox, with everything in it sealed for that one."""
    _seal_again(ticket, mailbox.pk)
    ticket.mailbox = mailbox
    ticket.save()
    for rows in belongings(ticket):
        move(rows, ticket)


def belongings(ticket: Ticket) -> Iterator[QuerySet[Any]]:
    """Yield what lies in a ticket under its mailbox's key: mails, notes, and whatever else is kept that way."""
    for model in apps.get_app_config(Ticket._meta.app_label).get_models():
        names = {field.attname for field in model._meta.concrete_fields}
        if {"ticket_id", "mailbox_id"} <= names and sealed_fields(model):
            yield model._base_manager.filter(ticket=ticket)


def recount(ticket: Ticket) -> None:
    """Say again how many mails the ticket has, what the newest says and when something last happened."""
    messages = ticket.messages.all()
    counted = messages.aggregate(count=Count("pk"), files=Count("pk", filter=Q(attachment_count__gt=0)), at=Max("at"))
    noted = Note.objects.filter(ticket=ticket).aggregate(at=Max("at"))["at"]
    newest = messages.order_by("-at", "-pk").first()
    ticket.message_count, ticket.has_attachments = counted["count"], counted["files"] > 0
    ticket.last_activity_at = max((at for at in (counted["at"], noted) if at), default=ticket.last_activity_at)
    ticket.snippet = snippet_of(newest.new_text) if newest else ""
    ticket.save(update_fields=["message_count", "has_attachments", "last_activity_at", "snippet"])


def _seal_again(row: Any, mailbox_id: UUID) -> None:
    """Open everything under the old key; saving seals it under the new one."""
    for field in sealed_fields(type(row)):
        getattr(row, field.attname)
    row.mailbox_id = mailbox_id


def _move_files(attachments: Iterable[Attachment], ticket: Ticket) -> None:
    written: list[SealedFile] = []
    try:
        for old in attachments:
            if old.file.exists():
                written.append(_copied(old, ticket).file)
                transaction.on_commit(old.file.delete)
                old.delete()
            else:
                _seal_again(old, ticket.mailbox_id)
                old.save()
    except BaseException:
        for file in written:
            file.delete()
        raise


def _copied(old: Attachment, ticket: Ticket) -> Attachment:
    """Return the same file as a new row: a seal is bound to its row, and the old one must open until the commit."""
    values: dict[str, Any] = {
        field.attname: getattr(old, field.attname)
        for field in old._meta.concrete_fields
        if isinstance(field, models.Field) and not field.primary_key
    }
    new = Attachment(**values | {"mailbox_id": ticket.mailbox_id})
    new.file.write(old.file.read())
    new.save(force_insert=True)
    return new
