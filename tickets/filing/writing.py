"""What a batch writes: collected while it is filed, then written with a fixed number of statements."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from accounts.bulk import insert_many, save_many
from mailbox.models import InboundEmail
from tickets.actions.attach import NewFile, seal_files
from tickets.actions.check_files import check_later
from tickets.actions.release import release_unreachable
from tickets.filing.incoming import Incoming
from tickets.filing.known import Known
from tickets.filing.people import NewPeople
from tickets.history import announce
from tickets.models import (
    Attachment,
    Contact,
    ContactAddress,
    Event,
    Message,
    ThreadKey,
    Ticket,
    TicketSequence,
)
from tickets.search.keeping import keep_filed, keep_tickets_of
from tickets.signals import mail_filed, mail_written
from tickets.together.after import after_mail

CHANGED = [
    "message_count", "has_attachments", "last_activity_at", "snippet", "state", "closed_at", "snoozed_until",
    "waiting_since", "suspicion",
]  # fmt: skip


class Writing:
    """New and changed rows of a batch. Nothing is in the database before write()."""

    def __init__(self, own: Collection[str] = ()) -> None:
        """Begin with nothing; `own` are our addresses, which plain words do not find."""
        self.own = own
        self.people = NewPeople()
        self.new_tickets: list[Ticket] = []
        self.changed_tickets: dict[UUID, Ticket] = {}
        self.messages: list[Message] = []
        self.adopting: list[Message] = []
        self.attachments: list[Attachment] = []
        self.keys: dict[tuple[UUID, bytes], ThreadKey] = {}
        self.events: list[Event] = []
        self.settled: dict[UUID, InboundEmail] = {}
        self.bounced: set[bytes] = set()
        self.alive: set[bytes] = set()
        self.withheld: Counter[UUID] = Counter()
        self.is_history = False

    def files(self, message: Message, files: list[NewFile]) -> None:
        """Seal the files of a message now, and list them with it."""
        self.attachments += seal_files(message, files)

    def thread_keys(self, incoming: Incoming, message: Message, known: Known) -> None:
        """Remember what the mail is called and what it refers to."""
        for digest in incoming.thread_digests:
            is_own = digest == incoming.message_id
            if known.may_claim(message.ticket, digest, is_own=is_own):
                key = ThreadKey(
                    organization_id=incoming.organization_id,
                    digest=digest,
                    ticket_id=message.ticket_id,
                    message_id=message.pk if is_own else None,
                )
                place = (message.ticket_id, digest)
                if place not in self.keys or (is_own and self.keys[place].message_id is None):
                    self.keys[place] = key

    def event(
        self, ticket_id: UUID, organization_id: UUID, verb: str, *, at: datetime | None = None, **more: UUID | None
    ) -> None:
        """Add a line to the history."""
        event = Event(organization_id=organization_id, ticket_id=ticket_id, verb=verb, **more)
        event.at = at or event.at
        self.events.append(event)

    def adopt(self, message: Message, email: InboundEmail) -> None:
        """Let a message be known by this copy of its mail from now on."""
        message.inbound = email
        if message not in self.messages:
            self.adopting.append(message)

    def withhold(self, email: InboundEmail, contact: Contact) -> None:
        """Leave a mail stored and unopened: of a contact whose data is only stored, mails are counted."""
        self.withheld[contact.pk] += 1
        self.settle(email, InboundEmail.State.RESTRICTED)

    def settle(self, email: InboundEmail, state: str, reason: str = "") -> None:
        """Note how a mail ended."""
        email.state, email.reason, email.filed_at = state, reason, timezone.now()
        self.settled[email.pk] = email

    def write(self) -> None:
        """Write everything, and tell open pages once it is committed."""
        self._number_tickets()
        self.people.create()
        save_many(self.people.renamed, ["name"])
        insert_many(self.new_tickets)
        save_many(self.changed_tickets.values(), CHANGED)
        save_many(self.adopting, ["inbound"])
        insert_many(self.messages)
        insert_many(self.attachments)
        check_later(self.attachments)
        keep_filed(self.new_tickets, self.messages, self.attachments, self.own)
        if self.people.renamed:
            keep_tickets_of([contact.pk for contact in self.people.renamed])
        self._write_keys()
        insert_many(self.events)
        self._release_reopened()
        self._write_settled()
        self._mark_addresses()
        for contact_id, count in self.withheld.items():
            Contact.objects.filter(pk=contact_id).update(withheld_count=F("withheld_count") + count)
        copies = [one for one in self.settled.values() if one.state == InboundEmail.State.SKIPPED]
        mail_written.send(sender=None, messages=self.messages, copies=copies)
        if self.messages and not self.is_history:
            mail_filed.send(sender=None, messages=self.messages)
        if not self.is_history:
            after_mail([one for one in self.messages if one.ticket_id in self.changed_tickets])
        tickets = [*self.new_tickets, *self.changed_tickets.values()]
        announce(*(tickets[-1:] if self.is_history else tickets))  # of history one is enough to look again

    def _write_keys(self) -> None:
        """Write what mails are called over what was only referred to before, never the other way round."""
        named = [key for key in self.keys.values() if key.message_id is not None]
        referred = [key for key in self.keys.values() if key.message_id is None]
        insert_many(named, replace=["message"], by="thread_key_once_in_a_ticket")
        insert_many(referred, keep_old=True)

    def _write_settled(self) -> None:
        plain = [pk for pk, one in self.settled.items() if one.state == InboundEmail.State.FILED and not one.reason]
        InboundEmail.objects.filter(pk__in=plain).update(state=InboundEmail.State.FILED, filed_at=timezone.now())
        rest = [one for pk, one in self.settled.items() if pk not in set(plain)]
        save_many(rest, ["state", "reason", "filed_at"])

    def _mark_addresses(self) -> None:
        if self.bounced:
            ContactAddress.objects.filter(digest__in=self.bounced).update(bounced_at=timezone.now())
        if self.alive:
            ContactAddress.objects.filter(digest__in=self.alive).update(bounced_at=None)

    def _release_reopened(self) -> None:
        """Let nobody keep a ticket that opens again and that they may no longer see."""
        opened = {one.ticket_id: one.organization_id for one in self.events if one.verb == Event.Verb.REOPENED}
        held = [one for one in self.changed_tickets.values() if one.pk in opened and (one.assignee_id or one.team_id)]
        if held:
            release_unreachable(held[0].organization_id, by=None, among=[ticket.pk for ticket in held])

    def _number_tickets(self) -> None:
        if self.new_tickets:
            first = TicketSequence.take(self.new_tickets[0].organization_id, len(self.new_tickets))
            for number, ticket in enumerate(self.new_tickets, first):
                ticket.number = number
