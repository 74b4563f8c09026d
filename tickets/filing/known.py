"""What the desk knows already that matters to a batch of mails: asked once, kept up to date while they are filed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tickets.filing.brake import Brake
from tickets.filing.incoming import Incoming
from tickets.filing.loading import Key, Loader
from tickets.models import Contact, Message, Ticket
from tickets.subjects import number_in

MAX_CLAIMS = 5  # unverified tickets that may share an id: whoever knows one could otherwise open thousands
SAME_MAIL = timedelta(minutes=10)  # between two copies of a mail; a gateway may change the words of one of them


@dataclass(frozen=True, slots=True)
class Claim:
    """A ticket to which an id leads; proven where only who got a mail of ours can know that id."""

    ticket: Ticket
    is_proven: bool = False
    holds: bool = False  # the mail of that id is in it; others only refer to it
    is_namesake: bool = False  # what it holds is another mail under the id of this one


class Known:
    """Contacts, threads, participants and twins, for the mails of one batch. Tickets in it are held until commit.

    A ticket that was merged stands for the one that took it in.
    """

    def __init__(self, batch: Sequence[Incoming], brake: Brake) -> None:
        """Ask the database: a fixed number of statements, however many mails there are."""
        loaded = Loader(batch, brake)
        self.contacts: dict[bytes, Contact] = loaded.contacts
        self.bounced: set[bytes] = loaded.bounced
        self.blocked: set[bytes] = loaded.blocked
        self.restricted: dict[bytes, Contact] = loaded.restricted
        self.tickets: dict[UUID, Ticket] = loaded.tickets
        self._loaded = loaded
        self._participants = loaded.participants
        self._successors: dict[UUID, list[Ticket]] = defaultdict(list)
        for ticket in loaded.successors:
            self._successors[ticket.related_to_id].append(ticket)  # type: ignore[index]

    # --- questions -------------------------------------------------------------------------------------------------
    def claims(self, incoming: Incoming) -> Iterator[list[Claim]]:
        """Yield, for each id the mail names and last for its own, the tickets it leads to.

        Those that hold the mail of that id come first, then the newest. Machines that give all their mails one id make
        namesakes of them: such a ticket has a mail that is called like this one, and is not this one.
        """
        for digest in incoming.thread_digests:
            email_id = incoming.our_emails.get(digest)
            is_only_its_own = digest == incoming.message_id and digest not in incoming.named_digests
            claims: dict[UUID, Claim] = {}
            for ticket_id, key in self._keys_of(digest, email_id):
                if ticket := self._survivor(ticket_id):
                    known = claims.get(ticket.pk, Claim(ticket))
                    proven = known.is_proven or key.is_proof or email_id is not None
                    namesake = is_only_its_own and _is_another(incoming, key)
                    claims[ticket.pk] = Claim(ticket, proven, known.holds or key.holds, namesake)
            if claims:
                yield sorted(claims.values(), key=lambda claim: (claim.holds, claim.ticket.pk), reverse=True)

    def successors(self, ticket: Ticket) -> list[Ticket]:
        """Return the tickets that were opened for what came after this one had been closed for long, newest first."""
        return sorted(self._successors.get(ticket.pk, []), key=lambda one: one.pk, reverse=True)

    def ticket_by_provider_thread(self, incoming: Incoming) -> Ticket | None:
        """Return the ticket whose mail the provider put into the same thread."""
        thread = (incoming.email.mailbox_id, incoming.email.provider_thread_id)
        return self._first([self._loaded.provider_threads.get(thread) if thread[1] else None])

    def ticket_by_number(self, incoming: Incoming) -> Ticket | None:
        """Return the ticket whose number stands in the subject."""
        number = number_in(incoming.mail.subject)
        return self._first([self._loaded.numbers.get(number) if number else None])

    def ticket(self, ticket_id: UUID | None) -> Ticket | None:
        """Return a ticket of this batch, or the one it was merged into."""
        return self._first([ticket_id])

    def takes_part(self, ticket: Ticket, people: Iterable[bytes]) -> bool:
        """Return whether one of these wrote, or was written to, in any mail of the ticket."""
        return not self._participants[ticket.pk].isdisjoint(people)

    def own_answer(self, incoming: Incoming) -> Message | None:
        """Return the answer of ours that this mail is, coming back: by our id, or by the one the provider gave it."""
        if incoming.own_email:
            return self._loaded.answers.get(incoming.own_email)
        if incoming.is_from_us and incoming.message_id:
            return self._loaded.answers_by_digest.get(incoming.message_id)
        return None

    def twin_of(self, incoming: Incoming) -> Message | None:
        """Return the message that is the same mail: same id and same content, or same content where ids are missing.

        Another way adds other trace headers, so the bytes differ; another writer under the same id is another mail,
        and so is another text: some machines give all their mails one id.
        """
        return self._loaded.twins.get((incoming.message_id, incoming.content)) if incoming.content else None

    def may_claim(self, ticket: Ticket, digest: bytes, *, is_own: bool) -> bool:
        """Return whether this id may lead to the ticket: always, unless strangers have claimed it again and again.

        What is called like the mails of many other tickets leads to no more of them.
        """
        claimed = self._loaded.keys.get(digest, {})
        if ticket.is_unverified:
            return len(claimed) < MAX_CLAIMS
        held = [key for pk, key in claimed.items() if key.holds and pk != ticket.pk and not self._is_unverified(pk)]
        return not is_own or len(held) < MAX_CLAIMS

    # --- news ------------------------------------------------------------------------------------------------------
    def learn(self, incoming: Incoming, message: Message) -> None:
        """Take in a mail that was just filed, so that the next one of the batch finds it."""
        ticket = message.ticket
        if ticket.pk not in self.tickets:
            self.tickets[ticket.pk] = ticket
            if ticket.related_to_id and not ticket.is_unverified:
                self._successors[ticket.related_to_id].append(ticket)
        for digest in incoming.thread_digests:
            keys = self._loaded.keys[digest]
            is_own = digest == incoming.message_id
            known = keys.get(ticket.pk)
            news = known is None or (is_own and not known.is_proof)
            if news and self.may_claim(ticket, digest, is_own=is_own):
                keys[ticket.pk] = Key(held_at=message.at if is_own else None)
        if incoming.email.provider_thread_id:
            thread = (incoming.email.mailbox_id, incoming.email.provider_thread_id)
            self._loaded.provider_threads[thread] = ticket.pk
        self._participants[ticket.pk].update(incoming.participants)
        if incoming.content:
            self._loaded.twins.setdefault((incoming.message_id, incoming.content), message)

    def _keys_of(self, digest: bytes, email_id: UUID | None) -> Iterator[tuple[UUID, Key]]:
        answer = self._loaded.answers.get(email_id) if email_id else None
        if answer is not None:
            yield answer.ticket_id, Key(held_at=answer.at, is_proof=True)
        yield from self._loaded.keys.get(digest, {}).items()

    def _survivor(self, ticket_id: UUID) -> Ticket | None:
        ticket = self.tickets.get(ticket_id)
        for _ in range(len(self.tickets)):
            if ticket is None or ticket.merged_into_id is None:
                return ticket
            ticket = self.tickets.get(ticket.merged_into_id)
        return None

    def _is_unverified(self, ticket_id: UUID) -> bool:
        ticket = self.tickets.get(ticket_id)
        return ticket is not None and ticket.is_unverified

    def _first(self, ids: Iterable[UUID | None]) -> Ticket | None:
        return next((ticket for pk in ids if pk and (ticket := self._survivor(pk))), None)


def _is_another(incoming: Incoming, key: Key) -> bool:
    """Return whether the ticket holds a mail under the id of this one that is no copy of it, by its time."""
    return key.held_at is not None and abs(incoming.at - key.held_at) > SAME_MAIL
