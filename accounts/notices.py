"""A confirmation that offers the way back: its notice holds a form, so that it works without a script as well."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest


def confirm(request: HttpRequest, text: str, *, undo: str = "", stays: bool = False, **fields: str) -> None:
    """Say what was done; `undo` is the address that takes it back, `fields` go along with that form.

    `stays` says that this address answers a quick form as `done` does, so that the page need not be loaded anew.
    """
    offered = json.dumps({"url": undo, "stays": stays, "fields": fields}) if undo else ""
    messages.success(request, text, extra_tags=offered)


def undo_of(message: Any) -> dict[str, Any] | None:
    """Return the form that a message offers, as `url`, `stays` and `fields`; None where it offers none."""
    try:
        offered = json.loads(message.extra_tags or "null")
    except ValueError:
        return None
    return offered if isinstance(offered, dict) and "url" in offered else None
