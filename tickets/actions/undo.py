"""Taking a change back, as long as nobody has changed the same thing since."""

from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, Team
from mailbox.models import Mailbox
from tickets.actions.assign import assign_ticket, assign_to_team
from tickets.actions.merged import refuse_if_merged
from tickets.actions.move import move_ticket
from tickets.actions.release import release_unreachable
from tickets.actions.tag import tag_ticket, untag_ticket
from tickets.history import record
from tickets.models import Event, Tag, Ticket
from tickets.undoing import Change, snapshot

Values = dict[str, str]


@transaction.atomic
def undo_change(ticket: Ticket, *, change: Change, by: Membership) -> None:
    """Put back what this change touched; declined where that is no longer as the change left it."""
    refuse_if_merged(ticket.lock())
    about = UUID(change.after["tag"]) if change.what == "tag" else None
    if str(ticket.pk) != change.ticket or snapshot(ticket, change.what, about) != change.after:
        raise ActionRefused(_("Nothing was undone: this ticket has been changed again since. Look at its history."))
    _UNDO[change.what](ticket, change.before, by)


def _state(ticket: Ticket, before: Values, by: Membership) -> None:
    ticket.state = Ticket.State(before["state"])
    ticket.closed_at = parse_datetime(before["closed_at"]) if before["closed_at"] else None
    ticket.save(update_fields=["state", "closed_at"])
    record(ticket, Event.Verb.STATE_RESTORED, by=by)
    if not ticket.is_closed and release_unreachable(ticket.organization_id, by=by, among=[ticket.pk]):
        ticket.refresh_from_db(fields=["assignee", "team"])


def _assignee(ticket: Ticket, before: Values, by: Membership) -> None:
    had = before["assignee_id"]
    found = Membership.objects.filter(organization_id=ticket.organization_id, pk=had).first() if had else None
    assign_ticket(ticket, to=found, by=by)


def _team(ticket: Ticket, before: Values, by: Membership) -> None:
    had = before["team_id"]
    found = Team.objects.filter(organization_id=ticket.organization_id, pk=had).first() if had else None
    assign_to_team(ticket, team=found, by=by)


def _tag(ticket: Ticket, before: Values, by: Membership) -> None:
    tag = Tag.objects.filter(organization_id=ticket.organization_id, pk=before["tag"]).first()
    if tag is None:
        raise ActionRefused(_("Nothing was undone: this tag is no more."))
    if before["hung"] == "True":
        tag_ticket(ticket, name=tag.name, by=by)
    else:
        untag_ticket(ticket, tag=tag, by=by)


def _mailbox(ticket: Ticket, before: Values, by: Membership) -> None:
    found = Mailbox.objects.filter(organization_id=ticket.organization_id, pk=before["mailbox_id"]).first()
    if found is None:
        raise ActionRefused(_("Nothing was undone: that mailbox is no more."))
    move_ticket(ticket, to=found, by=by)


_UNDO = {"state": _state, "assignee": _assignee, "team": _team, "tag": _tag, "mailbox": _mailbox}
