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
from django.db.models import Count, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.admin_names import list_name, one_name
from accounts.admin_words import NamedList, shown_as
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


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at, in words: the operator's desk adds, changes and deletes nothing by form.

    Ids are in the order of time, so the newest come first by an index that is there anyway. No list counts a table or
    its facets: that is what makes lists slow.
    """

    paginator = QuickPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    ordering = ["-id"]
    add_words = ""  # on the button that adds one, where there is one

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by form."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here: erasing has its own, proven way."""
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[NamedList]:
        """Name the organizations of a page in one statement."""
        return NamedList

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show ids, organizations and states in words."""
        return [shown_as(self.model, name, is_list=True) for name in super().get_list_display(request)]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show ids, organizations and states in words."""
        return self.in_words(super().get_fields(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything that is shown is only shown."""
        return self.in_words([*super().get_readonly_fields(request, obj), *(self.fields or [])])

    def in_words(self, names: Any) -> list[Any]:
        """Return the columns of one row's page, those that need it as what says them in words."""
        return [shown_as(self.model, name, is_list=False) for name in names]

    def called(self, row: Any) -> str:
        """Return what one row is called at the head of its page."""
        return f"{one_name(self.model)} {str(row.pk)[-8:]}"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Head the list with its name."""
        return super().changelist_view(
            request, {"title": list_name(self.model), "add_words": self.add_words, **(extra_context or {})}
        )

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Head the page with what the row is called."""
        row = kwargs.get("obj")
        title = self.called(row) if row is not None and row.pk and not kwargs.get("add") else one_name(self.model)
        context |= {"title": title, "subtitle": None, "list_name": list_name(self.model)}
        return super().render_change_form(request, context, *args, **kwargs)


class QuickList(ReadOnlyAdmin):
    """A list that is found by ids, newest first, and can leave as a file."""

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


def within(name: str) -> type[Within]:
    """Return the filter by when, on another column; its rows have an order of time by id, and are few in one step."""
    return type(f"Within{name.title()}", (Within,), {"field": name, "title": name.removesuffix("_at")})


def counted(rows: QuerySet[Any], by: str) -> Coalesce:
    """Return how many rows there are, asked for each row of the page and not for the whole table."""
    counted = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)
