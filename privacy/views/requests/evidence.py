"""What shows who asks: added, and its files looked at."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from accounts.streams import begun, streamed
from mailbox.headers import attached_as
from privacy.actions.requests.identity import add_evidence
from privacy.request_forms import EvidenceForm
from privacy.views.requests.case import case_page
from privacy.views.requests.common import actor, case_or_404, to_case


@require_POST
@admins_only
def add(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Keep evidence for or against."""
    found, form = case_or_404(request, request_id), EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return case_page(request, found, evidence_form=form)
    add_evidence(found, **form.evidence(), by=actor(request))
    return to_case(request, found, _("Kept."))


@require_safe
@never_cache
@admins_only
def file(request: DeskRequest, request_id: UUID, evidence_id: UUID) -> HttpResponseBase:
    """Give a file as a download, whatever it is."""
    found = case_or_404(request, request_id)
    evidence = get_object_or_404(found.identityevidences, pk=evidence_id)
    if not evidence.file_name:
        raise Http404
    response = StreamingHttpResponse(streamed(begun(evidence.file.read())), content_type="application/octet-stream")
    response["Content-Disposition"] = attached_as(evidence.file_name)
    return response
