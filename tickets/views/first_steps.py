"""The path from sign-up to the first answered ticket."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access_log import contentless
from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from tickets.actions.end_first_steps import end_first_steps
from tickets.views.shell import shell


@require_safe
@admins_only
@contentless("what is set up and what is not")
def first_steps(request: DeskRequest) -> HttpResponse:
    """Show what is done and what is next; an organization that put them away goes on to its list."""
    context = shell(request)
    if context["first_steps"] is None:
        return redirect("tickets:queue", request.organization.slug)
    return render(request, "tickets/first_steps.html", context)


@require_POST
@admins_only
def end(request: DeskRequest) -> HttpResponse:
    """Put the first steps away."""
    end_first_steps(by=request.membership)
    messages.success(request, _("Put away. Everything is in the settings."))
    return redirect("tickets:queue", request.organization.slug)
