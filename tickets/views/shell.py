"""What every page of the desk shows around its content: views, teams and mailboxes with what waits in them."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from accounts.models import Membership, Organization, Team, TeamMember
from accounts.prepared import for_reader
from accounts.requests import DeskRequest
from accounts.rows import Rows, opened
from mailbox.access import mailboxes_for
from mailbox.models import InboundEmail, Mailbox
from tickets import first_steps
from tickets.counting import COUNT_UP_TO, Counted, counted, shown
from tickets.lists import COUNTED, VIEWS
from tickets.models import Notification, SavedView, Tag, Ticket
from tickets.views.line import live_since
from tickets.views.saved_links import saved_links, saved_of

AskedAlong = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Along:
    """What a page has the shell's query answer with its own: the annotations that build(request, *values) returns.

    Like the shell's own they are prepared (accounts.prepared): what changes the text of the query belongs to `shape`.
    """

    name: str
    build: AskedAlong
    values: Sequence[Any] = ()
    shape: Hashable = ()


def shell(
    request: DeskRequest,
    *,
    view: str = "",
    mailbox: str = "",
    team: str = "",
    saved: str = "",
    along: Along | None = None,
) -> dict[str, Any]:
    """Return the shell's part of a page's context, at the cost of one query; `counts` in it is what came along.

    `teams` and `tags` are those of the organization, by name, `saved` the views that somebody saved for the reader; a
    mailbox the reader may not see is nowhere in it.
    """
    organization, me, since = request.organization, request.membership, live_since(request)
    more = along or Along("nothing", _nothing)
    (row,) = for_reader("shell", request, partial(_asked, more.build), *more.values, shape=(more.name, more.shape))
    mailboxes = opened(Mailbox, row["its_mailboxes"])
    teams = sorted(opened(Team, row["its_teams"]), key=lambda one: one.name.casefold())
    queue_url = address_of("tickets:queue", organization.slug)
    queues = [
        {
            "key": key,
            "label": one.label,
            "icon": one.icon,
            "letter": one.letter,
            "url": f"{queue_url}?view={key}",
            "count_display": shown(sum(getattr(box, f"count_{key}", 0) for box in mailboxes)),
            "is_waiting": key in ("mine", "unassigned"),
            "current": key == view and not mailbox and not team and not saved,
        }
        for key, one in VIEWS.items()
    ]
    tags = sorted(opened(Tag, row["its_tags"]), key=lambda one: one.name.casefold())
    known = {"mailbox": {str(one.pk) for one in mailboxes}, "team": {str(one.pk) for one in teams}}
    known |= {"tag": {str(one.pk) for one in tags}}
    return {
        "organization": organization,
        "membership": me,
        "teams": teams,
        "tags": tags,
        "saved": saved_links(opened(SavedView, row["its_saved"]), known, me, organization.slug, current=saved),
        "first_steps": first_steps.first_steps(organization, row),
        "unread": row["unread"],
        "live_since": since,
        "counts": row,
        "navigation": {
            "queues": queues,
            "mailboxes": [
                _mailbox(one, queue_url, current=str(one.pk) == mailbox and not team and not saved)
                for one in mailboxes
                if not one.is_disconnected
            ],
            "teams": [
                _team(one, queue_url, current=str(one.pk) == team and not saved)
                for one in teams
                if one.is_mine or me.is_admin  # type: ignore[attr-defined]
            ],
            "is_admin": me.is_admin,
            "unread": shown(row["unread"]),
            "set_aside": shown(row.get("set_aside", 0)),
        },
    }


def _asked(build: AskedAlong, request: DeskRequest, *values: Any) -> QuerySet[Any, Any]:
    me = request.membership
    asked: dict[str, Any] = {
        "its_mailboxes": Rows(_mailboxes(me)),
        "its_teams": Rows(_teams(me)),
        "its_tags": Rows(_tags(me)),
        "its_saved": Rows(saved_of(me)),
        "unread": Counted(Notification.objects.visible_to(me).shown().unread().order_by().values("pk")[:COUNT_UP_TO]),
    }
    asked |= {"set_aside": _set_aside(me)} if me.is_admin else {}
    asked |= first_steps.asked(me)
    asked |= build(request, *values)
    return Organization.objects.filter(pk=request.organization.pk).annotate(**asked).values(*asked)


def _nothing(request: DeskRequest) -> dict[str, Any]:
    return {}


def _set_aside(me: Membership) -> Counted:
    """Return how many mails could not be read; an index of its own holds just these."""
    emails = InboundEmail.objects.quarantined().filter(organization_id=me.organization_id)
    return Counted(emails.order_by().values("pk")[:COUNT_UP_TO])


def _mailboxes(me: Membership) -> QuerySet[Any, Any]:
    """Return every mailbox the reader may see, with what waits in it; disconnected ones still have tickets."""
    counts = {f"count_{key}": counted(VIEWS[key].counted_in(OuterRef("pk"), me)) for key in COUNTED}
    shown_of_it = ("id", "organization_id", "address", "state", "trouble")
    return mailboxes_for(me).order_by("pk").annotate(**counts).values(*shown_of_it, *counts)


def _teams(me: Membership) -> QuerySet[Any, Any]:
    """Return every team, with whether the reader is in it and how much it has to do as far as the reader may see."""
    waiting = Ticket.objects.visible_to(me).open().given_to(OuterRef("pk"))
    mine = TeamMember.objects.filter(team=OuterRef("pk"), member=me)
    teams = Team.objects.filter(organization_id=me.organization_id).order_by("pk")
    found = teams.annotate(is_mine=Exists(mine), count_open=counted(waiting.values("pk")))
    return found.values("id", "organization_id", "name", "is_mine", "count_open")


def _tags(me: Membership) -> QuerySet[Any, Any]:
    tags = Tag.objects.filter(organization_id=me.organization_id).order_by("pk")
    return tags.values("id", "organization_id", "name", "hue")


def _team(team: Team, queue_url: str, *, current: bool) -> dict[str, Any]:
    return {
        "id": str(team.pk),
        "name": team.name,
        "count_display": shown(team.count_open),  # type: ignore[attr-defined]
        "url": f"{queue_url}?team={team.pk}",
        "current": current,
    }


def _mailbox(mailbox: Any, queue_url: str, *, current: bool) -> dict[str, Any]:
    stopped = mailbox.state == Mailbox.State.RECONNECT
    return {
        "id": str(mailbox.pk),
        "address": mailbox.address,
        "address_short": mailbox.short_address,
        "state": mailbox.state,
        "trouble": _("stopped") if stopped else _("delayed") if mailbox.trouble else "",
        "tone": "bad" if stopped else "warn",
        "count_display": shown(mailbox.count_open),
        "counts": {key: shown(getattr(mailbox, f"count_{key}")) for key in COUNTED},
        "url": f"{queue_url}?mailbox={mailbox.pk}",
        "current": current,
    }
