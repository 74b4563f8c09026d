"""The queue: tickets to work on, in the order asked for, a page at a time."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access_log import as_verb, saw
from accounts.columns import all_but
from accounts.errors import ActionRefused
from accounts.models import Membership, Team, User
from accounts.prepared import for_reader
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from tickets.counting import said, scanned
from tickets.lists import COUNTED, VIEWS
from tickets.models import Contact, Draft, Message, Seen, Ticket, TicketTag
from tickets.narrowing import Asked
from tickets.newest import ORDERS, Cursor, newest
from tickets.views.beside import Beside, asked_beside
from tickets.views.bulk import bulk_choices, change_shown
from tickets.views.filters import asked
from tickets.views.line import live_since
from tickets.views.narrowed import along_people, chips, names_of, narrowers, people_of
from tickets.views.rows import bands, show_rows
from tickets.views.saved_links import SavedLink, count_saved
from tickets.views.shell import Along, shell
from tickets.views.words import ORDER_LABELS

PAGE = 25
_ANSWERS = Message.objects.filter(ticket=OuterRef("pk"), direction=Message.Direction.OUTBOUND).order_by("-at")
_LAST_SENT = _ANSWERS.values("outbound__state")[:1]  # how the newest answer of a ticket fared
# To make an object of a column costs more than to read it, and a list has 25 rows of five kinds.
_UNSHOWN = [
    *("fields", "related_to", "merged_into", "state_before_merge", "state_before_lock", "survivor_state"),
    *("survivor_closed_at", "anonymised_at"),
    *all_but(Contact, "id", "organization", "name", within="contact"),
    *all_but(Membership, "id", "organization", "user", within="assignee"),
    *all_but(User, "id", "name", "email", within="assignee__user"),
    *all_but(Team, "id", "organization", "name", within="team"),
]
_TAG_IDS = ArraySubquery(TicketTag.objects.filter(ticket=OuterRef("pk")).values("tag_id"))


@require_safe
@as_verb("list")
def queue(request: DeskRequest) -> HttpResponse:
    """Show one page of one view, whole or narrowed; with htmx only its rows. What cannot be quick is refused."""
    wanted, me, slug = asked(request.GET), request.membership, request.organization.slug
    if reason := wanted.slow_because():
        raise ActionRefused(reason)
    live_since(request)
    before, saved = _cursor(wanted, request.GET.get("before", "")), request.GET.get("saved", "")
    tickets = _page(request, wanted, before)
    saw(request, tickets[:PAGE])
    beside = Beside(request, tickets[:PAGE])
    around = {"view": wanted.view.key, "mailbox": wanted.mailbox, "team": wanted.team, "saved": saved}
    context = shell(request, **around, along=_along(wanted, beside))
    people = people_of(context["counts"]["people"])
    names = names_of(context, people, me)
    link = _saved(context["saved"], saved)
    found = chips(names, wanted, me, slug)
    count_saved(request, context["saved"])
    older = tickets[PAGE - 1] if len(tickets) > PAGE else None
    context |= {
        "view": wanted.view,
        "saved_view": link,
        "wanted": wanted,
        "title": link.view.name if link else wanted.view.label,
        "views": _tabs(wanted, slug),
        "orders": _orders(wanted, slug, saved),
        "bands": bands(request, tickets[:PAGE], wanted, {tag.pk: tag for tag in context["tags"]}),
        "total": _total(context, wanted),
        "chips": found,
        "narrowers": narrowers(wanted, names),
        "query": wanted.query(),
        "bulk_choices": bulk_choices(context, people, me) if me.can_answer else [],
        "change": change_shown(request),
        "older_url": wanted.url(slug, before=wanted.order.cursor_after(older), saved=saved) if older else "",
        "newest_url": wanted.url(slug, saved=saved) if before else "",
    }
    beside.mark(context["bands"], context["counts"])
    show_rows(context["bands"])
    return render(request, "tickets/queue.html#rows" if request.htmx else "tickets/queue.html", context)


def _page(request: DeskRequest, wanted: Asked, before: Cursor | None) -> list[Ticket]:
    """Return one row more than a page, so that one knows whether there are older ones."""
    own = wanted.values

    def build(reader: DeskRequest, *values: Any) -> QuerySet[Ticket]:
        return _tickets(wanted.with_values(values), reader.membership, values[len(own) :] or None)

    shape = (wanted.shape, before is None)
    rows: list[Ticket] = for_reader("queue", request, build, *own, *(before or ()), shape=shape)
    keys.warm(Kind.MAILBOX, {row.mailbox_id for row in rows})
    keys.warm(Kind.PROFILE, {row.assignee.user_id for row in rows if row.assignee})
    prefetch_related_objects([row.contact for row in rows if not row.contact.name], "addresses")
    return rows


def _tickets(wanted: Asked, me: Membership, before: Cursor | None) -> QuerySet[Ticket]:
    found = newest(wanted.mailboxes(me), wanted.narrow(me), before, PAGE + 1, wanted.order)
    found = found.select_related("contact", "assignee__user", "team")
    seen = Seen.objects.filter(ticket=OuterRef("pk"), member=me).values("activity_at")[:1]
    drafts = Exists(Draft.objects.being_written().filter(ticket=OuterRef("pk"), author=me))
    shown = found.annotate(last_sent=Subquery(_LAST_SENT), tag_ids=_TAG_IDS, seen_at=Subquery(seen), has_draft=drafts)
    return shown.defer(*_UNSHOWN)[: PAGE + 1]


def _cursor(wanted: Asked, text: str) -> Cursor | None:
    try:
        return wanted.order.cursor_of(text)
    except ValueError:
        raise Http404 from None


def _along(wanted: Asked, beside: Beside) -> Along:
    """Return what the shell's query is asked along: who may be given tickets, who is there, and how many these are."""
    is_counted = wanted.view.key in COUNTED and wanted.is_narrowed and not wanted.view.is_done
    own = wanted.values if is_counted else []
    there = sorted(beside.member_ids)

    def build(request: DeskRequest, *values: Any) -> dict[str, Any]:
        found = along_people(request) | asked_beside(values[len(own) :])
        if is_counted:
            found["here"] = scanned(wanted.with_values(values), request.membership)
        return found

    return Along("queue", build, [*own, *there], (wanted.shape if is_counted else None, len(there)))


