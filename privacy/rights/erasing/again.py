"""Somebody who was erased, in others' old mail that comes in again: blacked out while the mail is filed.

The mails of the erased person stay at the provider (mailbox.unwanted). Mails of other people that only name the person
come in, when a mailbox is connected again or an archive is imported. Of the person nothing but a keyed code of the
address is left, so it is known by the address in the headers, and from there by the name beside it.
"""

from collections.abc import Sequence

from accounts.sealing.digests import address_digest
from accounts.suppression import erased_addresses
from mailbox.models import InboundEmail
from mailbox.unwanted import named_in
from privacy.rights.erasing.messages import black_out_message, replace_raw
from privacy.rights.finding.words import HEADERS
from privacy.rights.traces import MARK, Traces
from tickets.models import Message, Ticket
from tickets.search.keeping import keep_messages, keep_tickets


def black_out_erased(messages: Sequence[Message]) -> list[Message]:
    """Take everybody out who was erased after these mails were sent, and return the mails that had somebody.

    In the transaction and the scope of filing; doing it twice changes nothing. One statement where nobody is found.
    """
    mails = {one: _people(one) for one in messages if one.inbound is not None}
    if not mails:
        return []
    organization_id = messages[0].organization_id
    erased = erased_addresses(organization_id, {address for people in mails.values() for address in people})
    found = {}
    for message, people in mails.items():
        if gone := {one for one in people if one in erased and message.inbound.received_at <= erased[one]}:  # type: ignore[union-attr]
            names = {name for one in gone for name in people[one] if name}
            found[message] = Traces(tuple(sorted(gone)), tuple(sorted(names)))
    for message, traces in found.items():
        _drop_quotes(message)
        digests = {address_digest(organization_id, one) for one in traces.addresses}
        black_out_message(message, traces, digests, parts=False)
        _black_out_ticket(message.ticket, traces)
    if found:
        keep_messages(list(found))
        keep_tickets({one.ticket for one in found})
    return list(found)


def empty_copies(copies: Sequence[InboundEmail]) -> None:
    """Empty stored mails that are no message here and name somebody who was erased since: their twin says it already.

    The empty row keeps the provider's copy from coming in once more.
    """
    people = {email: named_in(email.raw()) for email in copies}
    erased = erased_addresses(copies[0].organization_id, set().union(*people.values())) if copies else {}
    for email, named in people.items():
        if any(email.received_at <= erased[one] for one in named if one in erased):
            replace_raw(email, b"")


def _people(message: Message) -> dict[str, set[str]]:
    """Return the addresses of a mail's headers, as they are written, each with the names beside it."""
    people: dict[str, set[str]] = {}
    for header in HEADERS:
        for name, address in message.people(header):
            if address:
                people.setdefault(address, set()).add(name)
    for address in message.headers.get("delivered_to", []):
        people.setdefault(str(address), set())
    return people


def _drop_quotes(message: Message) -> None:
    """Leave what the writer wrote: whose words a mail repeats can be told no more, for those of the person are gone."""
    if message.whole_text is not None:
        message.whole_text, message.html = f"{message.new_text}\n\n{MARK}", None


def _black_out_ticket(ticket: Ticket, traces: Traces) -> None:
    """Take the person out of what lists say of a ticket."""
    subject, snippet = traces.black_out(ticket.subject), traces.black_out(ticket.snippet)
    if (subject, snippet) != (ticket.subject, ticket.snippet):
        ticket.subject, ticket.snippet = subject, snippet
        ticket.save(update_fields=["subject", "snippet"])
