"""The end of a mailbox: the question before, the page meanwhile, the way back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.models import OutboundEmail
from privacy.actions.cancel_deletion import record_no_withdrawal
from privacy.actions.request_deletion import GRACE, TERM
from privacy.deletion.kinds import present_counts
from privacy.models import DeletionJob
from privacy.showing import JobShown


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def disconnect(request: DeskRequest, mailbox_id: UUID) -> HttpResponse:
    """Say what will happen and when, then disconnect and lead to the page that shows it happening."""
    mailbox = get_object_or_404(request.organization.mailboxes.connected(), pk=mailbox_id)
    if request.method == "POST":
        disconnect_mailbox(mailbox, by=request.membership)  # which begins the clock: privacy.receivers
        job = jobs_of(request).filter(target_id=mailbox.pk).unfinished().get()
        return redirect("privacy:deletion", request.organization.slug, job.pk)
    context = about(
        request,
        mailbox=mailbox,
        planned=planned(request, DeletionJob.Scope.MAILBOX),
        unsent_count=OutboundEmail.objects.unsent().filter(mailbox=mailbox).count(),
        counts=present_counts(mailbox),
    )
    return render(request, "privacy/disconnect.html", context)


@require_safe
@admins_only
def deletion(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """Show what happens, how far it is, and when it ends; htmx asks for the part that moves."""
    shown = JobShown(get_object_or_404(jobs_of(request), pk=job_id))
    mailbox = request.organization.mailboxes.filter(pk=shown.job.target_id).first()
    template = "privacy/deletion.html#progress" if request.htmx else "privacy/deletion.html"
    counts = present_counts(mailbox) if mailbox and shown.job.can_be_undone else []
    return render(request, template, about(request, shown=shown, job=shown.job, mailbox=mailbox, counts=counts))


@require_POST
@admins_only
def keep(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """Record that what ended at the provider was no withdrawal; a disconnect is undone by agreeing once more instead.

    Reading goes on only after a new consent, so the next page offers it.
    """
    revoked = jobs_of(request).filter(scope=DeletionJob.Scope.MAILBOX, cause=DeletionJob.Cause.REVOKED)
    record_no_withdrawal(get_object_or_404(revoked, pk=job_id), by=request.membership)
    messages.success(request, _("Noted. Nothing is erased. Reconnect the mailbox when you want its mail again."))
    return redirect("mailbox:mailboxes", request.organization.slug)


def planned(request: DeskRequest, scope: str) -> JobShown:
    """Return the job it would be if it was asked for now: the dates of the question are those of the answer."""
    now = timezone.now()
    job = DeletionJob(
        organization_id=request.organization.pk,
        scope=scope,
        target_id=request.organization.pk,
        cause=DeletionJob.Cause.CLOSED,
        requested_at=now,
        run_after=now + GRACE,
        due_at=now + TERM,
    )
    return JobShown(job, now=now)


def jobs_of(request: DeskRequest) -> Any:
    """Return the jobs of this organization."""
    return DeletionJob.objects.filter(organization_id=request.organization.pk)


def about(request: DeskRequest, **more: Any) -> dict[str, Any]:
    """Return what every page about privacy knows."""
    return {"organization": request.organization, "membership": request.membership, **more}
