"""A system that was brought back: what is held is put aside before its mailbox ends again; what ended stays ended."""

import pytest

from accounts.models import Membership
from accounts.sealing.errors import KeyDestroyed
from accounts.sealing.keys import keys
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.end_holds import end_released_holds
from privacy.actions.place_hold import release_hold
from privacy.ledger import entries_after
from privacy.ledger.lines import Entry
from privacy.ledger.replay import end_keys, replay
from privacy.models import DeletionJob, HeldItem
from tests.privacy.holding import destroy, hold, put_aside
from tickets.actions.attach import NewFile, attach_files
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db


def test_a_held_ticket_survives_the_second_end_of_its_mailbox(
    ticket: Ticket, mailbox: Mailbox, bob: Membership, job: DeletionJob
) -> None:
    with organization_scope(ticket.organization_id):
        attach_files(Message.objects.get(), [NewFile("plan.txt", "text/plain", b"a plan")])
    hold(ticket, bob)  # the backup is from now on, the deletion came later
    ended = Entry(
        1, "2026-01-01T00:00:00+00:00", "mailbox", (str(mailbox.pk),), "", str(ticket.organization_id), str(job.pk)
    )
    end_keys([ended])
    done = replay([ended])
    keys.forget()

    assert done.left == []
    assert not Ticket.objects.exists()
    assert HeldItem.objects.get(place="tickets.Message").content["new_text"] == "It stands open all night."
    assert b"".join(HeldItem.objects.get(place="tickets.Attachment").file.read()) == b"a plan"


def test_what_was_put_aside_and_ended_stays_ended(ticket: Ticket, bob: Membership, job: DeletionJob) -> None:
    placed = hold(ticket, bob)
    put_aside(job)
    destroy(job)
    with organization_scope(ticket.organization_id):
        release_hold(placed, reason="Settled", by=bob)
    before = list(HeldItem.objects.all())
    end_released_holds()
    written = list(entries_after(0))
    assert {entry.kind for entry in written} == {"rule", "hold"}
    HeldItem.objects.bulk_create(before)  # as the backup of the data has them
    end_keys(written)
    done = replay(written)

    assert done.left == []
    assert not HeldItem.objects.exists()
    with pytest.raises(KeyDestroyed):
        keys.current("hold", placed.items_key_id)
