"""Taking an answer back before it leaves: it is a draft again, and the ticket is as it was."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from mailbox.actions.take_back import take_back_email
from tickets.actions.attach import NewFile
from tickets.actions.draft import draft_of, new_draft
from tickets.actions.keep_draft import put_file, words_joined
from tickets.history import record
from tickets.models import Draft, Event, Message, ThreadKey, Ticket
from tickets.moving import recount
from tickets.people_field import written
from tickets.seen import seen_of


def waiting_answer(ticket: Ticket, member: Membership) -> Message | None:
    """Return this member's newest answer of the ticket that can still be taken back."""
    own = ticket.messages.filter(author=member, before__isnull=False, outbound__not_before__gt=timezone.now())
    return own.filter(outbound__state="queued").select_related("outbound").order_by("-pk").first()


@transaction.atomic
def undo_send(ticket: Ticket, *, by: Membership) -> Draft:
    """Take back the newest answer this member sent, with its files, and put the ticket as it was before.

    What is being written meanwhile is kept below it. One that has begun to leave is not taken back: ActionRefused.
    """
    ticket.lock()
    message = waiting_answer(ticket, by)
    if message is None or message.outbound is None or not take_back_email(message.outbound):
        raise ActionRefused(_("It has left already, so it cannot be taken back."))
    draft = _as_draft(ticket, message, by)
    _put_back(ticket, message)
    ThreadKey.objects.filter(message=message).delete()
    message.delete()
    recount(ticket)
    record(ticket, Event.Verb.TAKEN_BACK, by=by)
    draft.said |= {"seen": seen_of(list(ticket.messages.only("pk")))}
    draft.save()
    return draft


def _as_draft(ticket: Ticket, message: Message, by: Membership) -> Draft:
    draft = draft_of(ticket, by) or new_draft(ticket, by)
    before = message.before or {}
    sender = next(iter(message.people("from")), ("", ""))[1]
    taken_back = {"text": message.new_text, "html": message.html or ""}
    draft.said |= words_joined(taken_back, draft.said)
    draft.said |= {name: written(message.people(name)) for name in ("to", "cc", "bcc")}
    draft.said |= {"sender": sender, "answered": before.get("answered", ""), "quotes": before.get("quotes", False)}
    draft.version, draft.saved_at = draft.version + 1, timezone.now()
    draft.save()
    for attachment in message.attachments.order_by("position"):
        content = b"".join(attachment.file.read())
        file = NewFile(attachment.name, attachment.content_type, content, inline=attachment.is_inline)
        kept = put_file(draft, file)
        old = attachment.content_id.partition("@")[0]
        if attachment.is_inline and draft.says("html"):
            draft.said["html"] = draft.says("html").replace(f"cid:{old}@", f"cid:{kept.pk.hex}@")
        transaction.on_commit(attachment.file.delete)
    return draft


def _put_back(ticket: Ticket, message: Message) -> None:
    before = message.before or {}
    closed_at, assignee = before.get("closed_at"), before.get("assignee")
    ticket.state = Ticket.State(before.get("state", Ticket.State.OPEN))
    ticket.closed_at = datetime.fromisoformat(closed_at) if closed_at else None
    ticket.assignee_id = UUID(assignee) if assignee else None
    ticket.save(update_fields=["state", "closed_at", "assignee"])
