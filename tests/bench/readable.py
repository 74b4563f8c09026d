"""Copies made in SQL carry texts that nobody can open: those a page is about to show get one of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from accounts.sealing.errors import SealingError
from accounts.sealing.fields import SealedField, SealedTextField

TEXT = "Where is order 4711, and when may I expect it at the new address?"


@contextmanager
def copies_become_readable() -> Iterator[None]:
    """While pages are made in here, seal a usual text anew wherever the row's own does not open."""
    really_open = SealedField.open

    def open_or_replace(field: SealedField, instance: Any, sealed: bytes) -> Any:
        try:
            return really_open(field, instance, sealed)
        except SealingError:
            value = TEXT if isinstance(field, SealedTextField) else field.get_default()
            type(instance)._base_manager.filter(pk=instance.pk).update(**{field.name: field.seal(instance, value)})
            return value

    with mock.patch.object(SealedField, "open", open_or_replace):
        yield
