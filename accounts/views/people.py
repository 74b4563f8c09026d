"""People of an organization: members with their roles, and who is invited."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.change_role import change_role as give_role
from accounts.actions.deactivate import deactivate_member, reactivate_member
from accounts.actions.invite import invite_person
from accounts.actions.invite import withdraw_invitation as take_back
from accounts.consent import count_to_agree
from accounts.decorators import admins_only
from accounts.forms import InviteForm, RoleForm, role_choices
from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys


@require_safe
@admins_only
def people(request: DeskRequest) -> HttpResponse:
    """List members and open invitations, with the form that invites."""
    return _page(request, InviteForm(by=request.membership))


@require_POST
@admins_only
def invite(request: DeskRequest) -> HttpResponse:
    """Offer a place to an address."""
    form = InviteForm(request.POST, by=request.membership)
    if not form.is_valid():
        return _page(request, form, status=422)
    invite_person(request.organization, **form.cleaned_data, by=request.membership)
    messages.success(request, _("The invitation is on its way."))
    return _back(request)


@require_POST
@admins_only
def resend_invitation(request: DeskRequest, invitation_id: UUID) -> HttpResponse:
    """Offer the same place again with a new link; the old link is dead."""
    old = get_object_or_404(request.organization.invitations.open(), pk=invitation_id)
    invite_person(request.organization, email=old.email, role=old.role, by=request.membership)
    messages.success(request, _("A new invitation is on its way. The old link no longer works."))
    return _back(request)


@require_POST
@admins_only
def withdraw_invitation(request: DeskRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    take_back(get_object_or_404(request.organization.invitations, pk=invitation_id))
    messages.success(request, _("The invitation no longer works."))
    return _back(request)


@require_POST
@admins_only
def change_role(request: DeskRequest, member_id: UUID) -> HttpResponse:
    """Give a member another role."""
    member = get_object_or_404(request.organization.memberships, pk=member_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such role."))
        return _back(request)
    role = form.cleaned_data["role"]
    if losing := count_to_agree(request, lambda: give_role(_again(member), role=role, by=_again(request.membership))):
        question = _("Make %(name)s a %(role)s?") % {"name": member.display_name, "role": Membership.Role(role).label}
        return _ask(request, question=question, losing=losing, act=_("Change the role"), role=role)
    give_role(member, role=role, by=request.membership)
    messages.success(request, _("The role holds from now on."))
    return _back(request)


@require_POST
@admins_only
def deactivate(request: DeskRequest, member_id: UUID) -> HttpResponse:
    """Shut a member out."""
    member = get_object_or_404(request.organization.memberships, pk=member_id)
    if losing := count_to_agree(request, lambda: deactivate_member(_again(member), by=_again(request.membership))):
        question = _("Shut %(name)s out?") % {"name": member.display_name}
        return _ask(request, question=question, losing=losing, act=_("Shut out"))
    deactivate_member(member, by=request.membership)
    messages.success(request, _("Shut out, and signed out everywhere."))
    return _back(request)


@require_POST
@admins_only
def reactivate(request: DeskRequest, member_id: UUID) -> HttpResponse:
    """Let a member in again."""
    member = get_object_or_404(request.organization.memberships, pk=member_id)
    reactivate_member(member, by=request.membership)
    messages.success(request, _("Let in again."))
    return _back(request)


def _ask(request: DeskRequest, *, question: str, losing: int, act: str, **fields: str) -> HttpResponse:
    """Say what it costs, with a form that does it all the same."""
    context = {
        "organization": request.organization,
        "membership": request.membership,
        "question": question,
        "losing": losing,
        "act": act,
        "fields": fields,
    }
    return render(request, "accounts/agree.html", context, status=422)


def _again(member: Membership) -> Membership:
    """Return another copy of the row, for a rehearsal to change."""
    return Membership.objects.select_related("organization", "user").get(pk=member.pk)


def _page(request: DeskRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    organization, me = request.organization, request.membership
    members = list(organization.memberships.select_related("user").prefetch_related("teams"))
    keys.warm(Kind.PROFILE, {member.user_id for member in members})
    for member in members:
        _describe(member, me)
    context = {
        "organization": organization,
        "membership": me,
        "members": sorted(members, key=lambda member: (not member.is_active, member.display_name.casefold())),
        "invitations": organization.invitations.open().order_by("-created_at"),
        "invite_form": form,
    }
    return render(request, "accounts/people.html", context, status=status)


def _describe(member: Any, me: Membership) -> None:
    """Note what the page says of a member, and which roles this admin may give."""
    member.is_me = member.pk == me.pk
    member.team_names = sorted((team.name for team in member.teams.all()), key=str.casefold)
    member.has_second_step = member.user.has_second_step
    member.last_login = member.user.last_login
    may_change = not member.is_owner or me.is_owner
    member.choices = role_choices(me) if may_change else []


def _back(request: DeskRequest) -> HttpResponse:
    return redirect("accounts:people", request.organization.slug)
