"""A row as a held item keeps it: what its columns say, without keyed digests and without what opens a mailbox."""

import base64
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from accounts.sealing.fields import SealedField
from accounts.sealing.files import SealedFile

SECRETS = {"mailbox.Mailbox": frozenset({"credentials", "cursor"})}  # no evidence, and of use to thieves only


def content_of(row: models.Model) -> dict[str, Any]:
    """Return column and value of everything that says something; SealingError where a value cannot be opened."""
    left_out = SECRETS.get(row._meta.label, frozenset())
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in left_out and _says_something(field)
    }


def raw_of(value: Any) -> bytes | None:
    """Return the bytes of a value that was an original; None where it was none."""
    return base64.b64decode(value["base64"]) if isinstance(value, dict) and set(value) == {"base64"} else None


def file_of(row: models.Model) -> SealedFile | None:
    """Return the file that hangs on a row, there or not; None for rows that keep everything with them."""
    declared = vars(type(row))["personal_data"].files
    if not declared or getattr(row, "raw_inline", None) is not None:
        return None
    found: SealedFile = getattr(row, next(iter(declared)))
    return found


def _says_something(field: models.Field) -> bool:
    if isinstance(field, SealedField):
        return True
    inner = getattr(field, "base_field", field)
    return not isinstance(inner, models.BinaryField)  # keyed digests


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value
