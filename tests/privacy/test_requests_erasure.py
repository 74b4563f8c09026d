"""A person goes: own mails deleted, blacked out elsewhere, not taken in again; nothing half done is called done."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.suppression import Mark, suppressed_among
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from privacy.actions.requests.erase_person import approve_plan, erase_some
from privacy.actions.requests.find_person import decide_finding
from privacy.actions.requests.open_request import open_request
from privacy.actions.requests.rights import restrict_person
from privacy.deletion.due import due_jobs, late_jobs
from privacy.ledger import entries_after
from privacy.models import DataSubjectRequest, DeletionJob, RequestFinding, RequestLetter
from privacy.rights.history import Actor
from privacy.rights.traces import MARK, Traces
from tests import factories
from tests.mails import arrive
from tests.privacy.correspondence import (
    CAROL,
    DAVE,
    FULL,
    SECRET,
    Correspondence,
    correspond,
    everything_in_clear,
    looked_through,
    proven,
)
from tickets.models import Attachment, Contact, ContactAddress, Message, Note, Ticket

Decision, Role = RequestFinding.Decision, RequestFinding.Role


@pytest.fixture
def left(mailbox: Mailbox, alice: Membership, owner: Membership, scope: Any, monkeypatch: Any) -> Correspondence:
    """What Carol left at Acme; Alice's answer has left the outbox."""
    monkeypatch.setattr("mailbox.actions.queue_email.deliver.apply_async", lambda *_, **__: None)
    made = correspond(mailbox, alice, owner)
    OutboundEmail.objects.update(state=OutboundEmail.State.SENT)
    return made


def erased(case: DataSubjectRequest, owner: Membership) -> DeletionJob:
    """Approve and carry out."""
    job = approve_plan(case, by=Actor(owner))
    while erase_some(case.pk):
        pass
    case.refresh_from_db()
    job.refresh_from_db()
    return job


@pytest.mark.promise("6-erase")
def test_nothing_of_the_person_is_left_and_others_words_are(
    acme: Organization, left: Correspondence, owner: Membership
) -> None:
    case = looked_through(proven(acme, "erasure"), decide="redact")
    job = erased(case, owner)
    said = everything_in_clear(acme.pk)

    assert job.state == DeletionJob.State.VERIFIED, job.waits_for
    for trace in (CAROL, "Carol", SECRET, "flower pot", "When are you open", "Likes doors", "carol-door"):
        assert trace.casefold() not in said.casefold(), trace
    for kept in ("we come on Monday", "I saw the door as well", DAVE, "told me about you", "in a hurry"):
        assert kept in said, kept
    assert MARK in said
    assert not Message.objects.filter(pk=left.first.pk).exists()
    assert not Ticket.objects.filter(pk=left.alone.pk).exists()
    assert not Contact.objects.filter(pk=left.contact.pk).exists()
    assert not ContactAddress.objects.filter(contact=left.contact.pk).exists()
    assert not Attachment.objects.filter(message=left.first.pk).exists()
    assert Ticket.objects.get(pk=left.shared.pk).contact.name == "Erased person"
    assert Ticket.objects.get(pk=left.shared.pk).message_count == 2


@pytest.mark.promise("6-erase")
def test_who_is_restricted_can_be_erased_with_what_came_since(
    acme: Organization, left: Correspondence, mailbox: Mailbox, owner: Membership
) -> None:
    restrict_person(proven(acme, "restriction"), by=Actor(owner))
    arrive(mailbox, sender=FULL, subject="Since then", text="A word from the locked days.")

    job = erased(looked_through(proven(acme, "erasure"), decide="redact"), owner)

    assert job.state == DeletionJob.State.VERIFIED, job.waits_for
    said = everything_in_clear(acme.pk)
    for trace in (CAROL, "Carol", SECRET, "locked days"):
        assert trace.casefold() not in said.casefold(), trace


@pytest.mark.promise("6-erase")
def test_originals_of_others_mails_are_redacted_marked_and_sealed_anew(
    acme: Organization, left: Correspondence, owner: Membership
) -> None:
    erased(looked_through(proven(acme, "erasure"), decide="redact"), owner)
    email = InboundEmail.objects.get(message=left.daves.pk)

    raw = email.raw().decode()
    assert "X-Deskhero-Redacted" in raw
    assert DAVE in raw
    assert CAROL not in raw
    assert not InboundEmail.objects.filter(pk=left.first.inbound_id).exists()


