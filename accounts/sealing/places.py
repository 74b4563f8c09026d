"""Where a value lives, and which key that place uses."""

from functools import lru_cache
from uuid import UUID

from django.db import models

from accounts.sealing.errors import KeyMissing, SealingError
from accounts.sealing.keys import Key, Kind, keys, make_key

MAILBOX, ORGANIZATION, PROFILE, HOLD = Kind.MAILBOX, Kind.ORGANIZATION, Kind.PROFILE, Kind.HOLD
CASE = Kind.CASE
# The attribute of a row that names the owner of the key.
OWNER: dict[str, str] = {
    MAILBOX: "mailbox_id",
    ORGANIZATION: "organization_id",
    PROFILE: "profile_id",
    HOLD: "hold_key_id",
    CASE: "case_id",
}


def owner_of(instance: models.Model, kind: str) -> UUID:
    """Return whose key this row uses for values of that kind."""
    owner: UUID | None = getattr(instance, OWNER[kind], None)
    if owner is None:
        raise SealingError(f"{instance._meta.label} must know its {OWNER[kind]} before it is sealed or opened.")
    return owner


def place_of(instance: models.Model, kind: str, column: str) -> str:
    """Return the associated data of a value: organization, key owner, column, row."""
    organization = getattr(instance, "organization_id", None)
    whose = _written(organization) if organization else "-"
    return f"{whose}|{_written(owner_of(instance, kind))}|{instance._meta.db_table}.{column}|{instance.pk}"


_written = lru_cache(maxsize=4096)(str)  # few organizations and mailboxes have all the values of a page or a batch


def sealing_key(instance: models.Model, kind: str) -> Key:
    """Return the key that seals new values of this row; a person's or a case's own key is made when first needed."""
    owner = owner_of(instance, kind)
    try:
        return keys.current(kind, owner)
    except KeyMissing:
        if kind not in (PROFILE, CASE):
            raise
        return make_key(kind, owner, organization=instance.organization_id if kind == CASE else None)  # type: ignore[attr-defined]


def opening_key(instance: models.Model, kind: str, version: int) -> Key:
    """Return the key that opens a value sealed with that version."""
    return keys.version(kind, owner_of(instance, kind), version)
