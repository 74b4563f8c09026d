"""One conversation: what was said, who it is with, and the forms to go on."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.access_log import opened, saw
from accounts.addresses import address_of as page_of
from accounts.columns import all_but
from accounts.models import Membership, User
from accounts.prepared import for_reader
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from mailbox.access import members_who_see
from mailbox.models import Mailbox
from tickets.actions.see import see_if_new
from tickets.actions.spam import look_at_suspect
from tickets.fields_form import FieldsForm
from tickets.forms import AssignForm, NoteForm, ReplyForm
from tickets.models import Message, Seen, Ticket
from tickets.views.care_shown import care_of
from tickets.views.company import asked_of_company, company
from tickets.views.composer import asked_along, composer, newer_shown
from tickets.views.filters import came_from
from tickets.views.finding import may_work_on
from tickets.views.labels import LABELS, labels
from tickets.views.line import live_since
from tickets.views.messages_shown import show_messages
from tickets.views.panel import asked_by_panel, contact_of, panel
from tickets.views.shell import Along, shell
from tickets.views.timeline import Timeline
from tickets.views.words import STATE_ICONS, STATE_LABELS

OTHERS = 6  # other tickets of the contact, in the panel
_UNSHOWN = [  # of its mailbox: what concerns only whoever polls and connects it
    f"mailbox__{name}"
    for name in (
        *("credentials", "credentials_version", "cursor", "epoch", "first_sync_days", "connected_by", "connected_at"),
        *("last_poll_at", "last_success_at", "last_mail_at", "stored_count", "trouble", "trouble_since"),
        *("trouble_code", "not_before", "acknowledges", "acknowledgement", "address_digest"),
    )
]
PARTS = {"acts", "status", "timeline", "facts"}


@require_safe
def ticket(request: DeskRequest, number: int) -> HttpResponse:
    """Show a ticket; `?write=note` asks for the note instead of the answer."""
    try:
        return page(request, number, writing="note" if request.GET.get("write") == "note" else "reply")
    except Http404:
        if not Ticket.objects.locked_for(request.membership).filter(number=number).exists():
            raise
        return render(request, "tickets/locked.html", shell(request) | {"number": number})


def page(
    request: DeskRequest,
    number: int,
    *,
    reply_form: ReplyForm | None = None,
    note_form: NoteForm | None = None,
    fields_form: FieldsForm | None = None,
    writing: str = "reply",
    status: int = 200,
    pictures_of: UUID | None = None,
    newer: Sequence[Message] = (),
) -> HttpResponse:
    """Return the page, with what was typed where a form has to be looked at again; ten queries, however long it is.

    One more where something in it is new to the reader, who has seen it now.
    """
    live_since(request)
    found, others = ticket_and_others(request, number)
    if request.method != "POST" and found.merged_number:  # type: ignore[attr-defined]
        return _gone_on(request, found)
    if request.method == "GET" and not request.membership.is_visitor:
        see_if_new(found, by=request.membership)
        look_at_suspect(found, by=request.membership)
    box = found.mailbox
    limited_to = [box.pk] if box.is_limited else []
    colleagues = for_reader("colleagues", request, partial(_colleagues, box.state), *limited_to, shape=box.state)
    members: dict[UUID, Any] = {one.pk: one for one in colleagues}
    keys.warm(Kind.PROFILE, {one.user_id for one in members.values()})
    around = shell(request, along=Along("ticket", _along, [number]))
    teams = {one.pk: one.name for one in around["teams"]}
    timeline = Timeline(found, request.organization.slug, members, request.membership, pictures_of, teams)
    items = timeline.items()
    answering = [one for one in members.values() if one.may_have_it]
    assignee = members.get(found.assignee_id) if found.assignee_id else None
    context = around | {
        "ticket": found,
        "no_subject": _("No subject"),
        "timeline": items,
        "from_view": _from_view(request),
        "can_answer": may_work_on(request, found),
        "is_ending": found.mailbox.is_disconnected,
        "is_mine": found.assignee_id == request.membership.pk,
        "assignee_name": assignee.display_name if assignee else "",
        "assign_form": _assign_form(request, found, answering),
        **care_of(found),
        **labels(found, around["teams"], around["tags"]),
        **panel(request, found, around["counts"], fields_form),
        **company(request, found, members, around),
        **(written := composer(request, found, timeline.messages, around["counts"], reply_form, members)),
        "note_form": note_form or NoteForm(auto_id="note_%s", initial={"text": written.get("note_draft", "")}),
        "writing": writing,
        "contact": contact_of(found, timeline.messages, around["counts"]["contact_addresses"]),
        "other_tickets": [_other(request, one) for one in others],
        "related": _related(request, found),
        "asked_query": f"?{request.GET.urlencode()}" if request.GET else "",
    }
    if newer:
        context["send"] |= {"newer": newer_shown(newer, members), "is_held": True}
    show_messages(items, context["asked_query"], request, can_answer=context["can_answer"])
    part = f"#{request.htmx.target}" if request.htmx and request.htmx.target in PARTS else ""
    return render(request, f"tickets/ticket.html{part}", context, status=status)


def _colleagues(state: str, request: DeskRequest, limited: UUID | None = None) -> QuerySet[Membership]:
    """Return everybody here, with whether they may see a mailbox (named if it is limited) and be given what it has."""
    own = request.organization.pk
    box = Mailbox(pk=limited, organization_id=own, is_limited=limited is not None, state=state)
    seeing = members_who_see(box).filter(pk=OuterRef("pk"))
    colleagues = Membership.objects.filter(organization=request.organization).select_related("user")
    shown = colleagues.annotate(may_have_it=Exists(seeing.answering()), may_see=Exists(seeing))
    return shown.defer(*all_but(User, "id", "name", "email", within="user"), "created_at")


def _along(request: DeskRequest, number: int) -> dict[str, Any]:
    return asked_along(request, number) | asked_by_panel(request, number) | asked_of_company(request, number)


def _gone_on(request: DeskRequest, found: Ticket) -> HttpResponse:
    """Lead on to the ticket that this one was merged into."""
    there = address_of(request, found.merged_number)  # type: ignore[attr-defined]
    messages.info(request, _("#%(number)d was merged into this ticket.") % {"number": found.number})
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def ticket_and_others(request: DeskRequest, number: int) -> tuple[Ticket, list[Ticket]]:
    """Return the ticket and the newest others of its contact, in one query; 404 where there is none."""
    rows: list[Ticket] = for_reader("ticket and others", request, _and_others, number)
    if not rows:
        raise Http404
    opened(request, rows[0], *rows[1:])
    saw(request, [pk for pk in [rows[0].contact_id] if pk])
    rows[0].organization = request.organization  # so that its address costs no query
    return rows[0], rows[1:]


def _and_others(request: DeskRequest, number: int) -> QuerySet[Ticket]:
    own = Ticket.objects.visible_to(request.membership)
    this_first = Case(When(number=number, then=0), default=1, output_field=IntegerField())
    same_contact = own.filter(Q(number=number) | Q(merged_into=None)).filter(
        contact_id__in=own.filter(number=number).values("contact_id")
    )
    seen = Seen.objects.filter(ticket=OuterRef("pk"), member=request.membership)
    found = (
        same_contact.select_related("mailbox", "contact")
        .defer(*_UNSHOWN)
        .annotate(
            related_number=Subquery(own.filter(pk=OuterRef("related_to")).values("number")[:1]),
            seen_at=Subquery(seen.values("activity_at")[:1]),
            merged_number=Subquery(own.filter(pk=OuterRef("merged_into")).values("number")[:1]),
            **LABELS,
        )
    )
    return found.order_by(this_first, "-last_activity_at")[: OTHERS + 1]


def address_of(request: DeskRequest, number: int, fragment: str = "") -> str:
    """Return the address of a ticket, with the view it was opened from."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return page_of("tickets:ticket", request.organization.slug, number) + query + fragment


