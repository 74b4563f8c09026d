"""The operator's desk: Django admin for staff with a second step, over our own models only."""

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access_log import AccessNotLogged, record_access
from accounts.access_log.recording import of_staff
from accounts.admin_names import arranged
from accounts.mfa import has_mfa, to_second_step

OURS = {"accounts", "mailbox", "tickets", "privacy"}


class DeskheroAdminSite(admin.AdminSite):
    """Opens to staff who passed a second step; shows states and counts, never what a mailbox or a person contains."""

    site_header = site_title = "Deskhero"
    index_title = "Data protection desk"

    def has_permission(self, request: HttpRequest) -> bool:
        """Let active staff in whose session passed the second step."""
        return bool(super().has_permission(request) and has_mfa(request))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Write every look of staff into the operator's own access log before it is shown; without it, 503."""
        shown = super().admin_view(view, cacheable)

        @wraps(shown)
        def logged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response: HttpResponse = shown(request, *args, **kwargs)
            event = of_staff(request, response) if self.has_permission(request) else None
            try:
                if event is not None:
                    record_access(event)
            except AccessNotLogged:
                return render(request, "503.html", status=503)
            return response

        return logged

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leave signing in to the one sign-in page; there is no second way with a password alone."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or request.get_full_path())
        if not request.user.is_staff:
            raise PermissionDenied
        return redirect("admin:index") if has_mfa(request) else to_second_step(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Arrange what a person may see by what it is for."""
        return arranged(super().get_app_list(request, app_label))

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our own models; those of libraries hold addresses in readable lists, and stay out."""
        one = isinstance(model_or_iterable, type) and issubclass(model_or_iterable, Model)
        models: Iterable[type[Model]] = [model_or_iterable] if one else model_or_iterable
        for model in models:
            if model._meta.app_label in OURS:
                super().register(model, admin_class, **options)
