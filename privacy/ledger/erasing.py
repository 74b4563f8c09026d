"""Erasing again what a ledger names: rows with all that hangs on them and their files, single columns, single files."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from mailbox.models import Mailbox
from privacy import kin
from privacy.deletion.erasing import FILES, erase, file_properties
from privacy.deletion.steps.contacts import without_mail
from privacy.holding import exclude_held
from tickets.models import Contact, Message, Ticket

BATCH = 2000  # ids of a statement


def erase_rows(model: type[models.Model], ids: Sequence[Any]) -> int:
    """Delete rows, what belongs to them and their files, in the caller's transaction; return how many rows went.

    Whatever a legal hold keeps where it is stays, and so does whoever it hangs on.
    """
    counts: Counter[str] = Counter()
    for start in range(0, len(ids), BATCH):
        rows = model._base_manager.filter(pk__in=ids[start : start + BATCH])
        if model is Contact:
            for mails, path in ((Message, "ticket__contact"), (Ticket, "contact"), (Message, "sender")):
                erase_free(mails, mails._base_manager.filter(**{f"{path}__in": rows.values("pk")}), counts)
            rows = without_mail(Contact._base_manager.filter(pk__in=rows.values("pk")))
        erase_free(model, rows, counts)
    return counts.total() - counts[FILES]


def erase_whole(model: type[models.Model], ids: Sequence[Any]) -> int:
    """Delete all of a mailbox or an organization: what holds keep of it was put aside, and the rest has no key."""
    counts: Counter[str] = Counter()
    for child in kin.children_first(model):
        for field in kin.children(model):
            if field.model is child and kin.what_happens(field) in kin.BELONGS:
                rows = child._base_manager.filter(**{f"{field.name}__in": ids})
                found = list(rows.values_list("pk", flat=True))
                if child is Mailbox:
                    counts[Mailbox._meta.label] += erase_whole(Mailbox, found)
                for start in range(0, len(found), BATCH):
                    erase(child, found[start : start + BATCH], counts)
    erase(model, ids, counts)
    return counts.total() - counts[FILES]


def erase_free(model: type[models.Model], rows: models.QuerySet, counts: Counter[str]) -> None:
    """Delete the rows no hold keeps, with what hangs on them."""
    free = list(exclude_held(rows).values_list("pk", flat=True))
    for start in range(0, len(free), BATCH):
        erase(model, free[start : start + BATCH], counts)


def empty_column(model: type[models.Model], column: str, ids: Sequence[UUID]) -> int:
    """Empty one column of these rows; return how many rows there were."""
    field = column_of(model, column)
    rows = list(model._base_manager.filter(pk__in=ids))
    for row in rows:
        setattr(row, column, None if field.null else field.get_default())
        row.save(update_fields=[column])
    return len(rows)


def column_of(model: type[models.Model], column: str) -> models.Field:
    """Return a column by its name; relations from elsewhere are none."""
    return next(field for field in model._meta.concrete_fields if field.name == column)


def delete_files(model: type[models.Model], name: str, ids: Sequence[UUID]) -> int:
    """Delete one kind of file of these rows; return how many there were."""
    files = [getattr(row, name) for row in model._base_manager.filter(pk__in=ids)]
    there = [file for file in files if file.exists()]
    for file in there:
        file.delete()
    return len(there)


def models_with_files() -> list[type[models.Model]]:
    """Return the models whose rows have sealed files, which carry the row's own id."""
    return [model for model in apps.get_models() if file_properties(model)]