@pytest.mark.promise("6-erase")
def test_the_provider_offers_the_old_mail_in_vain_and_new_mail_comes_in(
    acme: Organization, mailbox: Mailbox, left: Correspondence, owner: Membership
) -> None:
    old_email = InboundEmail.objects.get(pk=left.first.inbound_id)
    old = Mark(old_email.provider_id, old_email.received_at, "<first@customer.example>", [CAROL])
    again = Mark("other-id", old_email.received_at, "<first@customer.example>", [CAROL])
    erased(looked_through(proven(acme, "erasure"), decide="redact"), owner)
    new = Mark("new-id", timezone.now() + timedelta(hours=1), "<new@customer.example>", [CAROL])
    digest = bytes(mailbox.address_digest)

    assert suppressed_among(acme.pk, digest, [old, again, new]) == {old.provider_id, "other-id"}


def test_the_ledger_knows_before_anything_goes(acme: Organization, left: Correspondence, owner: Membership) -> None:
    job = erased(looked_through(proven(acme, "erasure"), decide="redact"), owner)
    entries = [entry for entry in entries_after(0) if entry.job == str(job.pk)]

    assert {entry.kind for entry in entries} >= {"suppression", "contact", "message", "field"}
    assert CAROL not in str(entries)


@pytest.mark.promise("6-erase")
def test_the_letter_says_what_is_gone_and_until_when_backups_hold_it(
    acme: Organization, left: Correspondence, owner: Membership
) -> None:
    case = looked_through(proven(acme, "erasure"), decide="redact")
    erased(case, owner)
    letter = RequestLetter.objects.get(kind="erasure")

    assert case.outcome == "done"
    assert letter.address == CAROL
    assert "encrypted backups" in letter.text


def test_a_place_that_is_kept_is_told_with_its_reason(
    acme: Organization, left: Correspondence, owner: Membership
) -> None:
    case = looked_through(proven(acme, "erasure"), decide="redact")
    for finding in case.requestfindings.filter(row_id=left.erins.pk):
        decide_finding(finding, decision="keep", reason="Bookkeeping law wants it until 2033.", by=Actor(owner))
    erased(case, owner)

    assert case.outcome == "partly"
    assert "Bookkeeping law wants it until 2033." in RequestLetter.objects.get(kind="erasure").text


def test_nothing_begins_before_all_is_decided(acme: Organization, left: Correspondence, owner: Membership) -> None:
    with pytest.raises(ActionRefused):
        approve_plan(open_request(acme, right="erasure", source="hand", address=CAROL), by=Actor(owner))
    case = proven(acme, "erasure")
    with pytest.raises(ActionRefused):
        approve_plan(case, by=Actor(owner))


def test_a_request_that_contradicts_is_answered_first(
    acme: Organization, left: Correspondence, owner: Membership
) -> None:
    copy = proven(acme, "access")
    case = looked_through(proven(acme, "erasure"), decide="redact")

    with pytest.raises(ActionRefused, match=copy.case_number):
        approve_plan(case, by=Actor(owner))


def test_only_the_plan_carries_it_out_and_somebody_is_told_where_it_stands_still(
    acme: Organization, left: Correspondence, owner: Membership
) -> None:
    job = approve_plan(looked_through(proven(acme, "erasure"), decide="redact"), by=Actor(owner))

    assert job.state == DeletionJob.State.PLANNED
    assert not job.can_be_undone
    assert not due_jobs(timezone.now() + timedelta(days=400)).filter(pk=job.pk).exists()
    assert job.pk not in {one.pk for one in late_jobs(timezone.now())}
    assert job.pk in {one.pk for one in late_jobs(job.due_at)}


def test_a_worker_may_die_after_every_batch(acme: Organization, left: Correspondence, owner: Membership) -> None:
    from django.db import transaction

    case = looked_through(proven(acme, "erasure"), decide="redact")
    approve_plan(case, by=Actor(owner))
    more, steps = True, 0
    while more:
        try:  # what it did is lost, and done again
            with transaction.atomic():
                erase_some(case.pk)
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
        more = erase_some(case.pk)
        steps += 1
        case.refresh_from_db()
        assert case.is_closed is not more

    assert steps > 7
    assert CAROL not in everything_in_clear(acme.pk)


def test_what_turns_up_afterwards_is_not_called_done(
    acme: Organization, left: Correspondence, owner: Membership, monkeypatch: Any
) -> None:
    case = looked_through(proven(acme, "erasure"), decide="redact")
    monkeypatch.setattr("privacy.rights.erasing.phases.Erasure.contact", lambda _self: False)
    job = erased(case, owner)

    assert job.state == DeletionJob.State.PLANNED
    assert job.waits_for
    assert not case.is_closed


