"""What holds for the whole desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import admins_only
from accounts.forms import OrganizationForm
from accounts.requests import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def organization(request: DeskRequest) -> HttpResponse:
    """Show and save name, language and rules of the desk."""
    form = OrganizationForm(request.POST or None, instance=request.organization)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:organization", request.organization.slug)
    request.organization.name = form.initial["name"]  # what was typed and refused stays in the form
    context = {"organization": request.organization, "membership": request.membership, "form": form}
    return render(request, "accounts/organization.html", context, status=422 if form.errors else 200)
