"""The way back that a notice offers."""

from typing import Any

from django import template

from accounts import notices

register = template.Library()


@register.filter
def undo_of(message: Any) -> dict[str, Any] | None:
    """{% with undo=message|undo_of %}: the form's address and fields, or nothing."""
    return notices.undo_of(message)
