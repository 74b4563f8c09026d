"""Contacts from a file and into a file: for admins, who may see every contact."""

from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access_log import as_verb, opened, saw
from accounts.decorators import admins_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.contacts.import_contacts import (
    begin_import,
    give_up_import,
    look_through,
    sheet_of,
    upload_contacts,
)
from tickets.contact_forms import ColumnsForm, UploadForm
from tickets.contacts.checking import REASONS
from tickets.contacts.export import contacts_as_csv
from tickets.models import ContactImport
from tickets.views.contacts.common import page

SHOWN = 5  # rows of the preview


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def upload(request: DeskRequest) -> HttpResponse:
    """Take a file of contacts, and list the last ones."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            run = upload_contacts(request.organization, content=content, by=request.membership)
            return redirect("tickets:contact_import", request.organization.slug, run.pk)
        except ActionRefused as refusal:
            form.add_error("file", str(refusal))
    runs = ContactImport.objects.filter(organization=request.organization).select_related("by__user").order_by("-pk")
    context = page(request, form=form, runs=runs[:10])
    return render(request, "tickets/contacts/upload.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def one_import(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Show where an import stands; a POST looks the file through with the columns that were chosen."""
    run = _run(request, import_id)
    if request.htmx:
        return render(
            request, "tickets/contacts/import.html#progress", _about(run) | {"organization": run.organization}
        )
    if run.is_finished or run.state == ContactImport.State.RUNNING:
        return render(request, "tickets/contacts/import.html", page(request, **_about(run)))
    sheet = sheet_of(run)
    form = ColumnsForm(request.POST or None, head=sheet.head, chosen=run.columns)
    if request.method == "POST" and form.is_valid():
        try:
            look_through(run, columns=form.columns())
            return redirect("tickets:contact_import", request.organization.slug, run.pk)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
    rows = [[row.cell(number) for number in range(len(sheet.head))] for row in islice(sheet.rows(), SHOWN)]
    columns = [
        {"field": field, "examples": [row[number] for row in rows if row[number]][:3]}
        for number, field in enumerate(form)
    ]
    context = page(request, form=form, columns=columns, **_about(run))
    return render(request, "tickets/contacts/import.html", context, status=422 if form.errors else 200)


@require_POST
@admins_only
def begin(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Take the rows in, in the background; the page counts along."""
    run = _run(request, import_id)
    begin_import(run, by=request.membership)
    return redirect("tickets:contact_import", request.organization.slug, run.pk)


@require_POST
@admins_only
def give_up(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Delete a file that is not to be taken in."""
    give_up_import(_run(request, import_id))
    messages.success(request, _("The file is deleted. Nothing was taken in."))
    return redirect("tickets:import_contacts", request.organization.slug)


@require_safe
@admins_only
@as_verb("export")
def export(request: DeskRequest) -> HttpResponse:
    """Send every contact as a file for a spreadsheet."""
    content = contacts_as_csv(request.membership)
    saw(request, (), amount=content.count(b"\r\n") - 1)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="contacts-{localdate():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _run(request: DeskRequest, import_id: UUID) -> ContactImport:
    run = get_object_or_404(ContactImport, organization=request.organization, pk=import_id)
    opened(request, run)
    return run


def _about(run: ContactImport) -> dict[str, Any]:
    """Return what every state of an import shows."""
    errors = [{"row": row, "reason": REASONS[word]} for row, word in run.errors.get("rows", [])]
    return {"run": run, "errors": errors, "left_out": run.failed - len(errors)}
