"""Taking everything along: asking for the file, watching it grow, downloading it once."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access_log import as_verb, opened
from accounts.decorators import asked_again, owners_only
from accounts.requests import DeskRequest
from accounts.streams import streamed
from privacy.actions.export import request_export, take_export
from privacy.models import Export
from privacy.views.deletions import about


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@owners_only
@asked_again
def exports(request: DeskRequest) -> HttpResponse:
    """Explain what is in it, show the newest one, and ask for another."""
    if request.method == "POST":
        export = request_export(by=request.membership)
        return redirect("privacy:export", request.organization.slug, export.pk)
    newest = Export.objects.filter(organization=request.organization).order_by("-created_at").first()
    return render(request, "privacy/exports.html", about(request, export=newest))


@require_safe
@never_cache
@owners_only
def export(request: DeskRequest, export_id: UUID) -> HttpResponse:
    """Show how far one is; htmx asks for the part that moves."""
    found = get_object_or_404(Export.objects.filter(organization=request.organization), pk=export_id)
    template = "privacy/exports.html#export" if request.htmx else "privacy/exports.html"
    return render(request, template, about(request, export=found))


@require_POST
@never_cache
@owners_only
@asked_again
@as_verb("export")
def download(request: DeskRequest, export_id: UUID) -> HttpResponseBase:
    """Hand the file out, once."""
    found = get_object_or_404(Export.objects.filter(organization=request.organization), pk=export_id)
    opened(request, found)
    answer = StreamingHttpResponse(streamed(take_export(found)), content_type="application/zip")
    answer["Content-Length"] = str(found.size)
    answer["Content-Encoding"] = "identity"  # a zip is compressed; the length must stay true
    answer["Content-Disposition"] = f'attachment; filename="deskhero-{request.organization.slug}.zip"'
    return answer
