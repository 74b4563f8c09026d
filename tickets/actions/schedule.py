"""Send later: an answer that waits for its time, and is held back where something came meanwhile."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.errors import ActionRefused
from accounts.models import Membership
from mailbox.access import may_see
from tickets.actions.draft import draft_of, save_draft
from tickets.actions.keep_draft import files_to_send, throw_away, words_joined
from tickets.actions.merged import refuse_if_merged
from tickets.actions.reply import NewerMessages, send_reply
from tickets.history import announce, record
from tickets.models import Draft, Event, Message, Ticket
from tickets.people_field import PeopleField
from tickets.seen import unseen

FURTHEST = timedelta(days=366)


@transaction.atomic
def schedule_reply(ticket: Ticket, said: dict[str, Any], *, send_at: datetime, by: Membership, close: bool) -> Draft:
    """Let what this member is writing leave at that time; until then it can be cancelled by whoever may answer.

    As when sending now, it is held back where something stands in the ticket that the agent has not seen.
    """
    refuse_if_merged(ticket.lock())
    now = timezone.now()
    if not now < send_at < now + FURTHEST:
        raise ActionRefused(_("Choose a time to come, within a year."))
    if newer := unseen(ticket, str(said.get("seen", ""))):
        raise NewerMessages(newer)
    draft = save_draft(ticket, said, by=by)
    if draft is None:
        raise ActionRefused(_("The answer is empty."))
    note = draft.said.pop("note", "")
    draft.send_at, draft.closes = send_at, close
    draft.save()
    if note:
        save_draft(ticket, {"note": note}, by=by)
    record(ticket, Event.Verb.SCHEDULED, by=by)
    return draft


@transaction.atomic
def cancel_scheduled(draft: Draft, *, by: Membership | None, why: str = "") -> Draft:
    """Give a waiting answer back to its writer as a draft, below what they are writing now; `why` says who held it."""
    draft.its_ticket.lock()
    if not Draft.objects.scheduled().select_for_update().filter(pk=draft.pk).exists():
        raise ActionRefused(_("It is not waiting any more: it has left, or somebody cancelled it."))
    current = draft_of(draft.its_ticket, draft.author)
    draft.send_at, draft.saved_at, draft.version = None, timezone.now(), draft.version + 1
    if current is not None:
        draft.said |= words_joined(current.said, draft.said)
        for file in current.files.all():
            file.draft = draft
            file.save(update_fields=["draft"])
        current.delete()
    if why:
        draft.said |= {"held": why}
    draft.save()
    announce(draft.its_ticket)
    return draft


def send_scheduled(draft_id: UUID) -> Message | None:
    """Send an answer whose time has come, as its writer would; where that cannot be, it is a draft again.

    What is no longer waiting is left alone, so running twice sends once.
    """
    with transaction.atomic():
        due = Draft.objects.due().filter(pk=draft_id)
        if (waiting := due.first()) is None:
            return None
        ticket = waiting.its_ticket.lock()  # the ticket before the draft, as everywhere
        if (found := due.select_for_update(of=("self",)).first()) is None:
            return None
        author = found.author
        with override(author.user.language):
            try:
                with transaction.atomic():
                    return _send(found, ticket, author)
            except (ActionRefused, ValidationError) as refusal:
                why = refusal.messages[0] if isinstance(refusal, ValidationError) else _why(refusal)
            cancel_scheduled(found, by=None, why=why)
        _show(ticket, author)
        return None


def _send(draft: Draft, ticket: Ticket, author: Membership) -> Message:
    if not (author.is_active and author.can_answer and may_see(author, ticket.mailbox_id)):
        raise ActionRefused(_("Its writer may no longer answer this ticket."))
    to, cc, bcc = (PeopleField(required=False).clean(str(draft.says(name))) for name in ("to", "cc", "bcc"))
    html = str(draft.says("html"))
    inbound = ticket.messages.filter(direction=Message.Direction.INBOUND)
    message = send_reply(
        ticket,
        text=str(draft.says("text")),
        html=html,
        to=to,
        cc=cc,
        bcc=bcc,
        attachments=files_to_send(draft, html),
        by=author,
        close=draft.closes,
        answered=inbound.filter(pk=draft.says("answered")).first() if draft.says("answered") else None,
        sender_address=str(draft.says("sender")),
        quotes=bool(draft.says("quotes")),
        seen=str(draft.says("seen")),
    )
    throw_away(draft)
    return message


def _why(refusal: ActionRefused) -> str:
    if isinstance(refusal, NewerMessages):
        return _("It was to leave by itself and was held back: something new came first. Look, and send it again.")
    return _("It was to leave by itself and could not: %(why)s") % {"why": refusal}


def _show(ticket: Ticket, author: Membership) -> None:
    """Put the ticket where its writer finds it: open, and theirs where it is nobody's."""
    ticket.lock()
    if ticket.is_merged:
        return
    ticket.state, ticket.closed_at = Ticket.State.OPEN, None
    ticket.assignee = ticket.assignee or (author if author.is_active and author.can_answer else None)
    ticket.save(update_fields=["state", "closed_at", "assignee"])
    record(ticket, Event.Verb.HELD, assignee=author)
