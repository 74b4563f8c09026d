"""What names the person by a reference or by a keyed digest: read from the inventory, table by table."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.personal_data import About
from accounts.sealing.fields import sealed_fields
from privacy.kin import fields_along, references
from privacy.records import Record, records
from privacy.rights.finding.notes import Note, Role
from privacy.rights.subject import Subject
from tickets.models import Contact, Message

_TO_TICKET = {"ticket": "ticket_id", "message": "message__ticket_id", "draft": "draft__ticket_id"}
ROLES = {"tickets.Message": Role.OWN, "tickets.Attachment": Role.FILE, "mailbox.InboundEmail": Role.OWN}


def by_reference(subject: Subject) -> Iterator[Note]:
    """Yield every row of every table that says of itself that it is about this person."""
    for record in walked():
        for path in record.subjects:
            if leads_to_contact(record.model, path):
                yield from _rows(
                    record, Q(**{f"{path}__in": subject.contact_ids}), ROLES.get(record.label, Role.RECORD)
                )
        for column in record.digests:
            who = _digest(record.model, column, subject)
            if record.model is Message:  # what the person wrote is the person's own, by its sender
                who &= ~Q(sender__in=subject.contact_ids)
            yield from _rows(record, who, Role.NAMED if record.model is Message else Role.RECORD)


def walked() -> list[Record]:
    """Return the tables that hold words or files about people outside; ids alone end with what they name.

    Cases and jobs are proof of what was done, and have a term of their own.
    """
    return [
        record
        for record in records()
        if record.about in {About.CONTACTS, About.BOTH}
        and _is_of_an_organization(record.model)
        and (sealed_fields(record.model) or vars(record.model)["personal_data"].files)
    ]


def leads_to_contact(model: type[models.Model], path: str) -> bool:
    """Return whether that path of the inventory names a contact."""
    if " " in path:
        return False
    if path == "pk":
        return model is Contact
    return fields_along(model, path)[-1].related_model is Contact


def _is_of_an_organization(model: type[models.Model]) -> bool:
    return model._meta.app_label != "privacy" and any(
        field.attname == "organization_id" for field in model._meta.concrete_fields
    )


def _digest(model: type[models.Model], column: str, subject: Subject) -> Q:
    digests = subject.digests
    if model._meta.get_field(column).get_internal_type() == "ArrayField":
        return Q(**{f"{column}__overlap": digests}) if digests else Q(pk__in=[])
    return Q(**{f"{column}__in": digests})


def _rows(record: Record, who: Q, role: str) -> Iterator[Note]:
    ticket = ticket_path(record.model)
    found = record.model._base_manager.filter(who).order_by("pk")
    columns = found.values_list("pk", ticket) if ticket else found.values_list("pk")
    for row in columns.iterator(chunk_size=2000):
        values: tuple[Any, ...] = row
        yield Note(record.label, values[0], role, values[1] if ticket else None)


def ticket_path(model: type[models.Model]) -> str:
    """Return how rows of a table name their ticket; nothing where they have none."""
    if model._meta.label == "tickets.Ticket":
        return "pk"
    if model._meta.label == "mailbox.InboundEmail":
        return "message__ticket_id"
    names = {field.name for field in references(model)}
    return next((path for name, path in _TO_TICKET.items() if name in names), "")
