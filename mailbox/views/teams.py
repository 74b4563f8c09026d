"""Teams: who is in them, and which mailboxes they alone let in. Here, because a team is about mailboxes."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import rehearse
from accounts.actions.create_team import create_team, rename_team
from accounts.actions.delete_team import delete_team
from accounts.actions.join_team import add_team_member, remove_team_member
from accounts.consent import count_to_agree
from accounts.decorators import admins_only
from accounts.errors import ActionRefused
from accounts.models import Membership, Team
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from mailbox.forms import TeamForm, TeamNameForm
from mailbox.models import Mailbox, MailboxAccess
from mailbox.views.mailboxes import about


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def teams(request: DeskRequest) -> HttpResponse:
    """List the teams, and make another."""
    form = TeamNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_team(request.organization, **form.cleaned_data, by=request.membership)
            return redirect("mailbox:team", request.organization.slug, made.pk)
        except ActionRefused as refusal:
            form.add_error("name", str(refusal))
    context = about(request, teams=_listed(request), form=form)
    return render(request, "mailbox/teams.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def team(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """Show a team with its members and mailboxes; save its name and who is in it."""
    found = get_object_or_404(request.organization.teams, pk=team_id)
    inside = {str(pk) for pk in found.places.values_list("member_id", flat=True)}
    form = TeamForm(
        request.POST or None, members=_people(request, inside), initial={"name": found.name, "members": list(inside)}
    )
    losing = 0
    if request.method == "POST" and form.is_valid():
        try:
            losing = count_to_agree(request, lambda: _save(found, form, inside, by=request.membership))
            if not losing:
                _save(found, form, inside, by=request.membership)
                messages.success(request, _("Saved."))
                return _back(request)
        except ActionRefused as refusal:
            form.add_error("name", str(refusal))
    context = about(request, team=found, form=form, losing=losing, mailboxes=_mailboxes_of(found))
    return render(request, "mailbox/team.html", context, status=422 if form.errors or losing else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def delete(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """Say what ends with the team, then delete it."""
    found = get_object_or_404(request.organization.teams, pk=team_id)
    if request.method == "POST":
        delete_team(found, by=request.membership)
        messages.success(request, _("Deleted."))
        return _back(request)
    losing = rehearse(lambda: delete_team(get_object_or_404(Team, pk=team_id), by=request.membership))
    for mailbox in (mailboxes := _mailboxes_of(found)):
        mailbox.is_left_alone = not mailbox.has_others
    return render(request, "mailbox/delete_team.html", about(request, team=found, losing=losing, mailboxes=mailboxes))


def _save(found: Team, form: TeamForm, inside: set[str], *, by: Membership) -> int:
    found.refresh_from_db()  # a rehearsal has changed it in memory
    if form.cleaned_data["name"] != found.name:
        rename_team(found, name=form.cleaned_data["name"], by=by)
    chosen = {str(one.pk): one for one in form.chosen()}
    for pk, member in chosen.items():
        if pk not in inside:
            add_team_member(found, member=member, by=by)
    leaving = [form.offered_members[pk] for pk in sorted(inside - set(chosen))]
    return sum([remove_team_member(found, member=member, by=by) for member in leaving])


def _listed(request: DeskRequest) -> list[Any]:
    """Return the teams by name, each with its members and the mailboxes limited to it."""
    found: list[Any] = list(request.organization.teams.prefetch_related("members__user"))
    keys.warm(Kind.PROFILE, {one.user_id for team in found for one in team.members.all()})
    limited: dict[UUID, list[Mailbox]] = defaultdict(list)
    let_in = MailboxAccess.objects.filter(organization=request.organization, team__isnull=False)
    for access in let_in.exclude(mailbox__state=Mailbox.State.DISCONNECTED).select_related("mailbox").order_by("pk"):
        if access.team_id:
            limited[access.team_id].append(access.mailbox)
    for one in found:
        one.people = sorted((m for m in one.members.all() if m.is_active), key=lambda m: m.display_name.casefold())
        one.mailboxes = limited[one.pk]
    return sorted(found, key=lambda one: one.name.casefold())


def _mailboxes_of(team: Team) -> list[Any]:
    """Return the limited mailboxes that let this team in, with whether they let in anybody else."""
    others = MailboxAccess.objects.filter(~Q(team=team) | Q(team=None), mailbox=OuterRef("pk"))
    found = Mailbox.objects.connected().filter(organization_id=team.organization_id, accesses__team=team)
    return list(found.annotate(has_others=Exists(others)).order_by("pk"))


def _people(request: DeskRequest, inside: set[str]) -> list[Membership]:
    """Return who can be in a team: everybody who can sign in, and whoever is in it already."""
    everybody = request.organization.memberships.select_related("user")
    found = [one for one in everybody if one.is_active or str(one.pk) in inside]
    keys.warm(Kind.PROFILE, {one.user_id for one in found})
    return sorted(found, key=lambda one: one.display_name.casefold())


def _back(request: DeskRequest) -> HttpResponse:
    return redirect("mailbox:teams", request.organization.slug)
