"""How the operator's desk writes things down: a state as a badge, an id as its end, an organization by its address."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

BADGES = {"state", "identity", "outcome", "trouble", "failure", "purpose"}
TONES = {
    "good": {"certified", "verified", "active", "confirmed", "done", "sent", "filed", "approved"},
    "warn": {"grace", "asked", "reconnect", "waiting", "throttled", "quarantined", "partly", "revoked", "law"},
    "bad": {"failed", "refused", "unreachable", "internal", "application", "unclear", "too_large"},
    "now": {"running", "sending", "queued", "stored"},
}
NOBODY = UUID(int=0)


def badge(words: object, tone: str = "") -> SafeString:
    """Return a state as a badge: good, warn, bad, now, or plain."""
    return format_html('<span class="badge {}">{}</span>', tone, words)


def tone_of(value: str) -> str:
    """Return the tone of a stored state."""
    return next((tone for tone, values in TONES.items() if value in values), "")


def end_of(value: object) -> SafeString:
    """Return the end of an id, by which people tell rows apart; the whole id is its title."""
    return format_html('<code class="id" title="{}">…{}</code>', value, str(value)[-8:])


class NamedList(ChangeList):
    """A page of rows that knows the addresses of their organizations, asked for once for the page."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the page, and whose its rows are."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        name_organizations(self.result_list)


def name_organizations(rows: Iterable[Any]) -> None:
    """Put the address of its organization on each row."""
    from accounts.models import Organization

    rows = [row for row in rows if isinstance(getattr(row, "organization_id", None), UUID)]
    wanted = {row.organization_id for row in rows}
    slugs = dict(Organization.objects.filter(pk__in=wanted).values_list("pk", "slug")) if wanted else {}
    for row in rows:
        row.organization_said = slugs.get(row.organization_id, "")


def shown_as(model: Any, name: Any, *, is_list: bool) -> Any:
    """Return what shows this column in words, the same every time; a name that needs none stays as it is."""
    if not isinstance(name, str):
        return name
    if name == "organization_id":
        return _organization
    if name == "id" or name.endswith("_id"):
        return _id(name, is_list=is_list)
    if name in BADGES and hasattr(model, f"get_{name}_display"):
        return _badge(name)
    return name


def _organization(row: Any) -> Any:
    if not hasattr(row, "organization_said"):
        name_organizations([row])
    if row.organization_id is None:
        return "–"
    if row.organization_id == NOBODY:
        return badge("operator")
    return getattr(row, "organization_said", "") or end_of(row.organization_id)


_organization.short_description = "organization"  # type: ignore[attr-defined]


@cache
def _id(name: str, *, is_list: bool) -> Callable[[Any], Any]:
    def shown(row: Any) -> Any:
        value = getattr(row, name)
        if value is None:
            return "–"
        return end_of(value) if is_list else format_html('<code class="id">{}</code>', value)

    shown.short_description = "id" if name == "id" else name.removesuffix("_id").replace("_", " ")  # type: ignore[attr-defined]
    shown.admin_order_field = name if name == "id" else None  # type: ignore[attr-defined]
    shown.__name__ = f"shown_{name}"
    return shown


@cache
def _badge(name: str) -> Callable[[Any], Any]:
    def shown(row: Any) -> Any:
        value = getattr(row, name)
        return badge(getattr(row, f"get_{name}_display")(), tone_of(value)) if value else "–"

    shown.short_description = name  # type: ignore[attr-defined]
    shown.admin_order_field = name  # type: ignore[attr-defined]
    shown.__name__ = f"shown_{name}"
    return shown
