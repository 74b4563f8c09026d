"""Erasing rows with everything that hangs on them: statements over lists of ids, children before parents.

Django's own cascade would load every row, and would leave the files of rows where they are.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from accounts.sealing.fields import sealed_fields
from privacy import kin
from privacy.declarations import declaration

FILES = "files"


def erase(model: type[models.Model], ids: Sequence[Any], counts: Counter[str], *, originals: bool = False) -> None:
    """Delete these rows, what belongs to them, and their files; in the caller's transaction.

    Files go first: where the transaction breaks off, their rows are still there and are found again. With `originals`
    the mails go from which a message was made.
    """
    if not ids:
        return
    mails = _originals(model, ids) if originals else {}
    for field in kin.children(model):
        rows = field.model._base_manager.filter(**{f"{field.name}__in": ids})
        if kin.what_happens(field) is models.SET_NULL:
            rows.update(**{field.name: None})
        elif kin.what_happens(field) in kin.BELONGS:
            _erase_children(field.model, rows, counts, originals=originals)
    remove_files(model, ids, counts)
    counts[model._meta.label] += _delete(model._base_manager.filter(pk__in=ids))
    for source, source_ids in mails.items():
        erase(source, source_ids, counts)


def remove_files(model: type[models.Model], ids: Sequence[Any], counts: Counter[str]) -> None:
    """Delete the files of these rows; OSError where the storage refuses."""
    for name in file_properties(model):
        for row in with_file(model, name).filter(pk__in=ids).defer(*[field.name for field in sealed_fields(model)]):
            getattr(row, name).delete()
            counts[FILES] += 1


def file_properties(model: type[models.Model]) -> list[str]:
    """Return the properties of a model that name a file."""
    data = declaration(model)
    return sorted(data.files) if data else []


def with_file(model: type[models.Model], name: str) -> QuerySet:
    """Return the rows that have such a file: `raw_file` stands in for an empty `raw_inline`, others always exist."""
    rows: QuerySet = model._base_manager.all()
    inline = name.removesuffix("_file") + "_inline"
    has_inline = any(field.name == inline for field in model._meta.concrete_fields)
    return rows.filter(**{f"{inline}__isnull": True}) if has_inline else rows


def _erase_children(model: type[models.Model], rows: QuerySet, counts: Counter[str], *, originals: bool) -> None:
    if kin.children(model) or file_properties(model) or (originals and _sources(model)):
        erase(model, list(rows.values_list("pk", flat=True)), counts, originals=originals)
    else:
        counts[model._meta.label] += _delete(rows)


def _delete(rows: QuerySet) -> int:
    # What Django calls once it has seen that nothing hangs on the rows; here that was seen to already.
    deleted: int = rows._raw_delete(rows.db)
    return deleted


def _originals(model: type[models.Model], ids: Sequence[Any]) -> dict[type[models.Model], list[UUID]]:
    found = {}
    for field in _sources(model):
        rows = model._base_manager.filter(pk__in=ids).exclude(**{field.name: None})
        found[field.related_model] = list(rows.values_list(field.attname, flat=True))
    return found


def _sources(model: type[models.Model]) -> list[models.ForeignKey]:
    """Return the references to what a row was made from: one to one, and either may be there without the other."""
    return [field for field in kin.references(model) if field.one_to_one and kin.what_happens(field) is models.SET_NULL]
