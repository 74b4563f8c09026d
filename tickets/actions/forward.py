"""Passing one mail of a ticket on to somebody else."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Membership
from mailbox.bodies import Body, Quote, text_of
from mailbox.signatures import signature_of
from tickets.actions.attach import NewFile
from tickets.actions.merged import refuse_if_merged
from tickets.history import record
from tickets.mail.text import text_to_html
from tickets.models import Event, Message
from tickets.outgoing import Letter, put_into_outbox
from tickets.people_field import written
from tickets.quoting import html_to_repeat
from tickets.sending import People, check_letter, people_to_send_to
from tickets.subjects import without_forward


@transaction.atomic
def forward_message(
    message: Message,
    *,
    text: str,
    html: str = "",
    to: People,
    cc: People = (),
    bcc: People = (),
    keeping: Collection[UUID] = (),
    attachments: Sequence[NewFile] = (),
    sender_address: str = "",
    by: Membership,
) -> Message:
    """Send a mail of the ticket on to exactly these people, with its attachments that `keeping` names and no others.

    It leaves from the ticket's mailbox in a thread of its own; their answer comes to this ticket. Whose turn it is does
    not change. `html` is the text with its layout, cleaned.
    """
    ticket = message.ticket
    refuse_if_merged(ticket.lock())
    mailbox = ticket.mailbox
    name = mailbox.sender_name or by.display_name
    letter = Letter(
        sender=(name, sender_address or mailbox.address),
        to=people_to_send_to(to),
        cc=people_to_send_to(cc),
        bcc=people_to_send_to(bcc),
        body=Body(text, signature_of(mailbox, agent=by.display_name, sender=name), passed_on(message), html),
        attachments=[*_kept(message, keeping), *attachments],
    )
    check_letter(mailbox, letter)
    sent = put_into_outbox(ticket, letter, answered=None, author=by, subject=forward_subject(message))
    ticket.message_count += 1
    ticket.last_activity_at = sent.at
    ticket.save(update_fields=["message_count", "last_activity_at"])
    record(ticket, Event.Verb.FORWARDED, by=by)
    return sent


def forward_subject(message: Message) -> str:
    """Return the subject it goes by: "Fwd:" once, however often it was passed on."""
    subject = str(message.headers.get("subject", "")) or message.ticket.subject
    return f"Fwd: {without_forward(subject)}".strip()


def passed_on(message: Message) -> Quote:
    """Return the mail as it stands below what the agent says: who wrote it to whom, and its words."""
    text = text_of(message.whole_text or message.new_text)
    headers = [
        (_("From"), written(message.people("from"))),
        (_("Date"), date_format(localtime(message.at), "j F Y, H:i")),
        (_("Subject"), str(message.headers.get("subject", ""))),
        (_("To"), written(message.people("to"))),
        (_("Cc"), written(message.people("cc"))),
    ]
    head = "\n".join(f"{name}: {value}" for name, value in headers if value)
    introduction = "---------- Forwarded message ----------"
    html = html_to_repeat(message.html) or text_to_html(text)
    return Quote(introduction, f"{head}\n\n{text}", f"<p>{text_to_html(head)}</p>\n{html}", is_forward=True)


def _kept(message: Message, keeping: Collection[UUID]) -> list[NewFile]:
    return [
        NewFile(one.name, one.content_type, b"".join(one.file.read()))
        for one in message.attachments.filter(removed_at=None).order_by("position")
        if one.pk in keeping and not one.is_infected
    ]
