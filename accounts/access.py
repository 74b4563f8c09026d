"""Who may see what has changed: telling it, and saying beforehand what it would cost."""

from collections.abc import Callable, Iterable, Set
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.live import publish
from accounts.models import Membership
from accounts.signals import access_changed


def tell_access_changed(organization_id: UUID, *, by: Membership, released: Set[UUID] = frozenset()) -> int:
    """Tell the apps above and every open page; return how many tickets lost a holder who may not see them any more.

    Called by the action that made the change, inside its transaction. `released` are tickets that lost a holder earlier
    in the same action: none is counted twice.
    """
    answers = access_changed.send(sender=None, organization_id=organization_id, by=by)
    publish(organization_id, "access")
    return len(released | all_of(answers))


def all_of(answers: Iterable[tuple[Any, Any]]) -> Set[UUID]:
    """Return the ids of the tickets that the receivers of a signal released."""
    released: list[Set[UUID]] = [ids for _receiver, ids in answers]
    return frozenset[UUID]().union(*released)


class _Undone(Exception):
    """Ends a rehearsal."""


def rehearse(action: Callable[[], int]) -> int:
    """Return what the action would return, and leave everything as it was: the same code says it that later does it."""
    count = 0
    try:
        with transaction.atomic():
            count = action()
            raise _Undone
    except _Undone:
        return count
