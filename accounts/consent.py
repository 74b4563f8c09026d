"""Consequences first: what costs somebody their tickets is done only after the admin has read how many."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts.access import rehearse


def count_to_agree(request: HttpRequest, action: Callable[[], int]) -> int:
    """Return how many tickets would be given back and nobody has agreed to yet; 0 means: go ahead.

    The form says yes by sending the number it showed, so that a number that has grown since is asked for again.
    """
    count = rehearse(action)
    return 0 if request.POST.get("agreed", "") == str(count) else count
