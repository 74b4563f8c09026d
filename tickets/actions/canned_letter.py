"""Canned replies in mail that answers nothing: a new mail, and a mail that is passed on.

The contact is whoever it is written to, the first person in To: by the name that is typed there, else as we know the
address. The subject of a new mail is what stands in that field. A new mail has no number before it has left, so there
`number` is empty: what stands in for it is put in, or it is left out and said.
"""

from collections.abc import Sequence

from django.db import transaction

from mailbox.models import Mailbox
from tickets.actions.canned import below, files_of, known_of
from tickets.actions.draft_letter import Place, attach_to_letter, letter_at, save_letter
from tickets.contacts.finding import contact_at
from tickets.filling import fill
from tickets.models import CannedReply
from tickets.outgoing import Person


def filled_for_letter(
    canned: CannedReply, place: Place, *, mailbox: Mailbox, to: Sequence[Person], subject: str = ""
) -> tuple[str, list[str]]:
    """Return the text as it would stand in this letter, and which variables were empty."""
    values = known_of(place.writer, mailbox, _called(place, to))
    if place.message is None:
        values |= {"subject": subject}
    else:
        values |= {"number": str(place.message.ticket.number), "subject": place.message.ticket.subject}
    return fill(canned.text, values)


@transaction.atomic
def put_files_in_letter(canned: CannedReply, place: Place, *, mailbox: Mailbox) -> None:
    """Let the files of a canned reply leave with the letter."""
    for file in files_of(canned):
        attach_to_letter(place, file, mailbox=mailbox)


@transaction.atomic
def put_into_letter(
    canned: CannedReply, place: Place, *, mailbox: Mailbox, to: Sequence[Person], subject: str = ""
) -> list[str]:
    """Put text and files below what is being written there; return which variables were empty."""
    text, empty = filled_for_letter(canned, place, mailbox=mailbox, to=to, subject=subject)
    save_letter(place, below(letter_at(place), text), mailbox=mailbox)
    put_files_in_letter(canned, place, mailbox=mailbox)
    return empty


def _called(place: Place, to: Sequence[Person]) -> str:
    name, address = next(iter(to), ("", ""))
    if name or not address:
        return name
    contact = contact_at(place.writer, address)
    return contact.name if contact else ""