@pytest.mark.promise("4.2")
def test_what_carol_has_at_the_other_company_stays(
    acme: Organization, globex: Organization, mailbox: Mailbox, alice: Membership, owner: Membership, monkeypatch: Any
) -> None:
    monkeypatch.setattr("mailbox.actions.queue_email.deliver.apply_async", lambda *_, **__: None)
    theirs = factories.make_contact(globex, name="Carol Customer", address=CAROL)
    ticket = factories.make_ticket(globex, contact=theirs, subject="From Carol")
    factories.make_message(ticket, text=SECRET)
    with organization_scope(acme):
        correspond(mailbox, alice, owner)
        OutboundEmail.objects.update(state=OutboundEmail.State.SENT)
        erased(looked_through(proven(acme, "erasure"), decide="redact"), owner)
    with organization_scope(globex):
        assert Contact.objects.get(pk=theirs.pk).name == "Carol Customer"
        assert Message.objects.get(ticket=ticket.pk).new_text == SECRET
    with organization_scope(acme):
        assert "Globex" not in RequestLetter.objects.get(kind="erasure").text


def test_an_answer_that_has_not_left_does_not_leave(
    acme: Organization, left: Correspondence, owner: Membership
) -> None:
    OutboundEmail.objects.update(state=OutboundEmail.State.QUEUED)
    erased(looked_through(proven(acme, "erasure"), decide="redact"), owner)

    assert not OutboundEmail.objects.filter(pk=left.answer.outbound_id).exists()


def test_notes_keep_what_is_not_about_the_person(acme: Organization, left: Correspondence, owner: Membership) -> None:
    erased(looked_through(proven(acme, "erasure"), decide="redact"), owner)

    assert Note.objects.get(pk=left.note.pk).text == f"{MARK} is in a hurry. Ask Dave Other, dave@other.example."


# --- words -----------------------------------------------------------------------------------------------------------
TRACES = Traces((CAROL,), ("Carol Customer",))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to carol@customer.example.", f"Write to {MARK}."),
        ("Write to CAROL@Customer.Example", f"Write to {MARK}"),
        ("mailto:carol+door@customer.example", f"mailto:{MARK}"),
        ("notcarol@customer.example", "notcarol@customer.example"),
        ("carol@customer.example.org", f"{MARK}.org"),
        ("Carol  Customer and Customer, Carol", f"{MARK} and {MARK}"),
        ("Caroline Customers", "Caroline Customers"),
        ("Carol is here", "Carol is here"),
    ],
)
def test_whole_traces_are_blacked_out_and_nothing_else(text: str, left: str) -> None:
    assert TRACES.black_out(text) == left


def test_parts_of_a_name_are_blacked_out_where_somebody_decided_so() -> None:
    assert TRACES.black_out("Dear Carol, see Caroline", parts=True) == f"Dear {MARK}, see Caroline"
    assert "Dear Carol" in TRACES.perhaps_in("Dear Carol, how are you?")
    assert TRACES.perhaps_in("Carol Customer only") == ""


def test_repeated_lines_become_one_mark() -> None:
    traces = TRACES.with_lines(["It stands open all night long.\nAnd it is cold in here."])
    text = "Yes.\n> It stands open all night long.\n> And it is cold, in here!\nBye"

    assert traces.black_out(text) == f"Yes.\n> {MARK}\nBye"
    assert traces.is_quoted_in(text)
    assert not traces.is_quoted_in("It is warm outside, says the weather.")


@pytest.mark.promise("4.4.5-e")
def test_what_is_under_a_hold_is_restricted_and_the_person_is_told(
    acme: Organization, left: Correspondence, owner: Membership, monkeypatch: Any
) -> None:
    def held(_label: str, ids: Any) -> set[Any]:
        return {pk for pk in ids if pk == left.first.pk}

    monkeypatch.setattr("privacy.rights.plan.held_among", held)
    monkeypatch.setattr("privacy.rights.erasing.phases.held_among", held)
    case = looked_through(proven(acme, "erasure"), decide="redact")
    erased(case, owner)

    contact = Contact.objects.get(pk=left.contact.pk)
    assert Message.objects.get(pk=left.first.pk).is_locked
    assert contact.restricted_at is not None
    assert case.outcome == "partly"
    assert "legal hold" in RequestLetter.objects.get(kind="erasure").text
    assert not Ticket.objects.filter(pk=left.alone.pk).exists()


def test_mail_that_comes_while_it_runs_is_erased_as_well(
    acme: Organization, mailbox: Mailbox, left: Correspondence, owner: Membership
) -> None:
    from tests.mails import arrive
    from tests.privacy.correspondence import FULL

    case = looked_through(proven(acme, "erasure"), decide="redact")
    approve_plan(case, by=Actor(owner))
    erase_some(case.pk)
    arrive(mailbox, sender=FULL, subject="One more", text="One more word of mine, before I go away.")
    while erase_some(case.pk):
        pass

    case.refresh_from_db()
    assert case.is_closed
    assert "before I go away" not in everything_in_clear(acme.pk)
