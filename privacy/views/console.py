"""The privacy console: one calm page of what is under way and what was done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from privacy.certificates.names import name_of
from privacy.certificates.reading import CertificateShown
from privacy.models import Certificate, DeletionJob, LegalHold, RetentionRule
from privacy.showing import JobShown
from privacy.views.deletions import about, jobs_of

SHOWN = 5


@require_safe
@admins_only
def console(request: DeskRequest) -> HttpResponse:
    """Show deletions under way, holds, retention, certificates and the way out, each on a card."""
    own = {"organization_id": request.organization.pk}
    under_way = jobs_of(request).unfinished().exclude(scope=DeletionJob.Scope.RULE).order_by("due_at")
    issued = Certificate.objects.filter(**own).select_related("job")
    holds = LegalHold.objects.active().filter(**own).order_by("review_at")
    context = about(
        request,
        deletions=[JobShown(job) for job in under_way[:SHOWN]],
        hold_count=holds.count(),
        next_review=holds.values_list("review_at", flat=True).first(),
        rule_count=RetentionRule.objects.filter(**own).count(),
        certificate_count=issued.count(),
        certificates=[CertificateShown(one, name_of(one.job)) for one in issued[:SHOWN]],
    )
    return render(request, "privacy/console.html", context)
