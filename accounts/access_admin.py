"""The access log, its alerts and the grants as the data protection officer sees them: all organizations, no content."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.actions.grant_access import MIN_REASON, MOST_HOURS, agree_as_second, ask_for_access, end_access
from accounts.admin_lists import QuickList, Within, within
from accounts.admin_names import place_said
from accounts.admin_words import badge
from accounts.errors import ActionRefused
from accounts.models import AccessAlert, AccessEvent, AccessGrant, Organization, User


@admin.register(AccessEvent)
class AccessEventAdmin(QuickList):
    """Every line of every organization's log, newest first."""

    list_display = ["at", "organization_id", "user_id", "verb", "place", "purpose", "amount", "object_id"]
    list_filter = [Within, "verb", "purpose", ("grant_id", admin.EmptyFieldListFilter)]
    fields: ClassVar[Any] = [
        "id", "organization_id", "at", "user_id", "verb", "page", "purpose", "grant_id", "object_id", "amount",
    ]  # fmt: skip
    columns = fields
    id_fields = ["id", "organization_id", "user_id", "object_id", "grant_id"]
    search_help_text = "A whole id of a line, organization, person, thing or grant; or an organization's address"
    ordering = ["-at", "-id"]

    @admin.display(description="place")
    def place(self, event: AccessEvent) -> str:
        """Return where it was, in words."""
        return place_said(event.page)


@admin.register(AccessAlert)
class AccessAlertAdmin(QuickList):
    """What the rules noticed, those nobody looked at first."""

    list_display = ["at", "rule", "organization_id", "user_id", "amount", "looked_at", "looked_by_id"]
    list_filter = [("looked_at", admin.EmptyFieldListFilter), "rule", Within]
    fields: ClassVar[Any] = [
        "id",
        "organization_id",
        "rule",
        "user_id",
        "at",
        "window",
        "amount",
        "looked_at",
        "looked_by_id",
    ]
    id_fields = ["id", "organization_id", "user_id"]
    search_help_text = "A whole id of an organization or person, or an organization's address"
    ordering = ["-at", "-id"]
    actions = ["note_looked_at", "export_as_csv"]

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Whoever may change alerts may say that they looked."""
        return request.user.has_perm("accounts.change_accessalert")

    @admin.action(description="Looked at", permissions=["review"])
    def note_looked_at(self, request: HttpRequest, alerts: QuerySet[AccessAlert]) -> None:
        """Note who looked, and when."""
        count = alerts.filter(looked_at=None).update(looked_at=timezone.now(), looked_by_id=request.user.pk)
        self.message_user(request, f"{count} looked at.")


class AskForm(forms.ModelForm):
    """Whom to look into, why, and for how long."""

    organization = forms.SlugField(help_text="The address of the organization: acme")
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=MIN_REASON,
        max_length=2000,
        help_text="The organization's admins read this.",
    )
    hours = forms.IntegerField(min_value=1, max_value=MOST_HOURS, initial=1)

    class Meta:
        model = AccessGrant
        fields = ["purpose"]

    def clean_organization(self) -> Organization:
        """Return the organization of that address."""
        found = Organization.objects.filter(slug=self.cleaned_data["organization"], closed_at=None).first()
        if found is None:
            raise forms.ValidationError("There is no organization of that address.")
        return found


@admin.register(AccessGrant)
class AccessGrantAdmin(QuickList):
    """Grants: asked for here, agreed to by a second person here where it is for law, ended here."""

    list_display = ["asked_at", "organization_id", "staff_id", "purpose", "hours", "state", "begins_at", "ends_at"]
    list_filter = [
        "purpose",
        ("revoked_at", admin.EmptyFieldListFilter),
        "needs_second",
        "needs_admin",
        within("asked_at"),
    ]
    readonly_fields: ClassVar[Any] = [
        "id", "organization_id", "staff_id", "purpose", "hours", "state", "asked_at", "needs_second", "second_id",
        "needs_admin", "admin_id", "begins_at", "ends_at", "revoked_at", "revoked_by_id",
    ]  # fmt: skip
    fields: ClassVar[Any] = readonly_fields
    columns = fields
    id_fields = ["id", "organization_id", "staff_id"]
    add_words = "Ask to look in"
    search_help_text = "A whole id of a grant, organization or member of staff; or an organization's address"
    ordering = ["-id"]
    actions = ["agree", "end", "export_as_csv"]

    @admin.display(description="state")
    def state(self, grant: AccessGrant) -> SafeString:
        """Return where it stands."""
        said = state_of(grant)
        return badge(said, "now" if said == "active" else "warn" if said.startswith("waits") else "")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Roles that may ask, may."""
        return request.user.has_perm("accounts.add_accessgrant")

    def has_agree_permission(self, request: HttpRequest) -> bool:
        """Security and the DPO agree as the second person."""
        return request.user.has_perm("accounts.change_accessgrant")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask with a form; what was asked is only looked at."""
        return self.in_words(self.fields) if obj else ["organization", "purpose", "reason", "hours"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return everything, once it exists."""
        return self.in_words(self.readonly_fields) if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form that asks."""
        return super().get_form(request, obj, change, **kwargs) if obj else AskForm

    def save_model(self, request: HttpRequest, obj: AccessGrant, form: Any, change: bool) -> None:
        """Ask, by the one action there is."""
        said = form.cleaned_data
        asked = {name: said[name] for name in ("purpose", "reason", "hours")}
        grant = ask_for_access(said["organization"], **asked, by=cast("User", request.user))
        obj.__dict__.update(grant.__dict__)

    @admin.action(description="Agree as the second person", permissions=["agree"])
    def agree(self, request: HttpRequest, grants: QuerySet[AccessGrant]) -> None:
        """Agree; one's own is refused."""
        for grant in grants:
            try:
                agree_as_second(grant, by=request.user)  # type: ignore[arg-type]
                self.log_change(request, grant, "Agreed as the second person.")
                self.message_user(request, f"Agreed to {grant.pk}.")
            except ActionRefused as refusal:
                self.message_user(request, f"{grant.pk}: {refusal}", messages.ERROR)

    @admin.action(description="End now", permissions=["view"])
    def end(self, request: HttpRequest, grants: QuerySet[AccessGrant]) -> None:
        """End or withdraw grants; ending is open to everybody who sees them."""
        for grant in grants:
            end_access(grant, by_user_id=request.user.pk)  # type: ignore[arg-type]
            self.log_change(request, grant, "Ended.")
        self.message_user(request, "Ended.")


_WAITING = {"second": "a second person", "admin": "their admin"}


def state_of(grant: AccessGrant) -> str:
    """Return a grant's state in a word or two."""
    if grant.revoked_at:
        return "ended early" if grant.begins_at else "refused"
    if waiting := grant.waits_for:
        return "waits for " + " and ".join(
            {"second": "a second person", "admin": "their admin"}[w] for w in sorted(waiting)
        )
    return "active" if grant.is_active else "over"
