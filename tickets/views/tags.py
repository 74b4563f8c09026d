"""The tags of an organization: what they are called, how often they are used, merged and deleted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import admins_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.change_tag import change_tag, delete_tag, merge_tag
from tickets.actions.tag import make_tag
from tickets.counting import COUNT_UP_TO, Counted
from tickets.forms import MergeTagForm, TagSettingsForm
from tickets.models import Tag, TicketTag


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def tags(request: DeskRequest) -> HttpResponse:
    """List the tags, find some by a part of their name, and make another."""
    form = TagSettingsForm(request.POST or None, initial={"hue": Tag.Hue.GREY})
    if request.method == "POST" and form.is_valid():
        try:
            make_tag(request.organization, **form.cleaned_data)
            messages.success(request, _("Everybody can use the tag now."))
            return _back(request)
        except ActionRefused as refusal:
            form.add_error("name", str(refusal))
    wanted = request.GET.get("q", "").strip()
    every = _counted(request)
    found = [one for one in every if wanted.casefold() in one.name.casefold()]
    context = _about(request, tags=found, count=len(every), wanted=wanted, form=form)
    return render(request, "tickets/tags.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def change(request: DeskRequest, tag_id: UUID) -> HttpResponse:
    """Show a tag with all that can be done with it; save its name and hue."""
    tag = get_object_or_404(request.organization.tags, pk=tag_id)
    form = TagSettingsForm(request.POST or None, initial={"name": tag.name, "hue": tag.hue})
    if request.method == "POST" and form.is_valid():
        try:
            change_tag(tag, **form.cleaned_data, by=request.membership)
            messages.success(request, _("Saved. It shows on every ticket that has the tag."))
            return _back(request)
        except ActionRefused as refusal:
            form.add_error("name", str(refusal))
    return _page(request, tag_id, form)


@require_POST
@admins_only
def merge(request: DeskRequest, tag_id: UUID) -> HttpResponse:
    """Put another tag in the place of this one."""
    tag = get_object_or_404(request.organization.tags, pk=tag_id)
    form = MergeTagForm(request.POST, tags=_others(request, tag_id))
    if not form.is_valid():
        raise ActionRefused(_("Choose another tag to merge it into."))
    into = form.chosen()
    merge_tag(tag, into=into, by=request.membership)
    messages.success(request, _("Merged. Its tickets have “%(name)s” now.") % {"name": into.name})
    return _back(request)


@require_POST
@admins_only
def delete(request: DeskRequest, tag_id: UUID) -> HttpResponse:
    """Take a tag off all tickets and delete it; the page before has said on how many it is."""
    delete_tag(get_object_or_404(request.organization.tags, pk=tag_id), by=request.membership)
    messages.success(request, _("Deleted. The tickets stay."))
    return _back(request)


def _page(request: DeskRequest, tag_id: UUID, form: TagSettingsForm) -> HttpResponse:
    tag = next(one for one in _counted(request) if one.pk == tag_id)
    others = _others(request, tag_id)
    merge_form = MergeTagForm(tags=others) if others else None
    context = _about(request, tag=tag, form=form, merge_form=merge_form)
    return render(request, "tickets/tag.html", context, status=422 if form.errors else 200)


def _counted(request: DeskRequest) -> list[Any]:
    """Return every tag by name, with on how many tickets it is, as far as a page counts."""
    used = TicketTag.objects.filter(tag=OuterRef("pk")).values("pk")[:COUNT_UP_TO]
    found: list[Any] = list(request.organization.tags.annotate(ticket_count=Counted(used)))
    for one in found:
        one.is_many = one.ticket_count >= COUNT_UP_TO
        one.ticket_count = min(one.ticket_count, COUNT_UP_TO - 1)
    return sorted(found, key=lambda one: one.name.casefold())


def _others(request: DeskRequest, tag_id: UUID) -> list[Tag]:
    return sorted(request.organization.tags.exclude(pk=tag_id), key=lambda one: one.name.casefold())


def _about(request: DeskRequest, **more: Any) -> dict[str, Any]:
    return {"organization": request.organization, "membership": request.membership, "hues": Tag.Hue.choices, **more}


def _back(request: DeskRequest) -> HttpResponse:
    return redirect("tickets:tags", request.organization.slug)
