"""Threading: which ticket a mail belongs to, and whether its sender may join it (docs/threading.md)."""

from dataclasses import dataclass
from datetime import timedelta

from tickets.filing.incoming import Incoming
from tickets.filing.known import Claim, Known
from tickets.models import Ticket
from tickets.subjects import plain_subject


@dataclass(frozen=True)
class Place:
    """Where a mail goes: into `ticket`; or, where that is None, into a new one, perhaps related to `related_to`."""

    ticket: Ticket | None = None
    related_to: Ticket | None = None
    is_unverified: bool = False  # it named a conversation its sender takes no part in
    is_proven: bool = False  # it named a mail of ours by an id that only who got it can know


def find_place(incoming: Incoming, known: Known) -> Place:
    """Return where the mail belongs: by the ids it names, by the provider's thread; a number only hints.

    A sender who takes no part in a conversation joins it only by an id of ours with its keyed part. What was closed
    longer ago than the organization's reopen window, or belongs to a mailbox that was disconnected, goes on in a new
    ticket linked to the old one, and what comes after joins that new one. A machine's mails that all have one id do not
    belong together for that.
    """
    claimed: Ticket | None = None
    for claims in known.claims(incoming):
        joined = [claim for claim in claims if _may_join(incoming, claim, known)]
        if places := [claim for claim in joined if not claim.is_namesake]:
            best = next((claim for claim in places if not claim.ticket.is_unverified), places[0])
            return _go_on(incoming, best, known)
        claimed = claimed or next((claim.ticket for claim in claims if claim not in joined), None)
    ticket = known.ticket_by_provider_thread(incoming)
    if ticket and incoming.is_reply and _speaks(incoming, ticket, known) and _same_subject(ticket, incoming):
        return _go_on(incoming, Claim(ticket), known)
    if claimed is not None:
        return Place(related_to=claimed, is_unverified=True)
    return Place(related_to=known.ticket_by_number(incoming))


def _may_join(incoming: Incoming, claim: Claim, known: Known) -> bool:
    return claim.is_proven or _speaks(incoming, claim.ticket, known)


def _speaks(incoming: Incoming, ticket: Ticket, known: Known) -> bool:
    """Return whether somebody of the ticket speaks in this mail; our own answers may speak anywhere."""
    return incoming.is_answer or known.takes_part(ticket, incoming.voices)


def _go_on(incoming: Incoming, claim: Claim, known: Known) -> Place:
    ticket = claim.ticket
    if _is_open_to(ticket, incoming):
        return Place(ticket, is_proven=claim.is_proven)
    for successor in known.successors(ticket):
        joins = claim.is_proven or _speaks(incoming, successor, known)
        if joins and _is_open_to(successor, incoming):
            return Place(successor, is_proven=claim.is_proven)
    return Place(related_to=ticket, is_proven=claim.is_proven)


def _is_open_to(ticket: Ticket, incoming: Incoming) -> bool:
    if not incoming.may_join(ticket.mailbox_id):
        return False
    if not ticket.is_closed or ticket.closed_at is None:
        return True
    window = timedelta(days=incoming.email.organization.reopen_days)
    return incoming.at - ticket.closed_at <= window


def _same_subject(ticket: Ticket, incoming: Incoming) -> bool:
    if ticket.mailbox_id not in incoming.ours.providers:  # its subject may be unreadable by now
        return False
    return plain_subject(ticket.subject) == plain_subject(incoming.mail.subject)
