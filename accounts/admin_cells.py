"""Cells of Django admin's lists: ids people can tell apart at a glance, and organizations by their address."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Organization

NOTHING = "–"
TAIL = 12  # of an id: its random end


def short(name: str, label: str) -> Callable[[Any], SafeString | str]:
    """Return a column with the end of an id; the whole one is its tool tip."""

    @admin.display(description=label, ordering=name)
    def shown(row: Any) -> SafeString | str:
        value = getattr(row, name)
        return format_html('<span class="id" title="{}">{}</span>', value, str(value)[-TAIL:]) if value else NOTHING

    shown.__name__ = name  # the cell's class
    return shown


def leading(name: str, label: str) -> Callable[[Any], SafeString | str]:
    """Return a column with the end of an id that leads to all rows with it; never the first column, which is a link."""

    @admin.display(description=label)
    def shown(row: Any) -> SafeString | str:
        value = getattr(row, name)
        if not value:
            return NOTHING
        return format_html('<a class="id" href="?q={0}" title="{0}">{1}</a>', value, str(value)[-TAIL:])

    shown.__name__ = name
    return shown


@admin.display(description="organization")
def organization_named(row: Any) -> SafeString | str:
    """Return the address of a row's organization (see `with_slug`), which leads to all of its rows."""
    if row.organization_slug:
        return format_html('<a href="?q={0}">{0}</a>', row.organization_slug)
    organization_id: UUID | None = row.organization_id
    if organization_id is None or organization_id.int == 0:
        return "the operator"
    return format_html('<span class="id" title="{}">gone</span>', organization_id)


def with_slug(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Add the address of each row's organization: asked for the rows of a page, not for the table."""
    slug = Organization.objects.filter(pk=OuterRef("organization_id")).values("slug")[:1]
    return rows.annotate(organization_slug=Subquery(slug))
