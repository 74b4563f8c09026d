"""Asking the database what a batch of mails needs to know: a fixed number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tickets.filing.brake import Brake
from tickets.filing.incoming import Incoming
from tickets.models import Contact, ContactAddress, Message, ThreadKey, Ticket
from tickets.subjects import number_in

MAX_MERGES = 10  # how many times what a ticket was merged into may have been merged again
# What is asked of a message that is the same mail, or the answer of ours.
_FEW = (
    "organization_id",
    "mailbox_id",
    "ticket_id",
    "direction",
    "kind",
    "at",
    "may_autorespond",
    "inbound_id",
    "outbound_id",
)


@dataclass(frozen=True, slots=True)
class Key:
    """How a ticket has an id: when the mail of that id came, if it is in the ticket, and whether it is ours."""

    held_at: datetime | None
    is_proof: bool = False

    @property
    def holds(self) -> bool:
        """Return whether a mail of that id is in the ticket; otherwise mails there only refer to it."""
        return self.held_at is not None


class Loader:
    """What was found. Tickets are locked, in the order of their ids."""

    def __init__(self, batch: Sequence[Incoming], brake: Brake) -> None:
        """Ask everything."""
        self.contacts: dict[bytes, Contact] = {}
        self.bounced: set[bytes] = set()  # addresses that take no mail
        self.blocked: set[bytes] = set()  # addresses whose mail nobody wants
        self.restricted: dict[bytes, Contact] = {}  # addresses whose mail is only stored
        self.keys: dict[bytes, dict[UUID, Key]] = defaultdict(dict)  # by digest, then by ticket
        self.answers: dict[UUID, Message] = {}  # by OutboundEmail
        self.answers_by_digest: dict[bytes, Message] = {}
        self.twins: dict[tuple[bytes | None, bytes], Message] = {}
        self.provider_threads: dict[tuple[UUID, str], UUID] = {}
        self.numbers: dict[int, UUID] = {}
        self.tickets: dict[UUID, Ticket] = {}
        self.successors: list[Ticket] = []
        self.participants: dict[UUID, set[bytes]] = defaultdict(set)
        self._load_contacts({incoming.contact_digest for incoming in batch})
        new = [incoming for incoming in batch if not incoming.is_history]
        if new:
            brake.load(self.contacts.values(), [incoming.at for incoming in new])
        self._load_twins(batch)
        self._load_keys(batch)
        self._load_answers(batch)
        self._load_provider_threads({(one.email.mailbox_id, one.email.provider_thread_id) for one in batch})
        self._load_numbers(batch)
        self._load_tickets(brake.flooded_tickets() if new else set())

    def _load_contacts(self, people: set[bytes]) -> None:
        for address in ContactAddress.objects.select_related("contact").filter(digest__in=people):
            self.contacts[bytes(address.digest)] = address.contact
            if address.bounced_at is not None:
                self.bounced.add(bytes(address.digest))
            if address.blocked_at is not None or address.contact.blocked_at is not None:
                self.blocked.add(bytes(address.digest))
            if address.contact.restricted_at is not None:
                self.restricted[bytes(address.digest)] = address.contact

    def _load_twins(self, batch: Sequence[Incoming]) -> None:
        ids = {incoming.message_id for incoming in batch if incoming.content and incoming.message_id}
        contents = {incoming.content for incoming in batch if incoming.content and not incoming.message_id}
        wanted = Q(message_id_digest__in=ids) if ids else Q()
        wanted |= Q(message_id_digest=None, content_digest__in=contents) if contents else Q()
        if not wanted:
            return
        found = Message.objects.filter(wanted, content_digest__isnull=False).select_related("inbound")
        columns = found.only(*_FEW, "message_id_digest", "content_digest", "inbound__organization_id",
                             "inbound__mailbox_id", "inbound__state")  # fmt: skip
        for message in columns.order_by("-pk"):
            message_id = bytes(message.message_id_digest) if message.message_id_digest is not None else None
            self.twins[message_id, bytes(message.content_digest or b"")] = message

    def _load_keys(self, batch: Sequence[Incoming]) -> None:
        if digests := {digest for incoming in batch for digest in incoming.thread_digests}:
            keys = ThreadKey.objects.filter(digest__in=digests).order_by("pk")
            columns = keys.values_list("digest", "ticket_id", "message__at", "message__outbound_id")
            for digest, ticket, at, email in columns:
                self.keys[bytes(digest)][ticket] = Key(held_at=at, is_proof=email is not None)

    def _load_answers(self, batch: Sequence[Incoming]) -> None:
        """Find the mails of ours that are named by a proven id, and those of ours that came back."""
        emails = {email_id for incoming in batch for email_id in incoming.our_emails.values()}
        emails |= {incoming.own_email for incoming in batch if incoming.own_email}
        if emails:
            answers = Message.objects.filter(outbound__in=emails).only(*_FEW)
            self.answers = {message.outbound_id: message for message in answers if message.outbound_id}
        ids = {one.message_id for one in batch if one.is_from_us and one.message_id and not one.own_email}
        if ids:  # rewritten by the provider
            keys = ThreadKey.objects.filter(digest__in=ids, message__outbound__isnull=False).select_related("message")
            self.answers_by_digest = {bytes(key.digest): key.message for key in keys if key.message}

    def _load_provider_threads(self, threads: set[tuple[UUID, str]]) -> None:
        if names := {name for _, name in threads if name}:
            mailboxes = {mailbox_id for mailbox_id, name in threads if name}
            found = Message.objects.filter(
                inbound__mailbox__in=mailboxes, inbound__provider_thread_id__in=names
            ).order_by("pk")
            columns = found.values_list("inbound__mailbox_id", "inbound__provider_thread_id", "ticket_id")
            for mailbox_id, name, ticket in columns:
                self.provider_threads[mailbox_id, name] = ticket

    def _load_numbers(self, batch: Sequence[Incoming]) -> None:
        if numbers := {number for incoming in batch if (number := number_in(incoming.mail.subject))}:
            self.numbers = dict(Ticket.objects.filter(number__in=numbers).values_list("number", "pk"))

    def _load_tickets(self, more: set[UUID]) -> None:
        wanted = {ticket for tickets in self.keys.values() for ticket in tickets}
        wanted |= {message.ticket_id for message in self.answers.values()}
        wanted |= {*self.provider_threads.values(), *self.numbers.values(), *more}
        for _ in range(MAX_MERGES):
            if not wanted:
                break
            found = self._held(Ticket.objects.filter(pk__in=wanted))
            wanted = {one.merged_into_id for one in found if one.merged_into_id} - set(self.tickets)
        if closed := [ticket.pk for ticket in self.tickets.values() if ticket.is_closed]:
            self.successors = self._held(Ticket.objects.filter(related_to__in=closed, is_unverified=False))
        if self.tickets:
            people = Message.objects.filter(ticket__in=self.tickets).values_list("ticket_id", "participants")
            for ticket_id, digests in people:
                self.participants[ticket_id].update(bytes(digest) for digest in digests)

    def _held(self, tickets: QuerySet[Ticket]) -> list[Ticket]:
        return [self.tickets.setdefault(one.pk, one) for one in tickets.select_for_update().order_by("pk")]
