"""Legal holds: what one keeps, what a running job does with it, and what is left when everything else is gone."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization, User
from accounts.sealing.errors import KeyDestroyed
from accounts.sealing.fields import sealed_fields
from accounts.tenancy import organization_scope
from accounts.vault.models import VaultKey
from mailbox.models import InboundEmail, Mailbox
from privacy.actions.place_hold import release_hold
from privacy.actions.review_hold import review_hold
from privacy.holding import exclude_held, held_counts, holds_inside, holds_on, is_held, is_secured
from privacy.holds.actors import Officer, officer
from privacy.holds.covered import PLACE_OF, above
from privacy.models import DeletionJob, HeldItem, HoldEvent, LegalHold
from tests import factories
from tests.mails import write_mail
from tests.privacy.holding import delete_mailbox, destroy, hold, job_for, put_aside
from tickets.actions.attach import NewFile, attach_files
from tickets.actions.contacts.merge import merge_contacts
from tickets.actions.merge import merge_tickets
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.split import split_message
from tickets.models import Attachment, Contact, ContactNote, Message, Note, ThreadKey, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(acme: Organization, mailbox: Mailbox) -> Ticket:
    """A ticket of somebody else, through the same mailbox."""
    made = factories.make_ticket(acme, mailbox=mailbox, subject="Something else")
    factories.make_message(made, text="Nobody wants to keep this.")
    return made


@pytest.fixture
def full(ticket: Ticket, mailbox: Mailbox, alice: Membership) -> Ticket:
    """Carol's ticket with an original, a large original, a file and a note."""
    with organization_scope(ticket.organization_id):
        for size, text in ((0, "With a small original"), (400_000, "With a large one")):
            raw = write_mail(text=text) + b"x" * size
            message = factories.make_message(ticket, text=text, inbound=factories.make_inbound_email(mailbox, raw))
        attach_files(message, [NewFile("contract.pdf", "application/pdf", b"%PDF " + b"signed " * 200_000)])
        add_note(ticket, text="She means it", by=alice)
    return ticket


def test_a_held_ticket_is_left_alone_and_its_neighbour_is_not(
    full: Ticket, other: Ticket, bob: Membership, mailbox: Mailbox
) -> None:
    hold(full, bob)

    with organization_scope(mailbox.organization_id):
        assert list(exclude_held(Ticket.objects.all())) == [other]
        assert {one.ticket_id for one in exclude_held(Message.objects.all())} == {other.pk}
        for model in (Note, Attachment, InboundEmail):
            assert not exclude_held(model.objects.all()).exists()
        assert is_held(full)
        assert is_held(full.contact)
        assert not is_held(other)
        assert not is_held(other.contact)
        assert exclude_held(Mailbox.objects.all()).exists()


def test_without_a_hold_nothing_is_kept(full: Ticket, scope: object) -> None:
    assert exclude_held(Message.objects.all()).count() == Message.objects.count() == 3


def test_a_hold_of_another_organization_keeps_nothing_here(full: Ticket, globex: Organization, bob: Membership) -> None:
    stranger = factories.make_membership(globex, role=Membership.Role.ADMIN)
    hold(globex, stranger)

    with organization_scope(full.organization_id):
        assert not is_held(full)


def test_what_hangs_on_a_held_row_stays_with_it(full: Ticket, other: Ticket, bob: Membership) -> None:
    with organization_scope(full.organization_id):
        for one in (full, other):
            ThreadKey.objects.create(organization_id=one.organization_id, ticket=one, digest=one.pk.bytes)
    hold(full, bob)

    with organization_scope(full.organization_id):
        assert [one.ticket_id for one in exclude_held(ThreadKey.objects.all())] == [other.pk]


def test_a_contact_is_kept_with_every_ticket_it_wrote_in(
    ticket: Ticket, other: Ticket, contact: Contact, bob: Membership
) -> None:
    with organization_scope(other.organization_id):
        Message.objects.filter(ticket=other).update(sender=contact)
    hold(contact, bob)

    with organization_scope(ticket.organization_id):
        assert is_held(contact)
        assert is_held(ticket)
        assert is_held(other)
        assert not is_held(other.contact)


def test_a_hold_follows_its_ticket_through_merge_split_and_move(
    full: Ticket, other: Ticket, bob: Membership, acme: Organization
) -> None:
    hold(full, bob)
    elsewhere = factories.make_mailbox(acme)
    with organization_scope(acme):
        new = split_message(full.messages.order_by("at").last(), by=bob)
        move_ticket(new, to=elsewhere, by=bob)
        merge_tickets(full, into=other, by=bob)

        assert is_held(Ticket.objects.get(pk=new.pk))
        assert is_held(other)
        assert not exclude_held(Message.objects.all()).exists()