def _total(context: dict[str, Any], wanted: Asked) -> str:
    """Return how many tickets the list has, as far as a page counts."""
    if "here" in context["counts"]:
        return said(context["counts"]["here"])
    if wanted.view.is_done:  # its count is of what waits there, not of all it holds
        return ""
    return next((one["count_display"] for one in context["navigation"]["queues"] if one["key"] == wanted.view.key), "")


def _saved(links: list[SavedLink], wanted: str) -> SavedLink | None:
    """Return the saved view that the address names; 404 where it is no view of the reader's."""
    if not wanted:
        return None
    for link in links:
        if str(link.view.pk) == wanted and link.asked:
            return link
    raise Http404


def _tabs(wanted: Asked, slug: str) -> list[dict[str, Any]]:
    """Return every view, narrowed as this one is where that is quick there, too."""
    tabs = []
    for one in VIEWS.values():
        other = wanted.but(view=one)
        other = other if not other.slow_because() else Asked(one)
        tabs.append({"label": one.label, "url": other.url(slug), "current": one.key == wanted.view.key})
    return tabs


def _orders(wanted: Asked, slug: str, saved: str) -> list[dict[str, Any]]:
    """Return the orders this view can stand in; what is done has one."""
    if wanted.view.is_done:
        return []
    return [
        {
            "label": ORDER_LABELS[key],
            "url": wanted.but(order=order).url(slug, saved=saved),
            "current": order == wanted.order,
        }
        for key, order in ORDERS.items()
    ]
