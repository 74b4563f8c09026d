"""The lines of a list of tickets, in bands."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.templatetags.desk import avatar, icon, moment
from mailbox.models import OutboundEmail
from tickets.models import Tag, Ticket
from tickets.narrowing import Asked
from tickets.newest import NEWEST, PRIORITY, WAITING
from tickets.views.filled import everywhere
from tickets.views.words import PRIORITY_LABELS, STATE_ICONS, STATE_LABELS

LONG = 3  # messages; a longer conversation opens at its newest mail


def bands(request: DeskRequest, tickets: list[Ticket], wanted: Asked, tags: Mapping[UUID, Tag]) -> list[dict[str, Any]]:
    """Return the tickets of a page under headings: by day, or by priority where that is the order."""
    lines = Lines(request, "?" + urlencode(wanted.query(view="from")), tags)

    def rows(group: Iterable[Ticket]) -> list[dict[str, Any]]:
        if wanted.order == NEWEST:
            return [lines.of(ticket) for ticket in group]
        return [lines.of(ticket) | {"when": moment(ticket.waiting_since)} for ticket in group]

    if wanted.order == PRIORITY:
        return [
            {"label": PRIORITY_LABELS[Ticket.Priority(key)], "icon": "bolt", "rows": rows(group)}
            for key, group in groupby(tickets, key=lambda ticket: ticket.priority)
        ]
    today, zone = timezone.localdate(), timezone.get_current_timezone()
    labels = {0: _("Today"), 1: _("Yesterday"), 2: _("Earlier")}

    def day(ticket: Ticket) -> int:
        at = ticket.waiting_since if wanted.order == WAITING else ticket.last_activity_at
        return min(max((today - at.astimezone(zone).date()).days, 0), 2)

    return [
        {"label": labels[key], "icon": "clock" if key == 0 else "calendar", "rows": rows(group)}
        for key, group in groupby(tickets, key=day)
    ]


def show_rows(bands: Iterable[dict[str, Any]]) -> None:
    """Give each line of these bands its `shown`."""
    template = everywhere("tickets/_row.html", "row", get_language())
    for row in (row for band in bands for row in band["rows"]):
        row["shown"] = template.of(row)


class Lines:
    """Tickets as lines of one page; what many of them say is worked out once."""

    def __init__(self, request: DeskRequest, query: str = "", tags: Mapping[UUID, Tag] | None = None) -> None:
        """Take who reads, what the address of each ticket says besides, and the tags there are."""
        self._me, self._slug, self._query = request.membership, request.organization.slug, query
        self._tags = tags or {}
        self._faces: dict[UUID | None, str] = {}
        self._counted: dict[int, str] = {}
        self._choose = escape(_("Choose ticket %(number)d"))
        self._no_subject, self._can_choose = _("No subject"), request.membership.can_answer
        self._states = {key: (icon(STATE_ICONS[key]), str(label)) for key, label in STATE_LABELS.items()}

    def of(self, ticket: Ticket) -> dict[str, Any]:
        """Return a ticket as a line of a list shows it: plain texts and finished pieces, because a list has many."""
        hung = [self._tags[pk] for pk in getattr(ticket, "tag_ids", ()) if pk in self._tags]
        count, is_new = ticket.message_count, is_unread(ticket, self._me)
        state_icon, state_label = self._states[Ticket.State(ticket.state)]
        newest = "#newest" if count > LONG else ""
        return {
            "number": str(ticket.number),
            "kind": "ticket unread" if is_new else "ticket",
            "is_new": is_new,
            "pick": self._pick(ticket.number) if self._can_choose else "",
            "url": f"{address_of('tickets:ticket', self._slug, ticket.number)}{self._query}{newest}",
            "state": ticket.state,
            "state_icon": state_icon,
            "state_label": state_label,
            "who": who(ticket),
            "count": str(count) if count > 1 else "",
            "count_label": self._count(count),
            "subject": ticket.subject or self._no_subject,
            "snippet": ticket.snippet,
            **_priority(ticket),
            "until": moment(ticket.snoozed_until, "long") if ticket.is_snoozed else "",
            "is_unverified": ticket.is_unverified,
            "is_suspected": bool(ticket.is_spam and ticket.suspicion),
            "not_sent": getattr(ticket, "last_sent", "") == OutboundEmail.State.FAILED,
            "has_draft": getattr(ticket, "has_draft", False),
            "has_attachments": ticket.has_attachments,
            "tags": _tags(sorted(hung, key=lambda tag: tag.name.casefold())) if hung else "",
            "team": ticket.team.name if ticket.team_id and ticket.team else "",
            "when": moment(ticket.last_activity_at),
            "face": self._face(ticket),
        }

    def _pick(self, number: int) -> SafeString:
        """Return the box that chooses the ticket."""
        said = self._choose % {"number": number}
        return mark_safe(  # noqa: S308 - a number, and words of ours that were escaped
            f'<label class="pick"><input class="tick" type="checkbox" name="ticket" value="{number}">'
            f'<span class="visually-hidden">{said}</span></label>'
        )

    def _count(self, count: int) -> str:
        if count not in self._counted:
            self._counted[count] = ngettext("%(count)d message", "%(count)d messages", count) % {"count": count}
        return self._counted[count]

    def _face(self, ticket: Ticket) -> str:
        if ticket.assignee_id not in self._faces:
            self._faces[ticket.assignee_id] = _face(ticket.assignee, mine=ticket.assignee_id == self._me.pk)
        return self._faces[ticket.assignee_id]


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
