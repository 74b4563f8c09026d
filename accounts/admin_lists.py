"""Lists of Django admin that stay quick with any number of rows, and files that run nothing in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst

from accounts.admin_cells import organization_named, with_slug
from accounts.spreadsheets import harmless

COUNTED = 10_000  # rows; beyond that a list says no number
EXPORTED = 50_000


class QuickPaginator(Paginator):
    """Counts no further than a person pages: a COUNT over a million rows is what makes lists slow."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, as far as it is quick to know."""
        rows: Any = self.object_list
        return int(rows.order_by()[:COUNTED].count())


class CalmList(admin.ModelAdmin):
    """Rows to look at, by pages without a full count; nothing is added, changed or deleted by form."""

    paginator = QuickPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the whole table
    list_per_page = 50
    called = ""  # where people have a word for all of it

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Name the organization of each row where the list shows it."""
        rows = super().get_queryset(request)
        return with_slug(rows) if organization_named in self.list_display else rows

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Head the list with what it holds."""
        title = {"title": self.called or capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by form."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here: erasing has its own, proven way."""
        return False


class QuickList(CalmList):
    """A list that is found by ids and leaves as a file."""

    id_fields: Sequence[str] = ()  # columns a pasted id is looked for in
    columns: Any = ()  # of the file
    actions: Sequence[Any] = ["export_as_csv"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Show the search box; what is typed is an id or an organization's address, see get_search_results."""
        return ["pk"] if self.id_fields else []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find by a whole id, or by the address of an organization: both have an index."""
        from accounts.models import Organization

        if not search_term:
            return queryset, False
        try:
            wanted = UUID(search_term.strip())
        except ValueError:
            found = Organization.objects.filter(slug=search_term.strip().lower()).values_list("pk", flat=True).first()
            return (queryset.filter(organization_id=found) if found else queryset.none()), False
        asked = Q()
        for name in self.id_fields:
            asked |= Q(**{name: wanted})
        return queryset.filter(asked), False

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_as_csv(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
        """Send the chosen rows as a file."""
        self.log_changes(request, rows)
        lines = ([str(getattr(row, name, "") or "") for name in self.columns] for row in rows[:EXPORTED])
        return as_csv(self.opts.model_name or "rows", self.columns, lines)

    def log_changes(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Note in Django admin's own log that rows left as a file; the first one stands for them."""
        first = rows.first()
        if first is not None:
            self.log_change(request, first, "Exported as CSV.")


def as_csv(name: str, columns: Sequence[str], lines: Iterable[Iterable[str]]) -> HttpResponse:
    """Return a file for a spreadsheet in which no cell begins a formula."""
    out = io.StringIO(newline="")
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow
    write(columns)
    for line in lines:
        write([harmless(cell) for cell in line])
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


class Within(admin.SimpleListFilter):
    """When, in steps that an index answers; a hierarchy of dates would read the whole table first."""

    title = "when"
    parameter_name = "within"
    field = "at"
    STEPS = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30)}
    SAID = {"1h": "Last hour", "1d": "Last day", "7d": "Last 7 days", "30d": "Last 30 days"}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the steps."""
        return list(self.SAID.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow by the step that was chosen."""
        step = self.STEPS.get(self.value() or "")
        return queryset.filter(**{f"{self.field}__gt": timezone.now() - step}) if step else queryset
