"""A person's own settings."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import ProfileForm
from accounts.templatetags.desk import THEME_COOKIE


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and save name, language, time zone and appearance."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with translation.override(user.language):
            messages.success(request, _("Saved."))
        response = redirect("profile")
        response.set_cookie(
            THEME_COOKIE, user.theme, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        return response
    if form.errors:
        form.instance.refresh_from_db()  # the page shows who it was; the form keeps what was typed
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)
