"""Blacking the person out of any other row: every sealed text of it, inside JSON too."""

from typing import Any

from django.db import models

from accounts.sealing.fields import sealed_fields
from privacy.rights.traces import Traces


def black_out_row(row: models.Model, traces: Traces, *, parts: bool) -> bool:
    """Take the person out of every sealed text of a row; return whether anything changed."""
    changed = []
    for field in sealed_fields(type(row)):
        before = getattr(row, field.attname)
        after = _without(before, traces, parts)
        if after != before:
            setattr(row, field.attname, after)
            changed.append(field.attname)
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def _without(value: Any, traces: Traces, parts: bool) -> Any:
    if isinstance(value, str):
        return traces.black_out(value, parts=parts)
    if isinstance(value, dict):
        return {key: _without(inner, traces, parts) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, traces, parts) for inner in value]
    return value