def done(request: DeskRequest, number: int) -> HttpResponse:
    """Answer a quick form: the page stays and looks again (live.js); without a script it is loaded anew."""
    if not request.htmx:
        return redirect(address_of(request, number))
    response = render(request, "components/_notices.html")
    response["HX-Trigger"] = "changed"
    return response


def _assign_form(request: DeskRequest, found: Ticket, answering: list[Membership]) -> AssignForm | None:
    if not may_work_on(request, found):
        return None
    return AssignForm(members=answering, me=request.membership, initial={"assignee": str(found.assignee_id or "")})


def _related(request: DeskRequest, found: Ticket) -> dict[str, Any] | None:
    number = found.related_number  # type: ignore[attr-defined]
    return {"number": number, "url": address_of(request, number)} if number else None


def _other(request: DeskRequest, other: Ticket) -> dict[str, Any]:
    return {
        "number": other.number,
        "url": page_of("tickets:ticket", request.organization.slug, other.number),
        "subject": other.subject,
        "state": other.state,
        "state_icon": STATE_ICONS[Ticket.State(other.state)],
        "state_label": STATE_LABELS[Ticket.State(other.state)],
        "last_activity_at": other.last_activity_at,
    }


def _from_view(request: DeskRequest) -> dict[str, Any]:
    origin = came_from(request.GET)
    return {"label": origin.view.label, "url": origin.url(request.organization.slug)}
