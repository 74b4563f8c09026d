"""The officer reads what was put aside for a hold: written down and committed before anything is opened."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from privacy.actions.place_hold import note
from privacy.holds.actors import Officer
from privacy.holds.contents import raw_of
from privacy.models import HeldItem, HoldEvent


def open_item(item: HeldItem, *, by: Officer) -> dict[str, Any]:
    """Return column and value of a row that was put aside; originals are downloads, and only named here."""
    _write_down(item, by)
    values = dict(item.content)
    return {name: value if raw_of(value) is None else "(an original: download it)" for name, value in values.items()}


def open_file(item: HeldItem, *, by: Officer) -> Iterator[bytes] | None:
    """Return the file of a row that was put aside, or its original, in pieces; None where it has neither."""
    _write_down(item, by)
    if item.file_state == HeldItem.FileState.KEPT:
        chunks = item.file.read()
        first = next(chunks)  # opened here, where the key may still be asked for
        return chain([first], chunks)
    raw = next(filter(None, map(raw_of, item.content.values())), None)
    return iter([raw]) if raw is not None else None


def _write_down(item: HeldItem, by: Officer) -> None:
    if not isinstance(by, Officer):
        raise ActionRefused(_("You do not have the role for legal holds."))
    note(item.hold, HoldEvent.Verb.READ, by=by, item_id=item.pk)
