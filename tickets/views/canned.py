"""Canned replies: the pages where they are kept."""

from typing import Any
from uuid import UUID

from csp.decorators import csp_exempt
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access_log import as_verb
from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.forms import OneLine
from accounts.models import Membership, Team
from accounts.requests import DeskRequest
from tickets.actions.canned import delete_canned, detach_canned, save_canned
from tickets.filling import VARIABLES
from tickets.forms import FilesField
from tickets.models import CannedFile, CannedReply
from tickets.uploads import uploaded
from tickets.views.files import as_download

FOR_ME, FOR_ALL = "me", "all"


class CannedForm(forms.Form):
    """A name to find it by, its words, and who may use it."""

    name = OneLine(label=gettext_lazy("Name"), max_length=120)
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 10}), max_length=20_000)
    who = forms.ChoiceField(label=gettext_lazy("Who uses it"))
    files = FilesField(label=gettext_lazy("Files that come along"), required=False)  # type: ignore[assignment]

    def __init__(self, *args: Any, me: Membership, teams: list[Team], **kwargs: Any) -> None:
        """Offer what this member may choose."""
        super().__init__(*args, **kwargs)
        self.teams = {str(one.pk): one for one in teams} if me.is_admin else {}
        choices = [(FOR_ME, _("Only I"))]
        if me.is_admin:
            choices += [(FOR_ALL, _("Everybody")), *((pk, one.name) for pk, one in self.teams.items())]
        self.fields["who"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def canned(request: DeskRequest) -> HttpResponse:
    """List what the reader can use, find some by a part of their name or text, and make another."""
    form = _form(request, None)
    if request.method == "POST" and form.is_valid() and _save(request, form, None):
        return redirect("tickets:canned", request.organization.slug)
    wanted = request.GET.get("q", "").strip()
    every = sorted(_shown(request), key=lambda one: one.name.casefold())
    found = [one for one in every if wanted.casefold() in f"{one.name} {one.text}".casefold()]
    context = _about(request, found=found, count=len(every), wanted=wanted, form=form)
    return render(request, "tickets/canned.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def change(request: DeskRequest, canned_id: UUID) -> HttpResponse:
    """Show a canned reply that the reader may change, and change it."""
    one = _changeable_or_404(request, canned_id)
    form = _form(request, one)
    if request.method == "POST" and form.is_valid() and _save(request, form, one):
        return redirect("tickets:canned", request.organization.slug)
    context = _about(request, one=one, form=form, files=list(one.files.all()))
    return render(request, "tickets/canned_one.html", context, status=422 if form.errors else 200)


@require_POST
@answering_only
def delete(request: DeskRequest, canned_id: UUID) -> HttpResponse:
    """Delete a canned reply."""
    delete_canned(_changeable_or_404(request, canned_id))
    messages.success(request, _("Deleted. Answers that have it keep it."))
    return redirect("tickets:canned", request.organization.slug)


@answering_only
@require_safe
@as_verb("download")
@csp_exempt()  # type: ignore[arg-type]
def canned_file(request: DeskRequest, canned_id: UUID, canned_file_id: UUID) -> HttpResponseBase:
    """Send a file of a canned reply as a download."""
    file = get_object_or_404(CannedFile, pk=canned_file_id, canned=_changeable_or_404(request, canned_id))
    if not file.file.exists():
        raise Http404
    chunks = file.file.read()
    return as_download(next(chunks), chunks, file.name, file.size)


@require_POST
@answering_only
def remove_file(request: DeskRequest, canned_id: UUID, canned_file_id: UUID) -> HttpResponse:
    """Take a file off a canned reply."""
    one = _changeable_or_404(request, canned_id)
    detach_canned(get_object_or_404(CannedFile, pk=canned_file_id, canned=one))
    return redirect("tickets:change_canned", request.organization.slug, canned_id)


def _shown(request: DeskRequest) -> QuerySet[CannedReply]:
    """Return what the reader can use or change; admins also see what teams of others use."""
    me = request.membership
    return CannedReply.objects.usable_by(me) | CannedReply.objects.changeable_by(me)


def _changeable_or_404(request: DeskRequest, pk: UUID) -> CannedReply:
    return get_object_or_404(CannedReply.objects.changeable_by(request.membership), pk=pk)


def _form(request: DeskRequest, one: CannedReply | None) -> CannedForm:
    teams = sorted(Team.objects.filter(organization=request.organization), key=lambda team: team.name.casefold())
    initial = {"who": FOR_ALL if request.membership.is_admin else FOR_ME}
    if one is not None:
        who = FOR_ME if one.owner_id else str(one.team_id) if one.team_id else FOR_ALL
        initial = {"name": one.name, "text": one.text, "who": who}
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return CannedForm(*data, me=request.membership, teams=teams, initial=initial)


def _save(request: DeskRequest, form: CannedForm, one: CannedReply | None) -> bool:
    said = form.cleaned_data
    try:
        save_canned(
            one,
            name=said["name"],
            text=said["text"],
            shared=said["who"] == FOR_ALL,
            team=form.teams.get(said["who"]),
            files=[uploaded(file) for file in said["files"]],
            by=request.membership,
        )
    except ActionRefused as refusal:
        form.add_error("text", str(refusal))
        return False
    messages.success(request, _("Saved. Type / in an answer to find it."))
    return True


def _about(request: DeskRequest, **more: Any) -> dict[str, Any]:
    me = request.membership
    mine = set(CannedReply.objects.changeable_by(me).values_list("pk", flat=True))
    teams = {one.pk: one.name for one in Team.objects.filter(organization=request.organization)}
    for one in more.get("found", []):
        one.may_change = one.pk in mine
        one.used_by = _("Only I") if one.owner_id else teams.get(one.team_id, _("Everybody"))
    variables = [f"{{{name}}}" for name in VARIABLES]
    return {"organization": request.organization, "membership": me, "variables": variables, **more}
