"""One mail on its way into a ticket: what it says, and the digests by which the desk knows its parts."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from accounts.sealing.digests import message_id_digest
from mailbox.message_ids import email_id_of
from mailbox.models import InboundEmail
from tickets.filing.content import content_digest
from tickets.filing.forwards import Forwarded, forwarded
from tickets.filing.ours import Ours
from tickets.filing.trust import is_confirmed, is_denied, is_forged
from tickets.mail import Address, Classification, ParsedMail, classify, parse
from tickets.people import digests_of
from tickets.subjects import is_answer

NOBODY = Address("", "unknown@invalid")
UNREADABLE = "A mail that could not be read"
MAX_REFERENCES = 50  # newest first; longer chains are cut by mail programs too


@dataclass
class Incoming:
    """A stored mail, understood."""

    email: InboundEmail
    mail: ParsedMail
    classification: Classification
    ours: Ours = field(repr=False)
    original: bytes | None = field(default=None, repr=False)  # attached when the mail was not fully understood

    @classmethod
    def read(cls, email: InboundEmail, ours: Ours) -> "Incoming":
        """Parse and classify a stored mail; never raises for what a mail may contain."""
        raw = email.raw()
        mail = parse(raw)
        return cls(email, mail, classify(mail, own_addresses=ours.addresses), ours, raw if mail.error else None)

    @classmethod
    def unreadable(cls, email: InboundEmail, ours: Ours, reason: str) -> "Incoming":
        """Return what stands for a mail that nothing is known of but its original."""
        mail = ParsedMail(from_=NOBODY, subject=UNREADABLE, error=reason)
        return cls(email, mail, Classification("human", reason, may_autorespond=False), ours, email.raw())

    @property
    def organization_id(self) -> UUID:
        """Return whose mail it is."""
        return self.email.organization_id

    @property
    def is_history(self) -> bool:
        """Return whether it was imported: then nothing answers it, and no page is told of it."""
        return self.email.is_imported

    @property
    def at(self) -> datetime:
        """Return its time: when the provider received it; of history, its own date."""
        return min(self.email.received_at, timezone.now())

    # --- who -------------------------------------------------------------------------------------------------------
    @cached_property
    def from_(self) -> Address:
        """Return who stands in From."""
        return self.mail.from_ or NOBODY

    @cached_property
    def is_from_us(self) -> bool:
        """Return whether an address of one of our mailboxes stands in From, which proves nothing."""
        return self.ours.is_mailbox(self.from_.email)

    @cached_property
    def writer(self) -> Address:
        """Return who wrote; a form that mails as us names the person in Reply-To: our own address is no customer."""
        return (self.is_from_us and self._outsider_in_reply_to()) or self.from_

    @cached_property
    def forward(self) -> Forwarded | None:
        """Return what a colleague passes on with it, unless the provider denies that a colleague sent it."""
        if self.is_answer or self.classification.kind not in ("human", "own") or is_denied(self.mail):
            return None
        return forwarded(self.mail, self.ours.is_inside) if self.ours.is_inside(self.from_.email) else None

    @cached_property
    def is_answer(self) -> bool:
        """Return whether it is an answer of ours, written in another program.

        Of history the one who imports it vouches for that; of new mail only the provider can.
        """
        if not self.is_from_us or is_denied(self.mail) or self.classification.bounce is not None:
            return False
        people = [*self.mail.to, *self.mail.cc]
        only_to_us = bool(people) and all(self.ours.is_mailbox(one.email) for one in people)
        if only_to_us and self._outsider_in_reply_to():
            return False  # a form
        if self.is_history and self.ours.mailbox_at(self.from_.email) == self.email.mailbox_id:
            return True
        goes_out = bool(people) and not only_to_us
        return goes_out and (self.is_history or is_confirmed(self.mail, self._provider))

    @cached_property
    def contact(self) -> Address:
        """Return the person outside it is with: who wrote or was forwarded; of an answer of ours, who gets it."""
        if self.is_answer:
            people = [*self.mail.to, *self.mail.cc]
            return next((one for one in people if not self.ours.is_mailbox(one.email)), self.from_)
        return self.forward.sender if self.forward else self.writer

    @cached_property
    def contact_digest(self) -> bytes:
        """Return the digest of that person's address."""
        return self.ours.digest(self.contact.email)

    @cached_property
    def voices(self) -> list[bytes]:
        """Return who speaks in it: its writer; in a report of a mail server, those it reports about.

        Nobody does where the sender is missing, or where its own domain calls such a mail forged.
        """
        if is_forged(self.mail):
            return []
        bounce = self.classification.bounce
        named = [self.writer.email] if self.mail.from_ else []
        return [self.ours.digest(address) for address in [*named, *(bounce.recipients if bounce else [])]]

    @cached_property
    def participants(self) -> list[bytes]:
        """Return the digests of everybody in it but ourselves, each once."""
        people = [self.contact, self.writer, self.from_, *self.mail.reply_to, *self.mail.to, *self.mail.cc]
        named = [person.email for person in people if person is not NOBODY and not self.ours.is_mailbox(person.email)]
        return digests_of(self.organization_id, named)

    # --- what it belongs to ----------------------------------------------------------------------------------------
    @cached_property
    def named_ids(self) -> list[str]:
        """Return the Message-IDs it is about: the one that bounced, In-Reply-To, References from the newest."""
        bounce = self.classification.bounce
        first = [bounce.message_id if bounce else "", self.mail.in_reply_to]
        attached = [self.forward.message_id if self.forward else ""]
        named = [*first, *reversed(self.mail.references), *attached]
        return [one for one in dict.fromkeys(named) if one][:MAX_REFERENCES]

    @cached_property
    def named_digests(self) -> list[bytes]:
        """Return their digests, in that order."""
        return [message_id_digest(self.organization_id, name) for name in self.named_ids]

    @cached_property
    def message_id(self) -> bytes | None:
        """Return the digest of its own Message-ID."""
        return message_id_digest(self.organization_id, self.mail.message_id) if self.mail.message_id else None

    @cached_property
    def thread_digests(self) -> list[bytes]:
        """Return the digests of what it names, and last its own: what arrives after its answer is referred to."""
        return list(dict.fromkeys([*self.named_digests, *([self.message_id] if self.message_id else [])]))

    @cached_property
    def our_emails(self) -> dict[bytes, UUID]:
        """Return which OutboundEmails of ours it provably names, by the digest of the id it names."""
        pairs = zip(self.named_digests, self.named_ids, strict=True)
        found = {digest: email_id_of(self.organization_id, name) for digest, name in pairs}
        return {digest: email_id for digest, email_id in found.items() if email_id}

    @cached_property
    def own_email(self) -> UUID | None:
        """Return which OutboundEmail of ours it is itself, coming back; another sender under its id is another mail."""
        return email_id_of(self.organization_id, self.mail.message_id) if self.is_from_us else None

    @cached_property
    def content(self) -> bytes | None:
        """Return the digest of what it says."""
        return content_digest(self.organization_id, self.mail)

    @property
    def is_reply(self) -> bool:
        """Return whether it looks like an answer to something, whatever became of the ids in it."""
        return bool(self.mail.in_reply_to or self.mail.references or is_answer(self.mail.subject))

    @cached_property
    def home(self) -> UUID:
        """Return the mailbox that a ticket it opens belongs to: the first of ours in To, then in Cc, else its own."""
        if self.is_answer:
            return self.email.mailbox_id
        return self.ours.first_named([*self.mail.to, *self.mail.cc]) or self.email.mailbox_id

    def may_join(self, mailbox_id: UUID) -> bool:
        """Return whether it may go into a ticket of that mailbox: its own, or one that is connected."""
        return mailbox_id == self.email.mailbox_id or mailbox_id in self.ours.providers

    @property
    def _provider(self) -> str:
        return self.ours.providers.get(self.email.mailbox_id, "")

    def _outsider_in_reply_to(self) -> Address | None:
        return next((one for one in self.mail.reply_to if not self.ours.is_mailbox(one.email)), None)
