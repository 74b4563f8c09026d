"""Rows: a short list carried whole inside another query, so that what every page shows costs one statement.

organization = Organization.objects.annotate(its_teams=Rows(Team.objects.filter(...).values("id", "name")))
teams = opened(Team, organization.its_teams)
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import models
from django.db.models import Subquery

from accounts.sealing.fields import Sealed, SealedField

_Model = TypeVar("_Model", bound=models.Model)


class Rows(Subquery):
    """All rows of a queryset of values as one JSON array; for lists of tens, not thousands."""

    template = "(SELECT COALESCE(jsonb_agg(to_jsonb(carried)), '[]'::jsonb) FROM (%(subquery)s) AS carried)"
    output_field = models.JSONField()


def opened(model: type[_Model], rows: Sequence[Mapping[str, Any]]) -> list[_Model]:
    """Return model instances made of carried rows; what is no column becomes a plain attribute, as annotate() does."""
    return [_opened(model, row) for row in rows]


def _opened(model: type[_Model], row: Mapping[str, Any]) -> _Model:
    columns = [field for field in model._meta.concrete_fields if field.attname in row]  # from_db wants their order
    names = [field.attname for field in columns]
    instance = model.from_db("default", names, [_value(field, row[field.attname]) for field in columns])
    for name, value in row.items():
        if name not in names:
            setattr(instance, name, value)
    return instance


def _value(field: models.Field, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, (SealedField, models.BinaryField)):
        data = bytes.fromhex(value.removeprefix("\\x"))
        return Sealed(data) if isinstance(field, SealedField) else data
    return field.to_python(value)
