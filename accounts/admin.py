"""People and organizations as the operator sees them: ids, states and counts."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest

from accounts import access_admin  # noqa: F401 - registers
from accounts.actions.end_sessions import end_sessions
from accounts.actions.remove_second_step import remove_second_step
from accounts.admin_lists import ReadOnlyAdmin, counted, within
from accounts.models import Membership, Organization, User


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Users by id; an exact sign-in address finds one, and is not shown."""

    list_display = ["id", "is_active", "is_staff", "has_second_step", "places", "last_login", "created_at"]
    list_filter = ["is_active", "is_staff", "has_second_step"]
    fields = ["id", "is_active", "is_staff", "has_second_step", "language", "time_zone", "last_login", "created_at"]
    search_fields = ["=email"]
    search_help_text = "A whole e-mail address"
    actions = ["end_all_sessions", "take_second_step"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Count the places of each."""
        places = counted(Membership.objects.filter(user=OuterRef("pk")), "user")
        return super().get_queryset(request).defer("email", "name").annotate(place_count=places)

    def has_care_permission(self, request: HttpRequest) -> bool:
        """Support and security end sessions and help who lost a phone; who only looks does not."""
        return request.user.has_perm("accounts.change_user")

    @admin.display(description="places")
    def places(self, user: Any) -> int:
        """Return how many organizations the person belongs to."""
        return int(user.place_count)

    @admin.action(description="End all sessions", permissions=["care"])
    def end_all_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Sign these people out everywhere."""
        for user in users:
            end_sessions(user)
            self.log_change(request, user, "Ended all sessions.")
        self.message_user(request, "Signed out everywhere.")

    @admin.action(description="Remove the second step (lost phone and codes)", permissions=["care"])
    def take_second_step(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Let people who lost phone and codes set up a new second step; their sessions end."""
        for user in users:
            remove_second_step(user)
            self.log_change(request, user, "Removed the second step.")
        self.message_user(request, "Removed. They set up a new one when they sign in.")


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    """Organizations with their counts."""

    list_display = ["slug", "id", "members", "requires_mfa", "created_at", "closed_at"]
    list_filter = ["requires_mfa", ("closed_at", admin.EmptyFieldListFilter), within("created_at")]
    fields = ["id", "name", "slug", "language", "requires_mfa", "reopen_days", "created_at", "closed_at"]
    search_fields = ["slug", "name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        """Count the members of each."""
        active = Membership.objects.active().filter(organization=OuterRef("pk"))
        return super().get_queryset(request).annotate(member_count=counted(active, "organization"))

    def called(self, row: Any) -> str:
        """Return its address."""
        return str(row.slug)

    @admin.display()
    def members(self, organization: Any) -> int:
        """Return how many may sign in."""
        return int(organization.member_count)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Places: who belongs where, by id."""

    list_display = ["id", "organization_slug", "user_id", "role", "is_active", "created_at"]
    list_filter = ["role", "is_active"]
    list_select_related = ["organization"]
    fields = ["id", "organization_id", "user_id", "role", "is_active", "created_at"]
    search_fields = ["=organization__slug"]

    @admin.display(description="organization", ordering="organization__slug")
    def organization_slug(self, membership: Membership) -> str:
        """Return the organization's address."""
        return membership.organization.slug