def test_a_hold_follows_its_contact_into_the_one_it_was_merged_into(
    ticket: Ticket, other: Ticket, contact: Contact, bob: Membership
) -> None:
    hold(contact, bob)
    with organization_scope(ticket.organization_id):
        merge_contacts(contact, into=other.contact, by=bob)

        assert is_held(Ticket.objects.get(pk=ticket.pk))
        assert is_held(other.contact)


def test_who_was_merged_into_a_held_contact_is_kept_too(
    ticket: Ticket, other: Ticket, bob: Membership, acme: Organization
) -> None:
    twin = factories.make_contact(acme, name="Carol's twin")
    with organization_scope(acme):
        merge_contacts(twin, into=ticket.contact, by=bob)
    hold(ticket, bob)

    with organization_scope(acme):
        assert is_held(twin)
        assert not is_held(other.contact)


def test_a_held_mailbox_keeps_what_was_moved_out_of_it_since(
    ticket: Ticket, other: Ticket, mailbox: Mailbox, bob: Membership, acme: Organization
) -> None:
    elsewhere = factories.make_mailbox(acme)
    with organization_scope(acme):
        move_ticket(other, to=elsewhere, by=bob)
    hold(mailbox, bob)
    with organization_scope(acme):
        move_ticket(ticket, to=elsewhere, by=bob)

        assert is_held(Ticket.objects.get(pk=ticket.pk))
        assert not is_held(Ticket.objects.get(pk=other.pk))  # left before there was a hold


def test_no_table_with_words_is_forgotten_by_holds() -> None:
    """What hangs on a ticket, mail, note or contact and has words or files of its own must be put aside, too."""
    left_out = {"tickets.ContactMerge"}  # ids, and what is in the two contacts
    forgotten = [
        model._meta.label
        for model in apps.get_models()
        if (sealed_fields(model) or (getattr(model, "personal_data", None) and model.personal_data.files))
        and model not in PLACE_OF
        and model._meta.label not in left_out
        and list(above(model))
    ]

    assert forgotten == []


# --- A job that destroys keys ----------------------------------------------------------------------------------------
def test_held_items_outlive_the_key_and_the_rows_of_their_mailbox(
    full: Ticket, other: Ticket, bob: Membership, mailbox: Mailbox, job: DeletionJob, outside: Path
) -> None:
    placed = hold(full, bob)
    put_aside(job)
    assert destroy(job)
    with organization_scope(mailbox.organization_id):
        assert not Message.objects.exclude(pk__in=exclude_held(Message.objects.all())).exists()
    delete_mailbox(mailbox)

    with organization_scope(mailbox.organization_id):
        items = list(placed.items.order_by("pk"))
    kept = {item.place for item in items}
    assert kept >= {"tickets.Ticket", "tickets.Message", "tickets.Note", "tickets.Attachment", "mailbox.InboundEmail"}
    words = [item.content["new_text"] for item in items if item.place == "tickets.Message"]
    assert sorted(words) == ["It stands open all night.", "With a large one", "With a small original"]
    [file] = [item for item in items if item.place == "tickets.Attachment"]
    assert b"".join(file.file.read()).startswith(b"%PDF signed")
    assert file.content["details"]["name"] == "contract.pdf"
    large = [item for item in items if item.place == "mailbox.InboundEmail" and item.file_state == "kept"]
    assert b"With a large one" in b"".join(large[0].file.read())
    assert not any(item.place != "tickets.Contact" and item.ticket_id not in {full.pk, None} for item in items)
    on_disk = [path for path in outside.rglob("*") if path.is_file() and "files" in path.parts]
    assert len(on_disk) == 2  # the copies, and nothing else of the mailbox
    with pytest.raises(KeyDestroyed):
        _ = other.mailbox.address if not mailbox.refresh_from_db() else ""  # type: ignore[func-returns-value]


def test_the_point_of_no_return_waits_for_what_is_not_put_aside(
    full: Ticket, other: Ticket, bob: Membership, job: DeletionJob
) -> None:
    hold(full, bob)
    put_aside(job)
    hold(other, bob)  # between the steps

    assert not destroy(job)
    put_aside(job)
    assert destroy(job)
    with organization_scope(job.organization_id):
        assert {one.ticket_id for one in HeldItem.objects.filter(place="tickets.Ticket")} == {full.pk, other.pk}


