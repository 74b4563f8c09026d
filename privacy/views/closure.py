"""The end of an account: the question before, and what its owner sees of it afterwards."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import asked_again, owners_only
from accounts.mfa import needs_mfa, to_second_step
from accounts.models import Membership, User
from accounts.requests import DeskRequest
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import closings_of
from privacy.actions.cancel_deletion import cancel_closure
from privacy.actions.request_deletion import request_closure
from privacy.actions.tell_closing import mail_closing_link
from privacy.certificates.document import as_document, as_file
from privacy.certificates.names import Name, opened
from privacy.certificates.reading import CertificateShown
from privacy.deletion.kinds import present_counts
from privacy.forms import CloseForm
from privacy.models import DeletionJob, Export
from privacy.showing import JobShown
from privacy.views.certificates import as_download
from privacy.views.deletions import about, jobs_of, planned


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@owners_only
@asked_again
def close(request: DeskRequest) -> HttpResponse:
    """Offer the export first, say what closing means, and close after the company's name was typed."""
    organization = request.organization
    form = CloseForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        request_closure(organization, by=request.membership)
        job = jobs_of(request).unfinished().get(scope=DeletionJob.Scope.ORGANIZATION)
        mail_closing_link(job, organization)
        return redirect("closing", organization.pk)
    context = about(
        request,
        form=form,
        planned=planned(request, DeletionJob.Scope.ORGANIZATION),
        counts=present_counts(None),
        mailboxes=organization.mailboxes.connected().count(),
        members=organization.memberships.active().count(),
        export=Export.objects.filter(organization=organization).order_by("-created_at").first(),
    )
    return render(request, "privacy/close.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def closing(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Show an owner how the closed account ends; within the grace, undo it. Nobody else learns that it existed."""
    owner = _owner(request, organization_id)
    if needs_mfa(request, owner):
        return to_second_step(request)
    with organization_scope(organization_id):
        jobs = DeletionJob.objects.filter(organization_id=organization_id, scope=DeletionJob.Scope.ORGANIZATION)
        job = jobs.exclude(state=DeletionJob.State.CANCELLED).order_by("-requested_at").first()
        if job is None:
            raise Http404
        if "mail" in request.POST:
            mail_closing_link(job, owner.organization)
            messages.success(request, _("The link is on its way. The one before it no longer works."))
            return redirect("closing", organization_id)
        if request.method == "POST":
            cancel_closure(job, by=owner)
            messages.success(request, _("The account is open again. Nothing was erased. Reconnect its mailboxes."))
            return redirect("mailbox:mailboxes", owner.organization.slug)
        context = {"shown": JobShown(job), "job": job, "company": owner.organization.name, "can_undo": True}
        return render(request, "privacy/closing.html", context)


@require_safe
@never_cache
@login_not_required
def closed(request: HttpRequest, token: str) -> HttpResponse:
    """Show the same to whoever holds the link of the owner's mail, when no account is left to sign in with."""
    job, name = _opened(token)
    with organization_scope(job.organization_id):
        shown = JobShown(job)
        certificate = CertificateShown(shown.certificate, name) if shown.certificate else None
        context = {"shown": shown, "job": job, "company": name.text, "token": token, "certificate": certificate}
        return render(request, "privacy/closing.html", context)


@require_safe
@never_cache
@login_not_required
def closed_certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the certificate of a closed account to whoever holds the link."""
    job, name = _opened(token)
    with organization_scope(job.organization_id):
        found = JobShown(job).certificate
        if found is None:
            raise Http404
        return as_download(found, as_file(as_document(found, name)))


def closed_url(token: str) -> str:
    """Return the address for the mail."""
    return settings.URL + reverse("closed", args=[token])


def _owner(request: HttpRequest, organization_id: UUID) -> Membership:
    places = closings_of(request.user) if isinstance(request.user, User) else []
    owner = next((place for place in places if place.organization_id == organization_id), None)
    if owner is None:
        raise Http404
    return owner


def _opened(token: str) -> tuple[DeletionJob, Name]:
    found = opened(token)
    if found is None:
        raise Http404
    return found
