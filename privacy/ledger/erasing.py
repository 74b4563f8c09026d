"""Erasing again what a ledger names: rows with all that hangs on them and their files, single columns, single files."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from accounts.sealing.fields import sealed_fields
from accounts.sealing.files import SealedFile

BATCH = 2000  # ids of a statement
BELONGS = (models.CASCADE, models.RESTRICT, models.PROTECT)


def erase_rows(model: type[models.Model], ids: Sequence[Any]) -> int:
    """Delete rows, what belongs to them and their files, in the caller's transaction; return how many rows went.

    What only names them is left, with an empty reference.
    """
    return sum(_erase(model, ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def _erase(model: type[models.Model], ids: Sequence[Any]) -> int:
    done = 0
    for field in _references_to(model):
        rows = field.model._base_manager.filter(**{f"{field.name}__in": ids})
        if field.remote_field.on_delete in BELONGS:
            done += erase_rows(field.model, list(rows.values_list("pk", flat=True)))
        else:
            rows.update(**{field.name: None})
    for name in _files_of(model):
        for row in model._base_manager.filter(pk__in=ids).defer(*[field.name for field in sealed_fields(model)]):
            file: SealedFile = getattr(row, name)
            file.delete()
    # What Django calls once it has seen that nothing hangs on the rows; here that was seen to already.
    rows = model._base_manager.filter(pk__in=ids)
    return done + int(rows._raw_delete(rows.db))  # type: ignore[attr-defined]


def empty_column(model: type[models.Model], column: str, ids: Sequence[UUID]) -> int:
    """Empty one column of these rows; return how many rows there were."""
    field = model._meta.get_field(column)
    rows = list(model._base_manager.filter(pk__in=ids))
    for row in rows:
        setattr(row, column, None if field.null else field.get_default())
        row.save(update_fields=[column])
    return len(rows)


def delete_files(model: type[models.Model], name: str, ids: Sequence[UUID]) -> int:
    """Delete one kind of file of these rows; return how many there were."""
    files = [getattr(row, name) for row in model._base_manager.filter(pk__in=ids)]
    there = [file for file in files if file.exists()]
    for file in there:
        file.delete()
    return len(there)


def models_with_files() -> list[type[models.Model]]:
    """Return the models whose rows have sealed files, which carry the row's own id."""
    return [model for model in apps.get_models() if _files_of(model)]


def _files_of(model: type[models.Model]) -> list[str]:
    declared = vars(model).get("personal_data")
    return sorted(declared.files) if declared else []


def _references_to(model: type[models.Model]) -> list[models.ForeignKey]:
    return [
        field
        for other in apps.get_models(include_auto_created=True)
        if other._meta.managed and not other._meta.proxy
        for field in other._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model is model
        and field.remote_field.on_delete is not models.DO_NOTHING
    ]
