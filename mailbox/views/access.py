"""Who sees a mailbox."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.consent import count_to_agree
from accounts.decorators import admins_only
from accounts.models import Membership, Team
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from mailbox.actions.limit_mailbox import limit_mailbox, open_mailbox
from mailbox.forms import AccessForm
from mailbox.models import Mailbox
from mailbox.views.mailboxes import about


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def access(request: DeskRequest, mailbox_id: UUID) -> HttpResponse:
    """Show or change who sees a mailbox; what costs somebody their tickets is said first."""
    mailbox = get_object_or_404(request.organization.mailboxes.connected(), pk=mailbox_id)
    members, admins = _people(request)
    form = AccessForm(request.POST or None, teams=_teams(request), members=members, initial=_as_it_is(mailbox))
    losing = 0
    if request.method == "POST" and form.is_valid():
        losing = count_to_agree(request, lambda: _save(mailbox, form, by=request.membership))
        if not losing:
            _save(mailbox, form, by=request.membership)
            messages.success(request, _("Saved. It holds from this moment, also on pages that are open."))
            return redirect("mailbox:mailboxes", request.organization.slug)
    names = ", ".join(one.display_name for one in admins)
    context = about(request, mailbox=mailbox, form=form, admin_names=names, losing=losing)
    return render(request, "mailbox/access.html", context, status=422 if form.errors or losing else 200)


def _save(mailbox: Mailbox, form: AccessForm, *, by: Membership) -> int:
    if form.is_limited:
        return limit_mailbox(mailbox, teams=form.chosen_teams(), members=form.chosen_members(), by=by)
    return open_mailbox(mailbox, by=by)


def _as_it_is(mailbox: Mailbox) -> dict[str, object]:
    named = list(mailbox.accesses.all())
    return {
        "who": AccessForm.SOME if mailbox.is_limited else AccessForm.EVERYBODY,
        "teams": [str(one.team_id) for one in named if one.team_id],
        "members": [str(one.member_id) for one in named if one.member_id],
    }


def _teams(request: DeskRequest) -> list[Team]:
    return sorted(request.organization.teams.all(), key=lambda one: one.name.casefold())


def _people(request: DeskRequest) -> tuple[list[Membership], list[Membership]]:
    """Return the members one can name, and the admins, who see every mailbox."""
    everybody = list(request.organization.memberships.active().select_related("user"))
    keys.warm(Kind.PROFILE, {one.user_id for one in everybody})
    everybody.sort(key=lambda one: one.display_name.casefold())
    return [one for one in everybody if not one.is_admin], [one for one in everybody if one.is_admin]
