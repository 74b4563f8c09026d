"""Where a person lands: their desk, a choice of desks, the operator's desk, or a page that says what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.tenancy.doors import closings_of, memberships_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead on: staff to the admin, others to their one desk, its closing, or to the choice among several."""
    if request.user.is_staff:
        return redirect("admin:index")
    memberships = memberships_of(request.user)  # type: ignore[arg-type]
    if len(memberships) == 1:
        return redirect("tickets:queue", memberships[0].organization.slug)
    closings = closings_of(request.user)  # type: ignore[arg-type]
    if not memberships and len(closings) == 1:
        return redirect("closing", closings[0].organization_id)
    return desks(request)


@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """Show the person's desks to choose from; an owner also those whose account is closing."""
    memberships = memberships_of(request.user)  # type: ignore[arg-type]
    closings = closings_of(request.user)  # type: ignore[arg-type]
    template = "accounts/choose.html" if memberships or closings else "accounts/none.html"
    return render(request, template, {"memberships": memberships, "closings": closings})
