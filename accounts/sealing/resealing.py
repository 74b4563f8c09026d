"""Sealing again with the newest version of a key: the rows and the files of one organization or mailbox, in batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import models

from accounts.sealing.errors import SealingError
from accounts.sealing.fields import SealedField, sealed_fields
from accounts.sealing.keys import Kind
from accounts.sealing.places import OWNER
from accounts.tenancy import organization_scope
from accounts.tenancy.append_only import AppendOnly

BATCH = 200


@dataclass(frozen=True)
class Target:
    """Whose values are to carry which version."""

    kind: str
    owner: UUID
    organization: UUID
    version: int


def reseal_all(target: Target) -> Iterator[tuple[str, int, int]]:
    """Seal again what carries another version; yield (what, how many, how many could not be opened).

    Rows that nobody may change stay under the version they have, which the vault keeps.
    """
    for model in apps.get_models():
        fields = [field for field in sealed_fields(model) if field.key == target.kind]
        if fields and not any(isinstance(one, AppendOnly) for one in model._meta.constraints):
            yield model._meta.label, *_reseal_rows(model, fields, target)
        declared = getattr(model, "personal_data", None)
        for name, kind in (declared.files if declared else {}).items():
            if kind == target.kind:
                yield f"{model._meta.label}.{name}", *_rewrap_files(model, name, target)


def _reseal_rows(model: type[models.Model], fields: list[SealedField], target: Target) -> tuple[int, int]:
    old = " OR ".join(f'substring("{field.column}" from 2 for 2) <> %s' for field in fields)
    version = target.version.to_bytes(2, "big")
    stale = _rows_of(model, target).extra(where=[f"({old})"], params=[version] * len(fields))  # noqa: S610 - own columns
    done = unreadable = 0
    last: object = None
    while True:
        with organization_scope(target.organization):
            page = stale if last is None else stale.filter(pk__gt=last)
            batch = list(page.order_by("pk").select_for_update(of=("self",))[:BATCH])
            for row in batch:
                try:
                    values = {field.name: _again(field, row) for field in fields}
                except SealingError:
                    unreadable += 1
                    continue
                model._base_manager.filter(pk=row.pk).update(**values)
                done += 1
        if not batch:
            return done, unreadable
        last = batch[-1].pk


def _again(field: SealedField, row: models.Model) -> bytes | None:
    value = getattr(row, field.attname)
    return None if value is None else field.seal(row, value)


def _rewrap_files(model: type[models.Model], name: str, target: Target) -> tuple[int, int]:
    done = unreadable = 0
    last: object = None
    while True:
        with organization_scope(target.organization):
            page = _rows_of(model, target)
            page = page if last is None else page.filter(pk__gt=last)
            batch = list(page.order_by("pk")[:BATCH])
        for row in batch:
            file = getattr(row, name)
            if not file.exists():  # small originals live in their row
                continue
            try:
                done += file.rewrap()
            except SealingError:
                unreadable += 1
        if not batch:
            return done, unreadable
        last = batch[-1].pk


def _rows_of(model: type[models.Model], target: Target) -> models.QuerySet[models.Model]:
    owner = OWNER[Kind(target.kind)]
    columns = {field.attname for field in model._meta.concrete_fields}
    return model._base_manager.filter(**{owner if owner in columns else "pk": target.owner})
