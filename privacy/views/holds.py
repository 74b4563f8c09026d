"""Legal holds of an organization: which there are, one with its history, placed, reviewed and released."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access_log import opened, saw
from accounts.decorators import admins_only
from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from privacy.actions.place_hold import place_hold, release_hold
from privacy.actions.review_hold import review_hold
from privacy.hold_forms import PlaceHoldForm, ReleaseForm, ReviewForm
from privacy.holds.shown import HoldShown, Names
from privacy.models import LegalHold
from tickets.contacts.finding import addresses_of, name_of
from tickets.models import Contact

SHOWN = 200  # more holds than that are for another day; the newest come first


@require_safe
@admins_only
def holds(request: DeskRequest) -> HttpResponse:
    """List the holds that are active, those to be reviewed first, or the released ones."""
    released = request.GET.get("show", "")
    if released not in {"", "released"}:
        raise Http404
    own = _own(request)
    found = own.released().order_by("-released_at") if released else own.active().order_by("review_at")
    shown = list(found[:SHOWN])
    saw(request, shown)
    names = Names.of(request.organization.pk)
    context = _about(
        request,
        released=bool(released),
        rows=[HoldShown(hold, names) for hold in shown],
        overdue=own.due_for_review(timezone.now()).count(),
    )
    return render(request, "privacy/holds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def place(request: DeskRequest) -> HttpResponse:
    """Ask what is to be kept and why, and place the hold; a ticket's or a contact's page names it beforehand."""
    contact = _contact(request)
    begin: dict[str, Any] = {"scope": "contact" if contact else "ticket", "number": request.GET.get("ticket", "")}
    form = PlaceHoldForm(
        request.POST or None,
        organization=request.organization,
        contact=contact,
        name=name_of(contact, addresses_of(contact)) if contact else "",
        admins=_admins(request),
        me=request.membership,
        initial=begin,
    )
    if request.method == "POST" and form.is_valid() and form.target is not None:
        said = form.cleaned_data
        try:
            hold = place_hold(
                form.target,
                basis=said["basis"],
                reason=said["reason"],
                review_on=said["review_on"],
                reviewer=form.reviewer_chosen(),
                by=request.membership,
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The hold is placed. No deletion touches this from now on."))
            return redirect("privacy:hold", request.organization.slug, hold.pk)
    context = _about(request, form=form)
    return render(request, "privacy/place_hold.html", context, status=422 if form.errors else 200)


@require_safe
@admins_only
def hold(request: DeskRequest, hold_id: UUID) -> HttpResponse:
    """Show a hold with its reason and history, and what can be done with it."""
    return _page(request, _found(request, hold_id))


@require_POST
@admins_only
def review(request: DeskRequest, hold_id: UUID) -> HttpResponse:
    """Say that a hold is still needed, and when it is looked at next."""
    found = _found(request, hold_id)
    form = ReviewForm(request.POST, admins=_admins(request), me=request.membership)
    if form.is_valid():
        try:
            review_hold(
                found,
                review_on=form.cleaned_data["review_on"],
                reviewer=form.reviewer_chosen(),
                by=request.membership,
            )
        except ActionRefused as refusal:
            form.add_error("review_on", str(refusal))
        else:
            messages.success(request, _("Noted. The hold goes on."))
            return redirect("privacy:hold", request.organization.slug, found.pk)
    return _page(request, found, review_form=form)


@require_POST
@admins_only
def release(request: DeskRequest, hold_id: UUID) -> HttpResponse:
    """Release a hold; the form before has said what follows."""
    found = _found(request, hold_id)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        release_hold(found, reason=form.cleaned_data["reason"], by=request.membership)
        messages.success(request, _("Released. What was due goes within 72 hours."))
        return redirect("privacy:hold", request.organization.slug, found.pk)
    return _page(request, found, release_form=form)


def _page(
    request: DeskRequest,
    found: LegalHold,
    *,
    review_form: ReviewForm | None = None,
    release_form: ReleaseForm | None = None,
) -> HttpResponse:
    refused = review_form or release_form
    shown = HoldShown(found, Names.of(request.organization.pk))
    context = _about(
        request,
        hold=shown,
        history=shown.history(),
        aside=shown.aside(),
        may_change=found.is_active and not found.is_operators,
        review_form=review_form or ReviewForm(admins=_admins(request), me=request.membership),
        release_form=release_form or ReleaseForm(),
    )
    return render(request, "privacy/hold.html", context, status=422 if refused and refused.errors else 200)


def _own(request: DeskRequest) -> Any:
    return LegalHold.objects.filter(organization_id=request.organization.pk)


def _found(request: DeskRequest, hold_id: UUID) -> LegalHold:
    found: LegalHold = get_object_or_404(_own(request), pk=hold_id)
    opened(request, found)
    return found


def _contact(request: DeskRequest) -> Contact | None:
    asked = request.GET.get("contact", "")
    if not asked:
        return None
    try:
        wanted = UUID(asked)
    except ValueError:
        raise Http404 from None
    found = get_object_or_404(Contact, organization=request.organization, pk=wanted, is_nobody=False)
    opened(request, found)
    return found


def _admins(request: DeskRequest) -> list[Membership]:
    roles = [Membership.Role.OWNER, Membership.Role.ADMIN]
    found = list(request.organization.memberships.active().filter(role__in=roles).select_related("user"))
    keys.warm(Kind.PROFILE, {one.user_id for one in found})
    return sorted(found, key=lambda one: one.display_name.casefold())


def _about(request: DeskRequest, **more: Any) -> dict[str, Any]:
    return {"organization": request.organization, "membership": request.membership, **more}
