"""Trying again to read what is in quarantine."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.live import publish
from accounts.models import Membership, Organization
from mailbox.models import InboundEmail
from tickets.actions.attach import attach_files
from tickets.actions.receive import receive_email
from tickets.filing.brake import Brake
from tickets.filing.building import build_message, files_of, state_of
from tickets.filing.incoming import Incoming
from tickets.filing.known import Known
from tickets.filing.ours import Ours
from tickets.filing.people import NewPeople
from tickets.filing.turn import serialize_filing
from tickets.history import announce, record
from tickets.models import Contact, ContactAddress, Event, Message, RefileRun, ThreadKey, Ticket
from tickets.moving import recount
from tickets.search.keeping import keep_messages
from tickets.subjects import without_forward
from tickets.threading import find_place

logger = logging.getLogger(__name__)

STEP = 20  # mails of a run in one transaction
LOST = timedelta(minutes=10)  # a run that has not moved for so long has no worker any more
# What another reading of the mail may say otherwise.
_READ = (
    "direction", "sender", "kind", "kind_reason", "may_autorespond", "headers", "new_text", "whole_text", "html",
    "message_id_digest", "content_digest", "participants", "attachment_count",
)  # fmt: skip


@transaction.atomic
def refile_email(email: InboundEmail, *, by: Membership | None) -> Message | None:
    """Read a quarantined mail again and put what it says now in the place of what was there before.

    The ticket keeps its number, notes, assignee and state. A mail that still cannot be fully read stays in quarantine
    with its new reason and its original attached. What is not in quarantine is left alone. Returns its message.
    """
    serialize_filing(email.organization_id)
    email.lock()
    message = Message.objects.select_related("ticket").filter(inbound=email).first()
    if email.state != InboundEmail.State.QUARANTINED:
        return message
    if message is None:  # its message was deleted, the mail was not
        email.state = InboundEmail.State.STORED
        email.save(update_fields=["state"])
        return receive_email(email)
    try:
        with transaction.atomic():
            _read_again(email, message, by)
    except Exception as error:  # noqa: BLE001 - whatever a mail does to us, it stays where it was and says why
        logger.warning("Reading again failed: mail %s of mailbox %s, %s", email.pk, email.mailbox_id, _name(error))
        email.refresh_from_db()
        email.reason = f"It could not be filed ({_name(error)})."
        email.save(update_fields=["reason"])
    return message


@transaction.atomic
def refile_all(organization: Organization, *, by: Membership) -> RefileRun:
    """Try everything in quarantine again, in the background; return the run, or the one that is under way."""
    from tickets.tasks import refile_quarantined

    run = RefileRun.objects.select_for_update().filter(organization=organization, finished_at=None).first()
    if run is not None and run.moved_at > timezone.now() - LOST:
        return run
    if run is None:
        total = InboundEmail.objects.quarantined().filter(organization=organization).count()
        try:
            with transaction.atomic():
                run = RefileRun.objects.create(organization=organization, by=by, total=total)
        except IntegrityError:  # somebody else began at this moment
            return RefileRun.objects.get(organization=organization, finished_at=None)
    refile_quarantined.delay_on_commit(str(organization.pk), str(run.pk))
    return run


@transaction.atomic
def refile_some(run_id: UUID) -> bool:
    """Try the next mails of a run, note how far it has come, and return whether more wait; in the scope."""
    run = RefileRun.objects.select_for_update().filter(pk=run_id, finished_at=None).first()
    if run is None:
        return False
    waiting = InboundEmail.objects.quarantined().filter(stored_at__lte=run.started_at).order_by("pk")
    if run.last_email is not None:
        waiting = waiting.filter(pk__gt=run.last_email)
    emails = list(waiting[:STEP])
    for email in emails:
        refile_email(email, by=run.by)
        run.tried += 1
        run.read += email.state == InboundEmail.State.FILED
        run.last_email = email.pk
    run.moved_at = timezone.now()
    run.total = max(run.total, run.tried)
    if len(emails) < STEP:
        run.finished_at = run.moved_at
    run.save()
    publish(run.organization_id, "refile", run=run.pk)
    return run.finished_at is None


def _read_again(email: InboundEmail, message: Message, by: Membership | None) -> None:
    incoming = Incoming.read(email, Ours.of(email.organization_id))
    ticket = message.ticket.lock()
    contact = _contact(incoming)
    _replace(message, incoming, contact)
    _rename(message, incoming)
    if not ticket.messages.exclude(pk=message.pk).filter(at__lte=message.at).exists():
        _retitle(ticket, incoming, contact)
    recount(ticket)
    email.state, email.reason, email.filed_at = state_of(incoming), incoming.mail.error or "", timezone.now()
    email.save(update_fields=["state", "reason", "filed_at"])
    if email.state == InboundEmail.State.FILED:
        record(ticket, Event.Verb.REFILED, by=by)
    announce(ticket)


def _contact(incoming: Incoming) -> Contact:
    found = ContactAddress.objects.select_related("contact").filter(digest=incoming.contact_digest).first()
    if found is not None:
        return found.contact
    people = NewPeople()
    contact = people.add(incoming)
    people.create()
    return contact


def _replace(message: Message, incoming: Incoming, contact: Contact) -> None:
    """Put what the mail says now into its message, files included."""
    read = build_message(incoming, contact, mailbox_id=message.mailbox_id)
    for name in _READ:
        setattr(message, name, getattr(read, name))
    message.save(update_fields=list(_READ))
    for old in message.attachments.all():
        transaction.on_commit(old.file.delete)
    message.attachments.all().delete()
    attach_files(message, files_of(incoming))
    keep_messages([message])


def _rename(message: Message, incoming: Incoming) -> None:
    """Let the ids that the mail has and names lead to its ticket."""
    ThreadKey.objects.filter(message=message).delete()
    for digest in incoming.thread_digests:
        ThreadKey.objects.get_or_create(
            organization_id=message.organization_id,
            digest=digest,
            ticket_id=message.ticket_id,
            defaults={"message": message if digest == incoming.message_id else None},
        )


def _retitle(ticket: Ticket, incoming: Incoming, contact: Contact) -> None:
    """Say whose ticket it is and what it is about, and link it to the conversation that its mail answers."""
    subject = incoming.mail.subject
    ticket.subject = without_forward(subject) if incoming.forward else subject
    ticket.contact = contact
    place = find_place(incoming, Known([incoming], Brake()))
    related = place.ticket or place.related_to
    if ticket.related_to_id is None and related is not None and related.pk != ticket.pk:
        ticket.related_to = related
    ticket.save(update_fields=["subject", "contact", "related_to"])


def _name(error: Exception) -> str:
    return type(error).__name__
