"""Rows as JSON: every column a person can use, opened; without secrets, digests and what only the program needs."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import models

from accounts.models import Organization, Owned
from accounts.sealing.errors import SealingError
from accounts.sealing.fields import SealedField
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from privacy import kin
from privacy.declarations import declaration

BATCH = 200
# Never given out, to nobody: what lets somebody into an account, and the provider's bookmark.
WITHHELD: dict[type[models.Model], set[str]] = {Mailbox: {"credentials", "credentials_version", "cursor"}}
ORIGINALS: dict[type[models.Model], set[str]] = {
    InboundEmail: {"raw_inline"},
    OutboundEmail: {"raw_inline"},
}  # these go into mbox files


def exported_models() -> list[type[models.Model]]:
    """Return every model whose rows belong to the organization and are exported, by the word of the inventory."""
    return [
        model
        for model in kin.all_models()
        if (issubclass(model, Owned) or model is Organization)
        and (data := declaration(model)) is not None
        and not data.unexported
    ]


def rows_of(model: type[models.Model], after: Any = None) -> models.QuerySet[Any]:
    """Return the next rows in the organization's scope; those of a disconnected mailbox are closed to everybody."""
    found = model._base_manager.order_by("pk")
    for path in kin.paths(model, Mailbox):
        found = found.exclude(**{f"{path}__state": Mailbox.State.DISCONNECTED})
    if model is Mailbox:
        found = found.exclude(state=Mailbox.State.DISCONNECTED)
    return found.filter(pk__gt=after) if after is not None else found


def as_json(row: models.Model) -> bytes:
    """Return a row as one line of JSON."""
    return json.dumps(dict(_columns(row)), ensure_ascii=False, default=str).encode() + b"\n"


def _columns(row: models.Model) -> Iterator[tuple[str, Any]]:
    left_out = WITHHELD.get(type(row), set()) | ORIGINALS.get(type(row), set())
    for field in row._meta.concrete_fields:
        name = field.attname
        if name in left_out or (isinstance(field, models.BinaryField) and not isinstance(field, SealedField)):
            continue  # a digest or a token's hash: it says nothing to anybody but this program
        try:
            value = getattr(row, name)
        except SealingError:  # its key was destroyed: what it said is gone
            continue
        if not isinstance(value, (bytes, memoryview)):
            yield name, value
