"""{% staff_board %}: what the first page of the operator's desk shows to who is signed in."""

from typing import Any

from django import template

from privacy.staff.board import due_for, tiles_for

register = template.Library()


@register.inclusion_tag("admin/_board.html", takes_context=True)
def staff_board(context: Any) -> dict[str, Any]:
    """Return the figures and the due dates."""
    user = context["request"].user
    return {"tiles": tiles_for(user), "due": due_for(user)}
