"""After a release: what was put aside goes within 72 hours, and what a job had left out is due again."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import Membership, Organization
from accounts.sealing.errors import KeyDestroyed
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.end_holds import WORDS_KEPT, end_released_holds
from privacy.actions.place_hold import release_hold
from privacy.models import DeletionCount, DeletionJob, HeldItem, LegalHold
from tests.privacy.holding import delete_mailbox, destroy, hold, job_for, put_aside
from tickets.actions.attach import NewFile, attach_files
from tickets.models import Contact, Message, Ticket

pytestmark = pytest.mark.django_db
JobState = DeletionJob.State


@pytest.fixture
def aside(ticket: Ticket, bob: Membership, mailbox: Mailbox, job: DeletionJob) -> LegalHold:
    """A hold whose ticket outlived its mailbox, with a file."""
    with organization_scope(ticket.organization_id):
        attach_files(Message.objects.get(), [NewFile("plan.txt", "text/plain", b"a plan")])
    placed = hold(ticket, bob)
    put_aside(job)
    destroy(job)
    delete_mailbox(mailbox)
    return placed


def release(placed: LegalHold, by: Membership) -> None:
    with organization_scope(placed.organization_id):
        release_hold(placed, reason="Settled", by=by)


def test_copies_files_and_key_go_and_the_history_stays(
    aside: LegalHold, bob: Membership, outside: Path, ledger: list[tuple[str, list[UUID]]]
) -> None:
    item = HeldItem.objects.get(place="tickets.Ticket")
    sealed = HeldItem.objects.get(pk=item.pk)  # as an old backup of the data has it
    release(aside, bob)
    assert end_released_holds() == [aside.pk]

    aside.refresh_from_db()
    assert aside.purged_at is not None
    assert not HeldItem.objects.exists()
    assert not [path for path in (outside / "files").rglob("*") if path.is_file()]
    with pytest.raises(KeyDestroyed):
        _ = sealed.content
    assert [(kind, len(ids)) for kind, ids in ledger] == [("file", 1), ("rule", 5), ("hold", 1)]
    assert ledger[-1] == ("hold", [aside.items_key_id])
    told = list(aside.events.order_by("at", "pk").values_list("verb", "count"))
    assert told[-1] == ("purged", 5)
    assert aside.reason == "A claim of Carol's"  # why there was one can still be answered for
    assert end_released_holds() == []


def test_an_active_hold_ends_never_by_itself(aside: LegalHold, ledger: list[Any]) -> None:
    end_released_holds(timezone.now() + timedelta(days=4000))

    assert HeldItem.objects.exists()
    assert ledger == []


def test_ending_goes_on_where_it_was_killed(
    aside: LegalHold, bob: Membership, ledger: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    release(aside, bob)
    from accounts.sealing.files import SealedFile

    def killed(self: SealedFile) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SealedFile, "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            end_released_holds()
    assert LegalHold.objects.get().purged_at is None

    assert end_released_holds() == [aside.pk]
    assert not HeldItem.objects.exists()


def test_a_file_store_that_refuses_keeps_one_hold_waiting_and_no_other(
    aside: LegalHold, bob: Membership, contact: Contact, ledger: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts.sealing.files import SealedFile

    empty = hold(contact, bob)
    for one in (aside, empty):
        release(one, bob)

    def refused(self: SealedFile) -> None:
        raise OSError("read-only")

    with monkeypatch.context() as patch:
        patch.setattr(SealedFile, "delete", refused)
        assert end_released_holds() == [empty.pk]
    assert end_released_holds() == [aside.pk]


def test_looking_ahead_ends_nothing(aside: LegalHold, bob: Membership, ledger: list[Any]) -> None:
    release(aside, bob)

    assert end_released_holds(dry_run=True) == [aside.pk]
    assert HeldItem.objects.exists()


def test_a_contact_that_was_held_back_is_due_again_within_72_hours(
    ticket: Ticket, contact: Contact, bob: Membership, ledger: list[Any]
) -> None:
    placed, second = hold(contact, bob), hold(ticket, bob)
    job = job_for(contact)
    with organization_scope(contact.organization_id):
        owned = {"organization_id": contact.organization_id}
        DeletionCount.objects.create(job=job, place="tickets.Contact", before=1, held=1, after=1, **owned)
        DeletionJob.objects.filter(pk=job.pk).update(state=JobState.CERTIFIED, certified_at=timezone.now())
    release(placed, bob)
    end_released_holds()
    assert DeletionJob.objects.count() == 1  # the ticket's hold keeps its contact as well

    release(second, bob)
    end_released_holds()
    again = DeletionJob.objects.get(state=JobState.GRACE)
    second.refresh_from_db()
    assert (again.scope, again.target_id) == ("contact", contact.pk)
    assert again.run_after <= timezone.now()
    assert again.due_at == second.gone_by


def test_words_end_three_years_later_or_with_the_organization(
    ticket: Ticket, contact: Contact, bob: Membership, acme: Organization, ledger: list[Any]
) -> None:
    first = hold(ticket, bob)
    release(first, bob)
    end_released_holds()
    assert LegalHold.objects.get(pk=first.pk).reason
    end_released_holds(timezone.now() + WORDS_KEPT + timedelta(days=1))
    with pytest.raises(KeyDestroyed):
        _ = LegalHold.objects.get(pk=first.pk).reason

    second = hold(contact, bob)
    release(second, bob)
    Organization.objects.filter(pk=acme.pk).update(closed_at=timezone.now())
    end_released_holds()
    with pytest.raises(KeyDestroyed):
        _ = LegalHold.objects.get(pk=second.pk).reason
