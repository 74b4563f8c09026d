"""A ticket that begins with a mail of ours."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.digests import address_digest
from mailbox.access import may_see
from mailbox.addresses import one_line
from mailbox.bodies import Body
from mailbox.models import Mailbox
from mailbox.signatures import signature_of
from tickets.actions.attach import NewFile
from tickets.filing.building import snippet_of
from tickets.filing.turn import serialize_filing
from tickets.history import record
from tickets.models import Contact, ContactAddress, Event, Message, Ticket, TicketSequence
from tickets.outgoing import Letter, Person, put_into_outbox
from tickets.sending import People, check_letter, people_to_send_to


@transaction.atomic
def start_ticket(
    mailbox: Mailbox,
    *,
    subject: str,
    text: str,
    html: str = "",
    to: People,
    cc: People = (),
    bcc: People = (),
    attachments: Sequence[NewFile] = (),
    sender_address: str = "",
    by: Membership,
    delay: int = 0,
) -> Message:
    """Write to exactly these people from a mailbox the member may see, and open a ticket that waits for them.

    The first recipient is its contact. Whoever of them answers is led to this ticket. `html` is the text with its
    layout, cleaned.
    """
    if not (by.can_answer and may_see(by, mailbox.pk)):
        raise ActionRefused(_("You cannot send from this mailbox."))
    if not (subject := one_line(subject)):
        raise ActionRefused(_("A mail that opens a ticket needs a subject."))
    name = mailbox.sender_name or by.display_name
    letter = Letter(
        sender=(name, sender_address or mailbox.address),
        to=people_to_send_to(to),
        cc=people_to_send_to(cc),
        bcc=people_to_send_to(bcc),
        body=Body(text, signature_of(mailbox, agent=by.display_name, sender=name), html=html),
        attachments=attachments,
    )
    check_letter(mailbox, letter)
    ticket = _open(mailbox, letter, subject, by)
    before = {"state": Ticket.State.OPEN, "assignee": str(by.pk)}
    message = put_into_outbox(ticket, letter, answered=None, author=by, subject=subject, delay=delay, before=before)
    ticket.message_count, ticket.has_attachments = 1, bool(letter.files)
    ticket.last_activity_at, ticket.snippet = message.at, snippet_of(message.new_text)
    ticket.save(update_fields=["message_count", "has_attachments", "last_activity_at", "snippet"])
    record(ticket, Event.Verb.WRITTEN, by=by)
    return message


def _open(mailbox: Mailbox, letter: Letter, subject: str, by: Membership) -> Ticket:
    now = timezone.now()
    return Ticket.objects.create(
        organization_id=mailbox.organization_id,
        number=TicketSequence.next(mailbox.organization_id),
        mailbox=mailbox,
        contact=_contact(mailbox, letter.everybody[0]),
        subject=subject,
        state=Ticket.State.PENDING,
        assignee=by,
        created_at=now,
        last_activity_at=now,
    )


def _contact(mailbox: Mailbox, person: Person) -> Contact:
    """Return who this address belongs to, made where nobody knows it; filing waits, so that nobody is made twice."""
    serialize_filing(mailbox.organization_id)
    digest = address_digest(mailbox.organization_id, person[1])
    known = ContactAddress.objects.filter(digest=digest).select_related("contact").first()
    if known is not None:
        return known.contact
    contact = Contact.objects.create(organization_id=mailbox.organization_id, name=one_line(person[0]))
    ContactAddress.objects.create(
        organization_id=mailbox.organization_id, contact=contact, address=person[1], digest=digest
    )
    return contact
