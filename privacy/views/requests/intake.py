"""Where anybody asks an organization for their rights; and the link in the receipt that proves an address."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from accounts.sealing.digests import fold_address
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import open_organization
from accounts.tokens import hash_of
from privacy.actions.requests.identity import confirm_address
from privacy.actions.requests.open_request import open_request
from privacy.models import DataSubjectRequest
from privacy.request_forms import AskForm


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, desk: str) -> HttpResponse:
    """Take a request. The answer is the same for everybody: a number, and a receipt to the address given."""
    organization = organization_or_404(desk)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["website"]:  # a program filled in what people do not see
            return _page(request, organization, form, status=422)
        key = f"{organization.pk}:{fold_address(data['address'])}"
        if not ratelimit.consume(request, action="privacy_request", key=key):
            return _page(request, organization, form, is_too_often=True, status=429)
        with organization_scope(organization):
            case = open_request(
                organization,
                right=data["right"],
                source=DataSubjectRequest.Source.FORM,
                name=data["name"],
                address=data["address"],
                said=data["said"],
                language=get_language() or "",
            )
        return _page(request, organization, form, number=case.case_number, due_on=case.clock.due_on)
    return _page(request, organization, form, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, desk: str, token: str) -> HttpResponse:
    """Ask for one press, because mail programs open links by themselves; then the address is proven."""
    organization = organization_or_404(desk)
    with organization_scope(organization):
        return _confirm(request, token, organization)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Do the same for a case of the operator's queue."""
    return _confirm(request, token, None)


def organization_or_404(desk: str) -> Organization:
    """Return the organization whose public page it is."""
    organization = open_organization(desk)
    if organization is None:
        raise Http404
    return organization


def _confirm(request: HttpRequest, token: str, organization: Organization | None) -> HttpResponse:
    found = DataSubjectRequest.objects.filter(organization=organization, token_hash=hash_of(token)).first()
    if found is None:
        return render(request, "privacy/requests/confirm.html", {"organization_asked": organization}, status=404)
    if request.method == "POST":
        found = confirm_address(hash_of(token)) or found
    context = {"organization_asked": organization, "case": found, "is_done": request.method == "POST"}
    return render(request, "privacy/requests/confirm.html", context)


def _page(
    request: HttpRequest, organization: Organization, form: AskForm, *, status: int = 200, **context: object
) -> HttpResponse:
    context |= {"organization_asked": organization, "form": form}
    return render(request, "privacy/requests/ask.html", context, status=status)
