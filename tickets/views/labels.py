"""What a ticket's panel says of its team and tags, from the shell's lists and what the ticket's own query brought."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.models import Team
from mailbox.models import MailboxAccess
from tickets.forms import TeamForm
from tickets.models import Tag, TicketTag

_TEAMS_LET_IN = MailboxAccess.objects.filter(mailbox=OuterRef("mailbox"), team__isnull=False)
# For annotate(): ids only, so that a page needs no further query.
LABELS = {
    "tag_ids": ArraySubquery(TicketTag.objects.filter(ticket=OuterRef("pk")).values("tag_id")),
    "team_ids_let_in": ArraySubquery(_TEAMS_LET_IN.values("team_id")),
}


def labels(ticket: Any, teams: list[Team], tags: list[Tag]) -> dict[str, Any]:
    """Return the ticket's team and tags, the form for its team, and the tags it could get."""
    named = {one.pk: one for one in teams}
    hung = set(ticket.tag_ids)
    return {
        "team": named.get(ticket.team_id),
        "team_form": _team_form(ticket, teams),
        "ticket_tags": [one for one in tags if one.pk in hung],
        "other_tags": [one for one in tags if one.pk not in hung],
    }


def _team_form(ticket: Any, teams: list[Team]) -> TeamForm | None:
    let_in = set(ticket.team_ids_let_in)
    seeing = [one for one in teams if not ticket.mailbox.is_limited or one.pk in let_in or one.pk == ticket.team_id]
    return TeamForm(teams=seeing, initial={"team": str(ticket.team_id or "")}) if seeing else None
