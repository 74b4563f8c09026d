"""When somebody is there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions.set_hours import set_hours
from accounts.decorators import admins_only
from accounts.hours import told_to_customers
from accounts.hours_form import HoursForm, initial_of
from accounts.models import WorkingHours
from accounts.requests import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def hours(request: DeskRequest) -> HttpResponse:
    """Show and save the working hours, and what customers read of them now."""
    row = WorkingHours.objects.filter(organization=request.organization).first()
    form = HoursForm(request.POST or None, initial=initial_of(row, request.user.time_zone))
    if request.method == "POST" and form.is_valid():
        set_hours(**form.hours(), by=request.membership)
        messages.success(request, _("Saved."))
        return redirect("accounts:hours", request.organization.slug)
    context = {
        "organization": request.organization,
        "membership": request.membership,
        "form": form,
        "told": told_to_customers(request.organization, timezone.now()),
    }
    return render(request, "accounts/hours.html", context, status=422 if form.errors else 200)
