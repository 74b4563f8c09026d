"""Where a page's line of live news begins."""

from accounts.live import newest_id
from accounts.requests import DeskRequest


def live_since(request: DeskRequest) -> str:
    """Return the id of the newest news before the page read anything; views of live pages ask this first."""
    if not hasattr(request, "live_since"):
        request.live_since = newest_id(request.organization.pk)  # type: ignore[attr-defined]
    return str(request.live_since)  # type: ignore[attr-defined]
