"""Certificates: the list, the page to read and print, the file to keep."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.decorators import admins_only
from accounts.models import Membership
from accounts.requests import DeskRequest
from privacy.certificates.document import as_document, as_file, file_name
from privacy.certificates.names import name_of
from privacy.certificates.reading import CertificateShown
from privacy.models import Certificate
from privacy.views.deletions import about


@require_safe
@admins_only
def certificates(request: DeskRequest) -> HttpResponse:
    """List the organization's certificates, newest first."""
    found = Certificate.objects.filter(organization_id=request.organization.pk).select_related("job")[:500]
    shown = [CertificateShown(one, name_of(one.job)) for one in found]
    return render(request, "privacy/certificates.html", about(request, certificates=shown))


@require_safe
@admins_only
def certificate(request: DeskRequest, serial: int) -> HttpResponse:
    """Show one to read and to print."""
    found = _found(request, serial)
    shown = CertificateShown(found, name_of(found.job))
    asked_by = Membership.objects.select_related("user").filter(pk=found.job.requested_by_id or found.pk).first()
    return render(request, "privacy/certificate.html", about(request, shown=shown, asked_by=asked_by))


@require_safe
@admins_only
def certificate_file(request: DeskRequest, serial: int) -> HttpResponse:
    """Hand out the file, with the name that the certificate proves."""
    found = _found(request, serial)
    return as_download(found, as_file(as_document(found, name_of(found.job))))


def as_download(found: Certificate, content: bytes) -> HttpResponse:
    """Return the file as a download that no cache keeps."""
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _found(request: DeskRequest, number: int) -> Certificate:
    own = Certificate.objects.filter(organization_id=request.organization.pk)
    return get_object_or_404(own.select_related("job"), number=number)
