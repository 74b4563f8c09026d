"""Sealed model fields: plain on the instance, ciphertext in the database, opened when first read.

They can be saved, not searched: no look-up but isnull, no QuerySet.update(). What must be found has a keyed digest.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django import forms
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from accounts.sealing.envelope import seal, unseal, version_of
from accounts.sealing.places import opening_key, place_of, sealing_key

_left_sealed: ContextVar[bool] = ContextVar("deskhero_left_sealed", default=False)
_compact = json.JSONEncoder(separators=(",", ":")).encode


@contextmanager
def left_sealed() -> Iterator[None]:
    """Let values be copied from one instance of a row to another as they are stored, without a key."""
    token = _left_sealed.set(True)
    try:
        yield
    finally:
        _left_sealed.reset(token)


class Sealed(bytes):
    """Ciphertext as it is stored; on an instance it stands until somebody reads the value."""


class SealedAttribute(DeferredAttribute):
    """Opens the value at the first read."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        """Return the plain value."""
        value = super().__get__(instance, cls)
        if type(value) is not Sealed or instance is None or _left_sealed.get():
            return value
        plain = self.field.open(instance, value)
        instance.__dict__[self.field.attname] = plain
        return plain

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Take the value; having this method makes Python ask __get__ even when the instance holds a value."""
        instance.__dict__[self.field.attname] = value


class SealedField(models.Field):
    """The base: bytes in, ciphertext stored. `key` names whose key: MAILBOX, ORGANIZATION, PROFILE or HOLD."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, key: str, compress: bool = False, **kwargs: Any) -> None:
        """Take the kind of key, and whether to compress first (bodies)."""
        self.key, self.compress = str(key), compress
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Return what a migration needs."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "key": self.key, "compress": self.compress}

    def get_internal_type(self) -> str:
        """Stored as bytea."""
        return "BinaryField"

    def encode(self, value: Any) -> bytes:
        """Return the value as bytes."""
        return bytes(value)

    def decode(self, data: bytes) -> Any:
        """Return the value from its bytes."""
        return data

    def seal(self, instance: models.Model, value: Any) -> Sealed:
        """Seal a value for this row."""
        place = place_of(instance, self.key, self.attname)
        return Sealed(seal(sealing_key(instance, self.key), place, self.encode(value), compress=self.compress))

    def open(self, instance: models.Model, sealed: bytes) -> Any:
        """Open a value of this row; SealingError where it was altered or comes from another place."""
        key = opening_key(instance, self.key, version_of(sealed))
        return self.decode(unseal(key, place_of(instance, self.key, self.attname), sealed))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        """Leave it sealed until it is read."""
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal on the way to the database; what nobody opened goes back as it came."""
        value = model_instance.__dict__.get(self.attname)
        return value if value is None or type(value) is Sealed else self.seal(model_instance, value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Refuse anything that is not sealed: there is no way to the table for plain text."""
        if value is not None and type(value) is not Sealed:
            raise TypeError(f"{self.model.__name__}.{self.name} is sealed: save the instance instead.")
        return None if value is None else connection.Database.Binary(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only isnull can be asked of ciphertext."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed and cannot be searched; use its digest.")
        return super().get_lookup(lookup_name)

    def get_default(self) -> Any:
        """Return the plain default; without one, nothing at all, or empty text."""
        if self.has_default():
            return self.default() if callable(self.default) else self.default
        return None if self.null else self.decode(b"")


class SealedBytesField(SealedField):
    """Bytes, sealed."""


class SealedTextField(SealedField):
    """Text, sealed."""

    def encode(self, value: Any) -> bytes:
        """Return UTF-8; lone surrogates of broken mail survive the round trip."""
        return str(value).encode("utf-8", "surrogatepass")

    def decode(self, data: bytes) -> str:
        """Return the text."""
        return data.decode("utf-8", "surrogatepass")

    def formfield(self, **kwargs: Any) -> Any:
        """A line of text in forms."""
        return models.Field.formfield(self, form_class=forms.CharField, **kwargs)


class SealedJSONField(SealedField):
    """Anything JSON can hold, sealed."""

    def encode(self, value: Any) -> bytes:
        """Return compact JSON."""
        return _compact(value).encode("utf-8")

    def decode(self, data: bytes) -> Any:
        """Return the value; nothing at all is an empty object."""
        return json.loads(data) if data else {}


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    """Return the sealed fields of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]