def test_putting_aside_goes_on_where_it_was_killed(
    full: Ticket, bob: Membership, job: DeletionJob, monkeypatch: pytest.MonkeyPatch, outside: Path
) -> None:
    from accounts.sealing.files import SealedFile

    monkeypatch.setattr("privacy.holds.securing.BATCH", 1)
    hold(full, bob)
    whole = SealedFile.read

    def broken(self: SealedFile) -> object:
        yield next(iter(whole(self)))
        raise KeyboardInterrupt

    monkeypatch.setattr(SealedFile, "read", broken)
    with pytest.raises(KeyboardInterrupt):
        put_aside(job)
    monkeypatch.setattr(SealedFile, "read", whole)
    with organization_scope(job.organization_id):
        rows = HeldItem.objects.count()
        assert not is_secured(job)
    put_aside(job)

    with organization_scope(job.organization_id):
        assert HeldItem.objects.count() == rows
        assert is_secured(job)
        [item] = HeldItem.objects.filter(place="tickets.Attachment")
        assert len(b"".join(item.file.read())) == 5 + 7 * 200_000
    put_aside(job)  # has nothing to do
    with organization_scope(job.organization_id):
        assert HeldItem.objects.count() == rows


def test_after_the_keys_a_hold_is_answered_already_destroyed(
    ticket: Ticket, other: Ticket, bob: Membership, mailbox: Mailbox, job: DeletionJob, acme: Organization
) -> None:
    elsewhere = factories.make_ticket(acme)
    destroy(job)
    for of in (ticket, mailbox):
        with pytest.raises(ActionRefused, match="Already destroyed at"):
            hold(of, bob)

    assert hold(elsewhere, bob).is_active
    assert LegalHold.objects.count() == 1


def test_a_ticket_that_went_a_moment_ago_cannot_be_held(ticket: Ticket, bob: Membership) -> None:
    with organization_scope(ticket.organization_id):
        Message.objects.all().delete()
        Ticket.objects.filter(pk=ticket.pk).delete()
    with pytest.raises(ActionRefused, match="deleted a moment ago"):
        hold(ticket, bob)


