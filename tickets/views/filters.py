"""What the address of the queue asks for."""

from django.http import Http404, QueryDict

from tickets.lists import VIEWS
from tickets.narrowing import NARROWERS, Asked, asked_by

__all__ = ["NARROWERS", "Asked", "asked", "came_from"]


def asked(given: QueryDict) -> Asked:
    """Return what the queue is asked for; 404 for a view nobody offered and for what is no id."""
    try:
        return asked_by(_said(given))
    except ValueError:
        raise Http404 from None


def came_from(given: QueryDict) -> Asked:
    """Return the list a ticket was opened from; everything that is open where its address names none we would show."""
    try:
        wanted = asked_by(_said(given), view="from")
    except ValueError:
        return Asked(VIEWS["open"])
    return Asked(VIEWS["open"]) if wanted.slow_because() else wanted


def _said(given: QueryDict) -> dict[str, str]:
    """Return the parameters; a form sends several tags one by one."""
    return {name: ",".join(given.getlist(name)) if name == "tag" else str(value) for name, value in given.items()}
