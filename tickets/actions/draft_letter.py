"""What an agent is writing that answers nothing, a new mail or a mail passed on: kept, found again, thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from mailbox.models import Mailbox
from tickets.actions.attach import NewFile
from tickets.actions.keep_draft import keep_file, keep_words, throw_away
from tickets.models import Draft, DraftFile, Message


@dataclass(frozen=True)
class Place:
    """Where a letter is written: `message` is the mail that is passed on, none for a new mail; and who writes."""

    writer: Membership
    message: Message | None = None


def letter_at(place: Place) -> Draft | None:
    """Return what is being written there."""
    own = Draft.objects.filter(organization_id=place.writer.organization_id, author=place.writer)
    if place.message is not None:
        return own.filter(forwards=place.message).first()
    return own.visible_to(place.writer).filter(ticket=None).first()


@transaction.atomic
def save_letter(place: Place, said: Mapping[str, Any], *, mailbox: Mailbox, version: int | None = None) -> Draft | None:
    """Keep these fields of a letter, sealed for the mailbox it is to leave from; one that says nothing is thrown away.

    With the `version` a window began from, another window's newer words are not overwritten: DraftChanged.
    """
    return keep_words(_held(place, mailbox), said, version)


@transaction.atomic
def attach_to_letter(place: Place, file: NewFile, *, mailbox: Mailbox) -> DraftFile:
    """Seal an uploaded file into the letter, which begins with it where there was none; too much is declined."""
    return keep_file(_held(place, mailbox), file)


@transaction.atomic
def discard_letter(place: Place) -> None:
    """Throw away what was being written there, with its files; without it nothing changes."""
    _take_turns(place)
    if (draft := letter_at(place)) is not None:
        throw_away(draft)


def _held(place: Place, mailbox: Mailbox) -> Draft:
    """Return the letter, or an empty one that is not saved, held and bound to this mailbox.

    One of a mailbox that its writer may no longer see is not shown to them, and makes room for the next.
    """
    _take_turns(place)
    draft = letter_at(place)
    if draft is None:
        if place.message is None:
            for hidden in Draft.objects.filter(author=place.writer, ticket=None):
                throw_away(hidden)
        return Draft(
            organization_id=place.writer.organization_id,
            ticket=place.message.ticket if place.message else None,
            forwards=place.message,
            mailbox=mailbox,
            author=place.writer,
            said={},
            version=0,
            saved_at=timezone.now(),
        )
    if draft.mailbox_id != mailbox.pk:
        draft.said = dict(draft.said)  # opened under the old key; saving seals it under the other one
        draft.mailbox = mailbox
    return draft


def _take_turns(place: Place) -> None:
    """Let two windows of one agent that save at the same moment save one after the other."""
    Membership.objects.select_for_update(no_key=True).filter(pk=place.writer.pk).values_list("pk").first()
