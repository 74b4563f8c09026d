"""Fills the bench's database: `python -m tests.bench.fill FIRST LAST` writes those tickets, three messages each.

Every value is sealed with its real key, as the pipeline would do; only the pipeline is left out, for its time.
"""

import os
import random
import sys
from datetime import timedelta
from typing import Any

import django

PER_TICKET = 3
LONG = 30  # messages of the ticket that the pages are measured on: the first of every thousand
BATCH = 2_000
CONTACTS_PER = 5  # tickets of one contact


class Filler:
    """Writes a range of tickets."""

    def __init__(self) -> None:
        """Load the company and write the texts that will be used again and again."""
        from django.utils import timezone

        from accounts.models import Membership, Organization
        from mailbox.models import Mailbox
        from tests.bench import mails

        self.draw = random.Random(7)
        self.texts = [mails.body(self.draw) for _ in range(500)]
        self.subjects = [mails.paragraph(self.draw, self.draw.randint(3, 8)) for _ in range(500)]
        self.now = timezone.now()
        self.organization = Organization.objects.get(slug="bench")
        self.agents = list(Membership.objects.filter(organization=self.organization, role="agent").order_by("pk"))
        self.mailboxes = list(Mailbox.objects.filter(organization=self.organization).order_by("pk"))

    def write(self, first: int, last: int) -> None:
        """Write tickets first+1 to last, batch by batch."""
        from django.db import transaction

        for start in range(first, last, BATCH):
            with transaction.atomic():
                self._batch(start, min(start + BATCH, last))

    def _batch(self, start: int, end: int) -> None:
        from accounts.tenancy import organization_scope
        from mailbox.models import InboundEmail, OutboundEmail
        from tests.bench.copying import copy_rows
        from tickets.models import (
            Contact,
            ContactAddress,
            ContactCode,
            Event,
            Mention,
            Message,
            Note,
            ThreadKey,
            Ticket,
        )
        from tickets.search.keeping import keep_filed

        people, mails = (Contact, ContactAddress, ContactCode), (InboundEmail, OutboundEmail, Message, ThreadKey)
        rows: dict[Any, list[Any]] = {model: [] for model in (*people, Ticket, *mails, Event, Note, Mention)}
        contact = None
        for number in range(start, end):
            if contact is None or number % CONTACTS_PER == 0:
                contact = self._contact(number // CONTACTS_PER, rows)
            self._ticket(number + 1, contact, rows)
        for model, instances in rows.items():
            copy_rows(model, instances)
        with organization_scope(self.organization):  # not for the rows above: a row policy forbids COPY
            keep_filed(rows[Ticket], rows[Message], (), [mailbox.address for mailbox in self.mailboxes])

    def _contact(self, number: int, rows: dict[Any, list[Any]]) -> Any:
        from accounts.sealing.digests import address_digest
        from tests.bench.mails import person
        from tickets.contacts.codes import new_codes
        from tickets.contacts.domains import new_address
        from tickets.models import Contact, ContactAddress, ContactCode

        name, address = person(1_000_000 + number)
        contact = Contact(organization=self.organization, name=name)
        contact.digest = address_digest(self.organization.pk, address)  # type: ignore[attr-defined]
        contact.address = address  # type: ignore[attr-defined]
        rows[Contact].append(contact)
        row = new_address(self.organization.pk, address, contact.digest)  # type: ignore[attr-defined]
        row.contact = contact
        rows[ContactAddress].append(row)
        rows[ContactCode] += new_codes(contact, [address])
        return contact

    def _ticket(self, number: int, contact: Any, rows: dict[Any, list[Any]]) -> None:
        from tickets.models import Event, Ticket

        chance = self.draw.random()
        shares = (("open", 0.2), ("pending", 0.28), ("snoozed", 0.3), ("spam", 0.34), ("closed", 1))
        state = next(name for name, upto in shares if chance < upto)
        count = LONG if number % 1_000 == 1 else PER_TICKET
        at = self.now - timedelta(minutes=5 * (200_000 - number)) / 2
        ticket = Ticket(
            organization=self.organization,
            number=number,
            mailbox=self.mailboxes[number % len(self.mailboxes)],
            contact=contact,
            subject=self.subjects[number % 500],
            snippet=self.texts[number % 500][:160],
            state="open" if count == LONG else state,
            assignee=self.agents[number % len(self.agents)] if self.draw.random() < 0.8 else None,
            message_count=count,
            priority=self.draw.choices((1, 2, 3, 4), (5, 85, 8, 2))[0],
            last_activity_at=at,
            waiting_since=at - timedelta(minutes=self.draw.randint(0, 2_000)),
            closed_at=at if state == "closed" else None,
            suspicion="new" if state == "spam" and chance < 0.301 else "",
        )
        rows[Ticket].append(ticket)
        rows[Event].append(Event(organization=self.organization, ticket=ticket, verb="opened"))
        if number % 25 == 0:
            self._note(ticket, at, rows)
        references: list[str] = []
        for position in range(count):
            self._message(ticket, contact, position, at - timedelta(hours=2 * (count - position)), references, rows)

    def _note(self, ticket: Any, at: Any, rows: dict[Any, list[Any]]) -> None:
        from tickets.models import Mention, Note

        author, called = self.agents[0], self.agents[ticket.number // 25 % len(self.agents)]
        text = f"@{called.display_name}, what do you think?"
        owned = {"organization": self.organization}
        note = Note(ticket=ticket, mailbox=ticket.mailbox, author=author, text=text, at=at, **owned)
        rows[Note].append(note)
        rows[Mention].append(Mention(note=note, member=called, at=at, **owned))

    def _message(
        self, ticket: Any, contact: Any, position: int, at: Any, references: list[str], rows: dict[Any, list[Any]]
    ) -> None:
        from accounts.sealing.digests import message_id_digest
        from mailbox.models import InboundEmail, OutboundEmail
        from tests.bench import mails
        from tickets.models import Message, ThreadKey

        inbound = position % 2 == 0
        text = self.texts[(ticket.number * 7 + position) % 500] + mails.to_be_found(ticket.number, position)
        message_id = f"<fill.{ticket.number}.{position}@people.example>"
        them, us = [contact.name, contact.address], ["Bench", ticket.mailbox.address]
        headers = {"from": [them if inbound else us], "to": [us if inbound else them], "cc": [], "reply_to": []}
        headers |= {"subject": ticket.subject, "message_id": message_id, "references": references[-5:]}
        message = Message(
            organization=self.organization,
            ticket=ticket,
            mailbox=ticket.mailbox,
            direction="inbound" if inbound else "outbound",
            sender=contact if inbound else None,
            author=None if inbound else ticket.assignee,
            at=at,
            headers=headers,
            new_text=text,
            html="".join(f"<p>{line}</p>" for line in text.split("\n\n")) if inbound and position % 4 == 0 else None,
            message_id_digest=message_id_digest(self.organization.pk, message_id),
            participants=[contact.digest],
        )
        common = {"organization": self.organization, "mailbox": ticket.mailbox, "provider_id": f"{message.pk.hex}"}
        if inbound:
            email = InboundEmail(**common, provider_thread_id=f"thread{ticket.number}", received_at=at, state="filed")
            message.inbound = email
        else:
            email = OutboundEmail(**common, conversation=ticket.pk, state="sent", sent_at=at)
            message.outbound = email
        email.keep_raw(f"Message-ID: {message_id}\r\nSubject: {ticket.subject}\r\n\r\n{text}".encode())
        rows[type(email)].append(email)
        rows[Message].append(message)
        key = ThreadKey(
            organization=self.organization, digest=message.message_id_digest, ticket=ticket, message=message
        )
        rows[ThreadKey].append(key)
        references.append(message_id)


def main() -> None:
    """Fill what the command line names, then let new tickets be numbered after it."""
    django.setup()
    from tickets.models import TicketSequence

    first, last = int(sys.argv[1]), int(sys.argv[2])
    filler = Filler()
    filler.write(first, last)
    sequence, _ = TicketSequence.objects.get_or_create(organization=filler.organization)
    TicketSequence.objects.filter(pk=sequence.pk, last__lt=last).update(last=last)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