def test_released_between_the_batches_nothing_is_put_aside_any_more(
    full: Ticket, other: Ticket, bob: Membership, job: DeletionJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privacy.deletion.steps.holds import STEP

    monkeypatch.setattr("privacy.holds.securing.BATCH", 1)
    placed = hold(full, bob)
    run = iter(STEP.run(job))
    next(run), next(run)
    with organization_scope(job.organization_id):
        aside = HeldItem.objects.count()
        release_hold(placed, reason="Settled", by=bob)
    list(run)

    with organization_scope(job.organization_id):
        assert 0 < HeldItem.objects.count() == aside
        assert is_secured(job)


def test_two_holds_on_one_ticket_have_a_copy_each(
    full: Ticket, mailbox: Mailbox, bob: Membership, job: DeletionJob
) -> None:
    first, second = hold(full, bob), hold(mailbox, bob, basis="order")
    put_aside(job)

    with organization_scope(job.organization_id):
        for placed in (first, second):
            assert placed.items.filter(place="tickets.Message").count() == 3
        assert held_counts(job)["tickets.Message"] == 3
        assert [one.pk for one in holds_inside(job)] == [first.pk, second.pk]


def test_a_contact_is_put_aside_only_where_it_goes_with_the_mailbox(
    ticket: Ticket, other: Ticket, contact: Contact, bob: Membership, acme: Organization, job: DeletionJob
) -> None:
    factories.make_ticket(acme, contact=other.contact)  # known through another mailbox, too
    hold(contact, bob)
    hold(other.contact, bob)
    with organization_scope(acme):
        ContactNote.objects.create(organization=acme, contact=contact, text="Calls often")
    put_aside(job)

    with organization_scope(acme):
        aside = HeldItem.objects.filter(place="tickets.Contact").values_list("row_id", flat=True)
        assert list(aside) == [contact.pk]
        assert HeldItem.objects.get(place="tickets.ContactNote").content["text"] == "Calls often"
        assert not is_held(contact)
        assert is_held(other.contact)


def test_an_organization_goes_and_what_is_held_stays_readable(
    full: Ticket, bob: Membership, acme: Organization
) -> None:
    placed = hold(full, bob)
    job = job_for(acme)
    put_aside(job)
    assert destroy(job)
    kept = LegalHold.objects.get(pk=placed.pk)

    assert (kept.title, kept.reason) == ("The door does not close", "A claim of Carol's")
    names = [item.content["name"] for item in kept.items.filter(place="tickets.Contact")]
    assert names == ["Carol Customer"]
    assert holds_inside(job) == [kept]


def test_what_cannot_be_opened_is_noted_and_stops_nothing(
    ticket: Ticket, other: Ticket, bob: Membership, mailbox: Mailbox, job: DeletionJob
) -> None:
    hold(mailbox, bob)
    with organization_scope(mailbox.organization_id):
        message = Message.objects.get(ticket=other)
        Message._base_manager.filter(pk=message.pk).update(
            new_text=Message._base_manager.filter(pk=message.pk).values("headers")
        )
    put_aside(job)

    with organization_scope(mailbox.organization_id):
        items = {item.row_id: item for item in HeldItem.objects.filter(place="tickets.Message")}
        assert not items[message.pk].is_readable
        assert sum(item.is_readable for item in items.values()) == 1
        assert is_secured(job)


def test_tokens_of_a_mailbox_are_no_evidence(mailbox: Mailbox, bob: Membership, job: DeletionJob) -> None:
    with organization_scope(mailbox.organization_id):
        mailbox.credentials, mailbox.cursor = {"token": "secret"}, "bookmark"
        mailbox.save()
    hold(mailbox, bob)
    put_aside(job)

    with organization_scope(mailbox.organization_id):
        content = HeldItem.objects.get(place="mailbox.Mailbox").content
        assert content["address"] == "help@acme.example"
        assert not {"credentials", "cursor"} & set(content)


def test_jobs_that_destroy_no_key_have_nothing_to_put_aside(ticket: Ticket, contact: Contact, bob: Membership) -> None:
    hold(ticket, bob)

    assert put_aside(job_for(contact)) == 0
    with organization_scope(ticket.organization_id):
        assert is_held(ticket)


# --- Placing, reviewing, releasing ------------------------------------------------------------------------------------
def test_the_history_says_who_and_when(ticket: Ticket, bob: Membership, owner: Membership) -> None:
    placed = hold(ticket, bob)
    with organization_scope(ticket.organization_id):
        review_hold(placed, review_on=timezone.localdate() + timedelta(days=100), reviewer=owner, by=owner)
        release_hold(placed, reason="Settled", by=bob)
        release_hold(placed, reason="Settled twice", by=owner)

        told = [(one.verb, one.by_id) for one in placed.events.order_by("at")]
        assert told == [("placed", bob.user_id), ("reviewed", owner.user_id), ("released", bob.user_id)]
        placed.refresh_from_db()
        assert placed.release_reason == "Settled"
        assert placed.reviewer_id == owner.user_id
        assert not is_held(ticket)
        assert holds_on(ticket) == []


def test_a_review_is_due_within_180_days(ticket: Ticket, bob: Membership) -> None:
    with pytest.raises(ActionRefused, match="within 180 days"):
        hold(ticket, bob, review_on=timezone.localdate() + timedelta(days=182))
    with pytest.raises(ActionRefused, match="a day to come"):
        hold(ticket, bob, review_on=timezone.localdate())
    placed = hold(ticket, bob, review_on=timezone.localdate() + timedelta(days=179))
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.filter(pk=placed.pk).update(review_at=timezone.now() + timedelta(days=181))

    assert not LegalHold.objects.due_for_review(timezone.now()).exists()
    assert LegalHold.objects.due_for_review(timezone.now() + timedelta(days=180)).count() == 1


def test_only_admins_and_only_with_a_reason(ticket: Ticket, alice: Membership, bob: Membership) -> None:
    with pytest.raises(ActionRefused, match="may not place"):
        hold(ticket, alice)
    with pytest.raises(ActionRefused, match="Say why"):
        hold(ticket, bob, reason="  ")
    placed = hold(ticket, bob)
    with organization_scope(ticket.organization_id), pytest.raises(ActionRefused, match="Say why"):
        release_hold(placed, reason="", by=bob)


def test_operator_and_organization_leave_each_others_holds_alone(
    ticket: Ticket, bob: Membership, dora: Officer
) -> None:
    theirs = hold(ticket, dora, basis="order")
    ours = hold(ticket, bob)
    with organization_scope(ticket.organization_id):
        with pytest.raises(ActionRefused, match="not yours"):
            release_hold(theirs, reason="Away with it", by=bob)
        with pytest.raises(ActionRefused, match="not yours"):
            release_hold(ours, reason="Away with it", by=dora)
        release_hold(theirs, reason="Order withdrawn", by=dora)


def test_staff_without_the_role_is_no_officer_superuser_or_not(staff: User) -> None:
    assert staff.is_superuser
    with pytest.raises(ActionRefused, match="do not have the role"):
        officer(staff)


def test_the_operator_releases_what_a_closed_organization_left(
    ticket: Ticket, bob: Membership, dora: Officer, acme: Organization
) -> None:
    placed = hold(ticket, bob)
    Organization.objects.filter(pk=acme.pk).update(closed_at=timezone.now())
    with organization_scope(acme):
        release_hold(placed, reason="Nobody is left", by=dora)

    assert HoldEvent.objects.get(verb="released").is_operators


def test_keys_of_holds_belong_to_no_organization(ticket: Ticket, bob: Membership, job: DeletionJob) -> None:
    """What ends an organization ends every key of it; those of holds have to outlive it."""
    placed = hold(ticket, bob)
    put_aside(job)
    keys_of_holds = VaultKey.objects.filter(kind="hold", scope__in=[placed.pk, placed.items_key_id])

    assert [(key.organization, key.wrapped_by.partition(":")[0]) for key in keys_of_holds] == [(None, "root")] * 2
