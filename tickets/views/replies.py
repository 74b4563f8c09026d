"""Answering: now, with what follows, or later."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.notices import confirm
from accounts.requests import DeskRequest
from tickets.actions.draft import WORDS, discard_draft, draft_of, save_draft
from tickets.actions.keep_draft import files_to_send
from tickets.actions.reply import NewerMessages, send_reply
from tickets.actions.schedule import schedule_reply
from tickets.actions.send_again import send_again
from tickets.forms import ReplyForm
from tickets.models import Message, Ticket
from tickets.seen import seen_of
from tickets.uploads import uploaded
from tickets.views.composer import undeliverable
from tickets.views.drafting import typed
from tickets.views.drafts import keep_files
from tickets.views.finding import ticket_or_404
from tickets.views.next_ticket import next_address
from tickets.views.ticket import address_of, page

CLOSING = {"close", "close_next"}


@require_POST
@answering_only
def reply(request: DeskRequest, number: int) -> HttpResponse:
    """Queue an answer, or let it wait for its time; what cannot be sent comes back as it was typed, with the reason."""
    ticket = ticket_or_404(request, number)
    form = ReplyForm(request.POST, request.FILES, senders=ticket.mailbox.addresses)
    then = request.POST.get("then", "")
    if not form.is_valid() or _names_a_dead_address(ticket, form):
        return _back(request, ticket, form)
    following = next_address(request, ticket) if then in {"next", "close_next"} else ""
    try:
        if then == "later":
            return _later(request, ticket, form)
        message = _send(request, ticket, form, close=then in CLOSING)
    except NewerMessages as held:
        return _back(request, ticket, form, held.messages)
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return _back(request, ticket, form)
    closed = then in CLOSING
    said = _("Your answer is on its way. The ticket is closed.") if closed else _("Your answer is on its way.")
    undo = reverse("tickets:undo_send", args=[request.organization.slug, number]) if settings.UNDO_SEND_SECONDS else ""
    confirm(request, said, undo=undo)
    return redirect(following or address_of(request, number, f"#m-{message.pk}"))


@require_POST
@answering_only
def again(request: DeskRequest, number: int, message_id: UUID) -> HttpResponse:
    """Queue an answer that failed once more."""
    shown = ticket_or_404(request, number).messages.filter(is_locked=False)
    message = get_object_or_404(shown.select_related("outbound__mailbox"), pk=message_id)
    send_again(message, by=request.membership)
    messages.success(request, _("It is on its way once more."))
    return redirect(address_of(request, number, f"#m-{message.pk}"))


def _send(request: DeskRequest, ticket: Ticket, form: ReplyForm, *, close: bool) -> Message:
    said: dict[str, Any] = form.cleaned_data
    draft = draft_of(ticket, request.membership)
    inbound = ticket.messages.filter(direction=Message.Direction.INBOUND)
    message = send_reply(
        ticket,
        text=said["text"],
        html=said["html"],
        to=said["to"],
        cc=said["cc"],
        bcc=said["bcc"],
        attachments=[*files_to_send(draft, said["html"]), *(uploaded(one) for one in said["files"])],
        by=request.membership,
        close=close,
        answered=inbound.filter(pk=said["answered"]).first() if said["answered"] else None,
        sender_address=said["sender"],
        quotes=said["quotes"],
        seen=said["seen"],
        delay=settings.UNDO_SEND_SECONDS,
    )
    discard_draft(ticket, by=request.membership, fields=WORDS)
    return message


def _later(request: DeskRequest, ticket: Ticket, form: ReplyForm) -> HttpResponse:
    at = form.cleaned_data["at"]
    if at is None:
        raise ActionRefused(_("Choose when it is to leave."))
    for refused in keep_files(request, ticket):
        raise ActionRefused(refused)
    schedule_reply(ticket, typed(form), send_at=at, by=request.membership, close=request.POST.get("closes") == "on")
    when = date_format(timezone.localtime(at), "j F, H:i")
    messages.success(request, _("Your answer leaves on %(when)s, unless something comes first.") % {"when": when})
    return redirect(address_of(request, ticket.number, "#waiting"))


def _back(request: DeskRequest, ticket: Ticket, form: ReplyForm, newer: Sequence[Message] = ()) -> HttpResponse:
    """Show the page with what was typed, which is a draft from now on, files included; and what came meanwhile."""
    for refused in keep_files(request, ticket):
        form.add_error("files", refused)
    if newer:
        said = request.POST.copy()
        said["seen"] = seen_of(list(ticket.messages.only("pk")))  # it is on the page that comes
        form.data = said
    save_draft(ticket, typed(form), by=request.membership)
    return page(request, ticket.number, reply_form=form, status=422, newer=newer)


def _names_a_dead_address(ticket: Ticket, form: ReplyForm) -> bool:
    """Return whether mail does not reach one of them and the agent has not been told so yet: then they are asked."""
    warned = set(form.cleaned_data["warned"].split())
    dead = [one for one in undeliverable(ticket.organization_id, form.recipients()) if one not in warned]
    if dead:
        form.add_error(None, _("Not sent yet: look at the addresses, and send again if they are right."))
    return bool(dead)
