"""Holds of all organizations in Django admin: states, counts, basis and reviews; their content for the role only."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.admin_lists import ReadOnlyAdmin, counted
from accounts.errors import ActionRefused
from accounts.streams import streamed
from accounts.tenancy import organization_scope
from privacy.actions.place_hold import place_hold, release_hold
from privacy.actions.read_held import open_file, open_item
from privacy.actions.review_hold import review_hold
from privacy.hold_forms import day_field
from privacy.holds.actors import Officer, has_hold_role, officer
from privacy.holds.officer_form import OfficerHoldForm
from privacy.models import HeldItem, HoldEvent, LegalHold

ITEMS = 200  # of one page of what was put aside


class Due(admin.SimpleListFilter):
    """Whether somebody has to look at it now."""

    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer both."""
        return [("due", "Due"), ("later", "Not yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LegalHold]) -> QuerySet[LegalHold]:
        """Narrow the list."""
        due = Q(released_at=None, review_at__lte=timezone.now())
        if self.value() == "due":
            return queryset.filter(due)
        return queryset.filter(released_at=None).exclude(due) if self.value() == "later" else queryset


class EventInline(admin.TabularInline):
    """The history of a hold."""

    model = HoldEvent
    fields = ("verb", "at", "by_id", "is_operators", "item_id", "count", "review_at")
    readonly_fields = ["verb", "at", "by_id", "is_operators", "item_id", "count", "review_at"]
    ordering = ["-at"]
    extra = max_num = 0
    can_delete = False


@admin.register(LegalHold)
class LegalHoldAdmin(ReadOnlyAdmin):
    """Every hold by what it is; officers place, review and release those of the operator here."""

    list_display = [
        "id", "organization_id", "scope", "basis", "is_operators", "placed_at", "review_at", "is_due", "released_at",
        "purged_at", "put_aside",
    ]  # fmt: skip
    list_filter = [Due, "scope", "basis", "is_operators", ("released_at", admin.EmptyFieldListFilter)]
    fields = [
        "id", "organization_id", "scope", "target_id", "number", "basis", "is_operators", "placed_at", "placed_by_id",
        "reviewer_id", "reviewed_at", "review_at", "reminded_at", "released_at", "released_by_id", "purged_at",
        "put_aside",
    ]  # fmt: skip
    search_fields = ["=id", "=organization_id", "=target_id"]
    ordering = ["-released_at", "review_at"]  # Postgres puts those that are in force first
    inlines = [EventInline]
    change_form_template = "admin/privacy/legalhold/change_form.html"
    change_list_template = "admin/privacy/legalhold/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalHold]:
        """Count what was put aside for each, and leave the words sealed."""
        holds = super().get_queryset(request).defer("title", "reason", "release_reason")
        return holds.annotate(item_count=counted(HeldItem.objects.filter(hold=OuterRef("pk")), "hold"))

    @admin.display(description="put aside")
    def put_aside(self, hold: Any) -> int:
        """Return how many rows were put aside."""
        return int(hold.item_count)

    @admin.display(description="review due", boolean=True)
    def is_due(self, hold: LegalHold) -> bool:
        """Return whether somebody has to look at it."""
        return hold.is_active and hold.review_at <= timezone.now()

    def get_urls(self) -> list[URLPattern]:
        """Add what officers do."""
        guard = self.admin_site.admin_view
        name = "privacy_legalhold_{}".format
        own = [
            path("place/", guard(self.place), name=name("place")),
            path("<uuid:hold_id>/review/", guard(require_POST(self.review)), name=name("review")),
            path("<uuid:hold_id>/release/", guard(require_POST(self.release)), name=name("release")),
            path("<uuid:hold_id>/items/", guard(self.items), name=name("items")),
            path("<uuid:hold_id>/items/<uuid:item_id>/", guard(self.item), name=name("item")),
            path("<uuid:hold_id>/items/<uuid:item_id>/file/", guard(self.file), name=name("file")),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Offer review, release and reading to officers."""
        more = {"is_officer": has_hold_role(request.user), "review_form": OfficerReviewForm()}  # type: ignore[arg-type]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Offer placing a hold to officers."""
        more = {"is_officer": has_hold_role(request.user)}  # type: ignore[arg-type]
        return super().changelist_view(request, {**(extra_context or {}), **more})

    def place(self, request: HttpRequest) -> HttpResponse:
        """Place a hold of the operator."""
        by = _officer(request)
        form = OfficerHoldForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                with organization_scope(said["organization"]):
                    hold = place_hold(
                        form.found(),
                        basis=said["basis"],
                        reason=said["reason"],
                        review_on=said["review_on"],
                        reviewer=by,
                        by=by,
                    )
            except ActionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                self.log_addition(request, hold, "Placed the hold.")
                return redirect("admin:privacy_legalhold_change", hold.pk)
        return self._page(request, "place.html", title="Place a legal hold", form=form)

    def review(self, request: HttpRequest, hold_id: Any) -> HttpResponse:
        """Say that a hold of the operator is still needed."""
        hold, by, form = self._hold(hold_id), _officer(request), OfficerReviewForm(request.POST)
        if not form.is_valid():
            return self._back(request, hold, "Give a day for the next review.", failed=True)
        return self._do(
            request,
            hold,
            "Reviewed: goes on.",
            lambda: review_hold(hold, review_on=form.cleaned_data["review_on"], reviewer=by, by=by),
        )

    def release(self, request: HttpRequest, hold_id: Any) -> HttpResponse:
        """Release a hold of the operator, or one that a closed organization left behind."""
        hold, by, reason = self._hold(hold_id), _officer(request), request.POST.get("reason", "")
        return self._do(request, hold, "Released the hold.", lambda: release_hold(hold, reason=reason, by=by))

    def items(self, request: HttpRequest, hold_id: Any) -> HttpResponse:
        """List what was put aside, by table and time: no content."""
        _officer(request)
        hold = self._hold(hold_id)
        found = hold.items.order_by("pk").defer("content")[:ITEMS]
        return self._page(request, "items.html", title=f"Put aside for {hold}", hold=hold, items=found)

    def item(self, request: HttpRequest, hold_id: Any, item_id: Any) -> HttpResponse:
        """Show one row that was put aside; the reading is written down first."""
        item = get_object_or_404(HeldItem, hold_id=hold_id, pk=item_id)
        values = open_item(item, by=_officer(request))
        return self._page(request, "item.html", title=f"{item.place} {item.row_id}", item=item, values=values)

    def file(self, request: HttpRequest, hold_id: Any, item_id: Any) -> HttpResponse | StreamingHttpResponse:
        """Send a file or an original that was put aside, as a download; the reading is written down first."""
        item = get_object_or_404(HeldItem, hold_id=hold_id, pk=item_id)
        chunks = open_file(item, by=_officer(request))
        if chunks is None:
            return self._back(request, item.hold, "There is no file to this row.", failed=True)
        response = StreamingHttpResponse(streamed(chunks), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="{item.pk}.bin"'
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["Cache-Control"] = "private, no-store"
        return response

    def _hold(self, hold_id: Any) -> LegalHold:
        return get_object_or_404(LegalHold, pk=hold_id)

    def _do(self, request: HttpRequest, hold: LegalHold, said: str, act: Any) -> HttpResponse:
        try:
            with organization_scope(hold.organization_id):
                act()
        except ActionRefused as refusal:
            return self._back(request, hold, str(refusal), failed=True)
        self.log_change(request, hold, said)
        return self._back(request, hold, said)

    def _back(self, request: HttpRequest, hold: LegalHold, said: str, *, failed: bool = False) -> HttpResponse:
        self.message_user(request, said, messages.ERROR if failed else messages.SUCCESS)
        return redirect(reverse("admin:privacy_legalhold_change", args=[hold.pk]))

    def _page(self, request: HttpRequest, template: str, **more: Any) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "opts": self.model._meta, **more}
        return TemplateResponse(request, f"admin/privacy/legalhold/{template}", context)


class OfficerReviewForm(forms.Form):
    """When the operator's officer looks at a hold next."""

    review_on = day_field(label="Next review on", help_text="Within 180 days")


def _officer(request: HttpRequest) -> Officer:
    try:
        return officer(request.user)  # type: ignore[arg-type]
    except ActionRefused:
        raise PermissionDenied from None
