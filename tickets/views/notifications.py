"""What one is to know: the list, the bell, and by which ways."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access_log import as_verb, contentless, saw
from accounts.requests import DeskRequest
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind as KeyKind
from accounts.sealing.keys import keys
from tickets.actions.choose_notifications import choices_of, choose_notifications
from tickets.counting import COUNT_UP_TO, shown
from tickets.models import Notification
from tickets.newest import Cursor, Order
from tickets.notification_form import ChoicesForm
from tickets.views.line import live_since
from tickets.views.shell import shell

PAGE = 30
_ORDER = Order("notifications", ("-at", "-pk"))
ICONS = {
    Notification.Kind.ASSIGNED: "user",
    Notification.Kind.MENTIONED: "at",
    Notification.Kind.REPLY: "reply",
    Notification.Kind.MAILBOX: "alert",
}


@require_safe
@as_verb("list")
def notifications(request: DeskRequest) -> HttpResponse:
    """Show what happened, newest first, a page at a time."""
    live_since(request)
    before = _cursor(request.GET.get("before", ""))
    context = shell(request)
    rows = _page(request, before)
    saw(request, [one.ticket_id for one in rows[:PAGE] if one.ticket_id])
    address = reverse("tickets:notifications", args=[request.organization.slug])
    older = rows[PAGE - 1] if len(rows) > PAGE else None
    context |= {
        "rows": [_row(request, one) for one in rows[:PAGE]],
        "older_url": f"{address}?before={_after(older)}" if older else "",
        "newest_url": address if before else "",
        "older_label": _("Older ones"),
    }
    return render(request, "tickets/notifications.html", context)


@require_safe
@contentless("a number: how many wait")
def bell(request: DeskRequest) -> HttpResponse:
    """Show how many wait, as the sidebar does."""
    waiting = Notification.objects.visible_to(request.membership).shown().unread().order_by()
    context = {"organization": request.organization, "navigation": {"unread": shown(waiting[:COUNT_UP_TO].count())}}
    return render(request, "tickets/bell.html", context)


@require_POST
@contentless("marks a line of the reader's own list as read")
def read(request: DeskRequest, notification_id: UUID) -> HttpResponse:
    """Mark one as read."""
    found = get_object_or_404(Notification.objects.visible_to(request.membership), pk=notification_id)
    Notification.objects.filter(pk=found.pk).unread().update(read_at=timezone.now())
    return redirect("tickets:notifications", request.organization.slug)


@require_POST
@contentless("marks the reader's own list as read")
def read_all(request: DeskRequest) -> HttpResponse:
    """Mark as read everything that the page showed; what came later stays."""
    until = _cursor(request.POST.get("until", ""))
    mine = Notification.objects.visible_to(request.membership).unread()
    if until:
        mine = mine.filter(at__lte=until[0])
    Notification.objects.filter(pk__in=mine.values("pk")).update(read_at=timezone.now())
    return redirect("tickets:notifications", request.organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@contentless("by which ways one wants to be told")
def choices(request: DeskRequest) -> HttpResponse:
    """Show and save by which ways one wants to know what."""
    me = request.membership
    form = ChoicesForm(request.POST or None, choices=choices_of(me))
    if request.method == "POST" and form.is_valid():
        choose_notifications(me, form.chosen())
        messages.success(request, _("Saved."))
        return redirect("tickets:notification_choices", request.organization.slug)
    context = {"organization": request.organization, "membership": me, "form": form}
    return render(request, "tickets/notification_choices.html", context)


def _page(request: DeskRequest, before: Cursor | None) -> list[Notification]:
    found = Notification.objects.visible_to(request.membership).shown().order_by("-at", "-pk")
    if before:
        found = found.filter(Q(at__lt=before[0]) | Q(at=before[0], pk__lt=before[1]))
    rows = list(found.select_related("ticket", "mailbox", "by__user")[: PAGE + 1])
    keys.warm(KeyKind.MAILBOX, {pk for one in rows if (pk := one.ticket.mailbox_id if one.ticket else one.mailbox_id)})
    keys.warm(KeyKind.PROFILE, {one.by.user_id for one in rows if one.by})
    return rows


def _row(request: DeskRequest, one: Notification) -> dict[str, Any]:
    slug, ticket = request.organization.slug, one.ticket
    place = ("tickets:ticket", [slug, ticket.number]) if ticket else ("mailbox:mailboxes", [slug])
    return {
        "id": one.pk,
        "icon": ICONS[Notification.Kind(one.kind)],
        "url": reverse(place[0], args=place[1]),
        "number": ticket.number if ticket else "",
        "title": (ticket.subject or _("No subject")) if ticket else _address(one),
        "sentence": _sentence(request, one),
        "at": one.at,
        "is_unread": one.read_at is None,
        "until": _after(one),
    }


def _sentence(request: DeskRequest, one: Notification) -> str:
    name = one.by.display_name if one.by else ""
    if one.kind == Notification.Kind.ASSIGNED:
        if one.ticket and one.ticket.assignee_id == request.membership.pk:
            return _("%(name)s gave it to you") % {"name": name} if name else _("It was given to you")
        return _("%(name)s gave it to you or your team") % {"name": name} if name else _("It was given to your team")
    if one.kind == Notification.Kind.MENTIONED:
        return _("%(name)s mentioned you in a note") % {"name": name} if name else _("You were mentioned in a note")
    if one.kind == Notification.Kind.REPLY:
        return _("%(name)s answered") % {"name": name} if name else _("A new answer came in")
    return _("This mailbox needs somebody: mail does not come or leave")


def _address(one: Notification) -> str:
    try:
        return one.mailbox.address if one.mailbox else ""
    except SealingError:
        return _("A mailbox that is no more")


def _cursor(text: str) -> Cursor | None:
    try:
        return _ORDER.cursor_of(text)
    except ValueError:
        raise Http404 from None


def _after(one: Notification) -> str:
    return _ORDER.cursor_at(one.at, one.pk)
