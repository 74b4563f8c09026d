"""Saved views: a list gets a name, is changed, and goes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from mailbox.access import may_see
from tickets.actions.save_view import change_view, delete_view, may_change, save_view
from tickets.models import SavedView
from tickets.views.filters import asked
from tickets.views.narrowed import SavedViewForm, along_people, people_of
from tickets.views.saved_links import saved_of
from tickets.views.shell import Along, shell


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def new(request: DeskRequest) -> HttpResponse:
    """Save the list that the address asks for, or what the form makes of it."""
    form, around = _form(request, {**asked(request.GET).query()})
    if request.method == "POST" and form.is_valid():
        try:
            values = {"name": form.cleaned_data["name"], "is_shared": form.cleaned_data["is_shared"]}
            view = save_view(form.asked(), **values, by=request.membership)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The view is saved."))
            return redirect(form.asked().url(request.organization.slug, saved=str(view.pk)))
    status = 422 if form.errors else 200
    return render(request, "tickets/saved_view.html", around | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def change(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Change a saved view; who may not is shown what it asks for."""
    view = _view(request, view_id)
    form, around = _form(request, {**view.query, "name": view.name, "is_shared": view.is_shared})
    if request.method == "POST" and form.is_valid():
        try:
            values = {"name": form.cleaned_data["name"], "is_shared": form.cleaned_data["is_shared"]}
            change_view(view, wanted=form.asked(), **values, by=request.membership)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The view is saved."))
            return redirect(form.asked().url(request.organization.slug, saved=str(view.pk)))
    context = around | {"form": form, "view": view, "may_change": may_change(view, request.membership)}
    return render(request, "tickets/saved_view.html", context, status=422 if form.errors else 200)


@require_POST
@answering_only
def delete(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Delete a saved view."""
    delete_view(_view(request, view_id), by=request.membership)
    messages.success(request, _("The view is deleted. Its tickets are where they were."))
    return redirect("tickets:queue", request.organization.slug)


def _view(request: DeskRequest, view_id: UUID) -> SavedView:
    """Return a view the reader has before them; 404 for a colleague's own, and for one of a hidden mailbox."""
    me = request.membership
    view = get_object_or_404(SavedView.objects.filter(pk__in=saved_of(me).values("pk")), pk=view_id)
    mailbox = view.query.get("mailbox")
    if mailbox and view.owner_id != me.pk and not may_see(me, mailbox):
        raise Http404
    return view


def _form(request: DeskRequest, initial: dict[str, Any]) -> tuple[SavedViewForm, dict[str, Any]]:
    around = shell(request, along=Along("people", along_people))
    known = people_of(around["counts"]["people"])
    form = SavedViewForm(request.POST or None, around=around, people=known, me=request.membership, initial=initial)
    return form, around
