"""The lines of a list of tickets, in bands."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.addresses import address_of
from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.templatetags.desk import avatar, icon, moment
from mailbox.models import OutboundEmail
from tickets.models import Tag, Ticket
from tickets.narrowing import Asked
from tickets.newest import NEWEST, PRIORITY, WAITING
from tickets.views.filled import Filled
from tickets.views.words import PRIORITY_LABELS, STATE_ICONS, STATE_LABELS

LONG = 3  # messages; a longer conversation opens at its newest mail


def bands(request: DeskRequest, tickets: list[Ticket], wanted: Asked, tags: Mapping[UUID, Tag]) -> list[dict[str, Any]]:
    """Return the tickets of a page under headings: by day, or by priority where that is the order."""
    query = "?" + urlencode(wanted.query(view="from"))

    def rows(group: Iterable[Ticket]) -> list[dict[str, Any]]:
        found = [(ticket, row_of(request, ticket, query, tags)) for ticket in group]
        if wanted.order == NEWEST:
            return [row for _ticket, row in found]
        return [row | {"when": moment(ticket.waiting_since)} for ticket, row in found]

    if wanted.order == PRIORITY:
        return [
            {"label": PRIORITY_LABELS[Ticket.Priority(key)], "icon": "bolt", "rows": rows(group)}
            for key, group in groupby(tickets, key=lambda ticket: ticket.priority)
        ]
    today = timezone.localdate()
    labels = {0: _("Today"), 1: _("Yesterday"), 2: _("Earlier")}

    def day(ticket: Ticket) -> int:
        at = ticket.waiting_since if wanted.order == WAITING else ticket.last_activity_at
        return min(max((today - timezone.localtime(at).date()).days, 0), 2)

    return [
        {"label": labels[key], "icon": "clock" if key == 0 else "calendar", "rows": rows(group)}
        for key, group in groupby(tickets, key=day)
    ]


def show_rows(bands: Iterable[dict[str, Any]], around: Mapping[str, Any], request: DeskRequest) -> None:
    """Give each line of these bands its `shown`."""
    template = Filled("tickets/_row.html", "row", around, request)
    for row in (row for band in bands for row in band["rows"]):
        row["shown"] = template.of(row)


def row_of(
    request: DeskRequest, ticket: Ticket, query: str = "", tags: Mapping[UUID, Tag] | None = None
) -> dict[str, Any]:
    """Return a ticket as a line of a list shows it: plain texts and finished pieces, because a list has many."""
    hung = [tags[pk] for pk in getattr(ticket, "tag_ids", ()) if pk in tags] if tags else []
    state, mine = Ticket.State(ticket.state), ticket.assignee_id == request.membership.pk
    newest = "#newest" if ticket.message_count > LONG else ""
    count, is_new = ticket.message_count, is_unread(ticket, request.membership)
    return {
        "number": str(ticket.number),
        "kind": "ticket unread" if is_new else "ticket",
        "is_new": is_new,
        "pick": _pick(ticket.number) if request.membership.can_answer else "",
        "url": address_of("tickets:ticket", request.organization.slug, ticket.number) + query + newest,
        "state": ticket.state,
        "state_icon": icon(STATE_ICONS[state]),
        "state_label": str(STATE_LABELS[state]),
        "who": who(ticket),
        "count": str(count) if count > 1 else "",
        "count_label": ngettext("%(count)d message", "%(count)d messages", count) % {"count": count},
        "subject": ticket.subject or _("No subject"),
        "snippet": ticket.snippet,
        **_priority(ticket),
        "until": moment(ticket.snoozed_until, "long") if ticket.is_snoozed else "",
        "is_unverified": ticket.is_unverified,
        "is_suspected": bool(ticket.is_spam and ticket.suspicion),
        "not_sent": getattr(ticket, "last_sent", "") == OutboundEmail.State.FAILED,
        "has_draft": getattr(ticket, "has_draft", False),
        "has_attachments": ticket.has_attachments,
        "tags": _tags(sorted(hung, key=lambda tag: tag.name.casefold())),
        "team": ticket.team.name if ticket.team_id and ticket.team else "",
        "when": moment(ticket.last_activity_at),
        "face": _face(ticket.assignee, mine=mine),
    }


def is_unread(ticket: Ticket, me: Membership) -> bool:
    """Return whether something happened since this member looked; what was before they joined counts as read."""
    seen_at = getattr(ticket, "seen_at", None) or me.created_at
    if ticket.is_spam:
        return ticket.suspicion == Ticket.Suspicion.NEW
    return ticket.last_activity_at > seen_at


def who(ticket: Ticket) -> str:
    """Return the contact's name, or the address where there is no name."""
    if ticket.contact.name:
        return ticket.contact.name
    return next((one.address for one in ticket.contact.addresses.all()), _("Unknown sender"))


def _pick(number: int) -> str:
    """Return the box that chooses the ticket."""
    box = '<input class="tick" type="checkbox" name="ticket" value="{}">'
    shown = f'<label class="pick">{box}<span class="visually-hidden">{{}}</span></label>'
    return format_html(shown, number, _("Choose ticket %(number)d") % {"number": number})


def _tags(tags: Iterable[Tag]) -> SafeString:
    return format_html_join("", '<span class="tag h{}">{}</span>', ((tag.hue, tag.name) for tag in tags))


def _priority(ticket: Ticket) -> dict[str, str]:
    """Return what is said of a priority that is not the usual one, and how loudly."""
    if ticket.priority == Ticket.Priority.NORMAL:
        return {"priority": "", "tone": ""}
    priority = Ticket.Priority(ticket.priority)
    tone = {Ticket.Priority.URGENT: "bad", Ticket.Priority.HIGH: "warn"}.get(priority, "")
    return {"priority": str(PRIORITY_LABELS[priority]), "tone": tone}


def _face(assignee: Membership | None, *, mine: bool) -> str:
    if assignee is None:
        label = _("Nobody yet")
        shown = '<span class="avatar nobody" role="img" aria-label="{}" title="{}">{}</span>'
        return format_html(shown, label, label, icon("unassigned"))
    name = assignee.display_name
    return avatar(name, "agent", _("Assigned to you") if mine else _("Assigned to %(name)s") % {"name": name})
