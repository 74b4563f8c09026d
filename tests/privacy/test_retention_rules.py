"""Retention rules: what is due goes, what is not stays, and nothing stops a run."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from privacy.actions import run_rules as running
from privacy.actions.place_hold import release_hold
from privacy.actions.run_rules import run_rules
from privacy.actions.set_rule import NeedsAgreement, rule_of, set_rule
from privacy.models import RetentionChange, RetentionRule, RetentionRun
from privacy.models.retention import back
from privacy.retention.due import preview
from tests import factories
from tests.mails import write_mail
from tests.privacy.holding import hold
from tickets.actions.attach import NewFile, attach_files
from tickets.actions.note import add_note
from tickets.models import Attachment, Contact, ContactAddress, Event, Message, Note, SearchDocument, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger")]
Kind, Does = RetentionRule.Kind, RetentionRule.Does
HERE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2027, 3, 31, 12, tzinfo=HERE)


@pytest.fixture
def old(acme: Organization, mailbox: Mailbox, contact: Contact, alice: Membership) -> Ticket:
    """A ticket that was closed two years ago: a mail with a large original and a file, an answer, and a note."""
    at = NOW - timedelta(days=730)
    made = factories.make_ticket(
        acme,
        mailbox=mailbox,
        contact=contact,
        subject="Long settled",
        state="closed",
        closed_at=at,
        last_activity_at=at,
        has_attachments=True,
    )
    with organization_scope(acme):
        inbound = factories.make_inbound_email(mailbox, write_mail(text="As it came") + b"x" * 400_000)
        message = factories.make_message(made, text="Long ago", at=at, inbound=inbound, attachment_count=1)
        attach_files(message, [NewFile("bill.pdf", "application/pdf", b"%PDF a bill")])
        answer = OutboundEmail(organization=acme, mailbox=mailbox, conversation=made.pk, state="sent")
        answer.keep_raw(b"Subject: settled")
        answer.save()
        factories.make_message(made, text="Settled", by=alice, at=at, outbound=answer)
        add_note(made, text="Remember this one", by=alice)
    return made


def in_force(
    organization: Organization, kind: str, amount: int = 12, unit: str = "months", does: str = "delete"
) -> Any:
    """Return a confirmed rule."""
    with organization_scope(organization):
        return RetentionRule.objects.create(
            organization=organization,
            kind=kind,
            amount=amount,
            unit=unit,
            does=does,
            is_enabled=True,
            confirmed_at=timezone.now(),
        )


def files_in(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "files").rglob("*"))


# --- Closed tickets ---------------------------------------------------------------------------------------------------
def test_what_the_preview_says_is_what_goes(
    old: Ticket, ticket: Ticket, acme: Organization, outside: Path, ledger: list[Any]
) -> None:
    rule = in_force(acme, Kind.CLOSED)
    assert files_in(outside) == 2
    with organization_scope(acme):
        seen = preview(rule, NOW)
        assert (seen.due, seen.held, seen.samples) == (1, 0, (old,))
        documents = SearchDocument.objects.using("default")
    assert documents.filter(ticket_id=old.pk).count() == 4
    [looked] = run_rules(NOW, dry_run=True)
    assert (looked.found, looked.done) == (1, 0)

    [report] = run_rules(NOW)
    assert (report.found, report.done, report.held, report.failed) == (1, 1, 0, 0)
    assert report.counts["tickets.Message"] == 2
    assert report.counts["files"] == 2
    with organization_scope(acme):
        assert list(Ticket.objects.all()) == [ticket]
        assert Message.objects.count() == 1
        for model in (Note, InboundEmail, OutboundEmail, Attachment):
            assert not model.objects.exists()
    assert not documents.filter(ticket_id=old.pk).exists()
    assert files_in(outside) == 0
    assert ("rule", [old.pk]) in ledger
    with organization_scope(acme):
        run = RetentionRun.objects.get()
        assert run.is_finished
        assert run.due_before == rule.before(NOW)
    [again] = run_rules(NOW)
    assert (again.found, again.done) == (0, 0)


def test_a_run_that_was_missed_for_years_finds_all_of_it(old: Ticket, acme: Organization) -> None:
    in_force(acme, Kind.CLOSED)

    assert run_rules(NOW + timedelta(days=4000))[0].done == 1


def test_an_open_ticket_a_young_one_and_one_that_was_opened_again_stay(
    old: Ticket, ticket: Ticket, acme: Organization, bob: Membership
) -> None:
    from tickets.actions.close import close_ticket, reopen_ticket

    in_force(acme, Kind.CLOSED)
    with organization_scope(acme):
        reopen_ticket(old, by=bob)
        close_ticket(ticket, by=bob)

    assert run_rules(timezone.now())[0].found == 0


def test_what_was_merged_into_it_goes_with_it(old: Ticket, ticket: Ticket, acme: Organization, bob: Membership) -> None:
    from tickets.actions.merge import merge_tickets

    in_force(acme, Kind.CLOSED)
    with organization_scope(acme):
        merge_tickets(ticket, into=old, by=bob)
        Ticket.objects.filter(pk=old.pk).update(state="closed", closed_at=NOW - timedelta(days=730))
    run_rules(NOW)

    with organization_scope(acme):
        assert not Ticket.objects.exists()
        assert not Message.objects.exists()


def test_anonymous_keeps_numbers_and_times_and_no_word_and_no_person(
    old: Ticket, contact: Contact, acme: Organization, outside: Path, ledger: list[Any]
) -> None:
    in_force(acme, Kind.CLOSED, does=Does.ANONYMISE)
    with organization_scope(acme):
        events = set(old.events.values_list("pk", flat=True))
    run_rules(NOW)

    with organization_scope(acme):
        left = Ticket.objects.get(pk=old.pk)
        assert (left.number, left.closed_at, left.message_count) == (old.number, old.closed_at, 2)
        assert (left.subject, left.snippet, left.has_attachments) == ("", "", False)
        assert left.anonymised_at
        assert left.contact != contact
        assert left.contact.is_nobody
        assert not left.contact.addresses.exists()
        assert not Message.objects.exists()
        assert not Note.objects.exists()
        assert events <= set(left.events.values_list("pk", flat=True))
        assert left.events.filter(verb=Event.Verb.ANONYMISED).count() == 1
    assert files_in(outside) == 0
    assert ("field", [old.pk]) in ledger
    assert run_rules(NOW)[0].found == 0


def test_an_anonymous_ticket_has_a_page_and_stands_in_the_list(old: Ticket, acme: Organization, as_bob: Any) -> None:
    in_force(acme, Kind.CLOSED, does=Does.ANONYMISE)
    run_rules(NOW)
    text = as_bob.get(f"/acme/tickets/{old.number}/").content.decode()

    assert "A retention rule made this ticket anonymous" in text
    assert "Carol" not in text
    listed = as_bob.get("/acme/?view=closed").content.decode()
    assert f"/acme/tickets/{old.number}/" in listed
    assert "Carol" not in listed


def test_anonymous_tickets_share_one_nobody_whom_no_list_shows(
    old: Ticket, ticket: Ticket, acme: Organization, bob: Membership
) -> None:
    from tickets.contacts.access import contacts_for

    in_force(acme, Kind.CLOSED, does=Does.ANONYMISE)
    with organization_scope(acme):
        Ticket.objects.filter(pk=ticket.pk).update(state="closed", closed_at=NOW - timedelta(days=400))
    run_rules(NOW)

    with organization_scope(acme):
        assert Ticket.objects.values("contact").distinct().count() == 1
        assert not contacts_for(bob).filter(is_nobody=True).exists()


# --- Spam, files, contacts --------------------------------------------------------------------------------------------
def test_spam_goes_after_its_days(old: Ticket, ticket: Ticket, acme: Organization) -> None:
    in_force(acme, Kind.SPAM, 30, "days")
    with organization_scope(acme):
        Ticket.objects.filter(pk=ticket.pk).update(state="spam", last_activity_at=NOW - timedelta(days=31))
        Ticket.objects.filter(pk=old.pk).update(state="spam", last_activity_at=NOW - timedelta(days=29))
    run_rules(NOW)

    with organization_scope(acme):
        assert list(Ticket.objects.all()) == [old]


def test_files_go_with_their_originals_and_leave_a_mark(
    old: Ticket, acme: Organization, as_bob: Any, outside: Path, ledger: list[Any]
) -> None:
    in_force(acme, Kind.FILES, 6)
    page = f"/acme/tickets/{old.number}/"
    assert "bill.pdf" in as_bob.get(page).content.decode()
    report = run_rules(NOW)[0]
    assert report.counts == {"tickets.Attachment": 1, "originals": 1, "files": 2}
    assert files_in(outside) == 0

    shown = as_bob.get(page).content.decode()
    assert "bill.pdf" not in shown
    assert "Removed by retention on" in shown
    assert "A retention rule removed attachments" in shown
    assert "Long ago" in shown
    with organization_scope(acme):
        attachment = Attachment.objects.get()
        assert attachment.details == {}
        assert not Ticket.objects.get(pk=old.pk).has_attachments
        assert InboundEmail.objects.get().raw_inline is None
        assert OutboundEmail.objects.get().raw_inline is not None  # it has no file in it
    assert as_bob.get(f"{page}files/{attachment.pk}/").status_code == 404
    assert as_bob.get(f"{page}print/").status_code == 200
    assert [kind for kind, _ids in ledger] == ["file", "field", "file", "field"]
    assert run_rules(NOW)[0].found == 0


def test_the_names_of_removed_files_find_nothing(old: Ticket, acme: Organization, as_bob: Any) -> None:
    def found() -> str:
        return str(as_bob.post("/acme/search/", {"q": "bill.pdf"}, follow=True).content.decode())

    before = found()
    in_force(acme, Kind.FILES, 6)
    run_rules(NOW)

    assert "Long settled" in before
    assert "Long settled" not in found()


def test_a_mail_that_could_not_be_read_keeps_its_only_file(old: Ticket, acme: Organization) -> None:
    in_force(acme, Kind.FILES, 6)
    with organization_scope(acme):
        InboundEmail.objects.update(state=InboundEmail.State.QUARANTINED)

    assert run_rules(NOW)[0].found == 0


def test_contacts_without_tickets_go_but_not_those_who_are_blocked(
    ticket: Ticket, contact: Contact, acme: Organization
) -> None:
    in_force(acme, Kind.CONTACTS)
    gone, blocked, blocked_address, young = [factories.make_contact(acme) for _ in range(4)]
    with organization_scope(acme):
        Contact.objects.exclude(pk=young.pk).update(created_at=NOW - timedelta(days=400))
        Contact.objects.filter(pk=young.pk).update(created_at=NOW - timedelta(days=100))
        Contact.objects.filter(pk=blocked.pk).update(blocked_at=NOW)
        ContactAddress.objects.filter(contact=blocked_address).update(blocked_at=NOW)
    run_rules(NOW)

    with organization_scope(acme):
        assert set(Contact.objects.all()) == {contact, blocked, blocked_address, young}
        assert not ContactAddress.objects.filter(contact=gone).exists()


def test_a_contact_whose_last_ticket_went_goes_in_the_same_run(old: Ticket, acme: Organization) -> None:
    in_force(acme, Kind.CLOSED)
    in_force(acme, Kind.CONTACTS)
    with organization_scope(acme):
        Contact.objects.update(created_at=NOW - timedelta(days=800))
    run_rules(NOW)

    with organization_scope(acme):
        assert not Contact.objects.exists()


# --- Holds, bad rows, kills -------------------------------------------------------------------------------------------
def test_what_is_held_stays_and_goes_after_the_release(old: Ticket, acme: Organization, bob: Membership) -> None:
    for kind in (Kind.CLOSED, Kind.FILES):
        in_force(acme, kind)
    placed = hold(old, bob)
    for report in run_rules(NOW):
        assert (report.found, report.held, report.done) == (1, 1, 0)
    with organization_scope(acme):
        release_hold(placed, reason="Settled", by=bob)

    assert [report.done for report in run_rules(NOW)] == [1, 1]


def test_one_bad_row_is_listed_and_stops_nothing(
    old: Ticket, ticket: Ticket, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    in_force(acme, Kind.CLOSED)
    with organization_scope(acme):
        Ticket.objects.filter(pk=ticket.pk).update(state="closed", closed_at=NOW - timedelta(days=400))
    with connection.cursor() as cursor:  # a table of somebody else, as the database sees it
        cursor.execute(
            "CREATE TABLE stranger (ticket uuid REFERENCES tickets_ticket (id) DEFERRABLE INITIALLY DEFERRED)"
        )
        cursor.execute("INSERT INTO stranger VALUES (%s)", [old.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    [report] = run_rules(NOW)

    assert (report.found, report.done, report.failed) == (2, 1, 1)
    with organization_scope(acme):
        assert list(Ticket.objects.all()) == [old]
        assert Message.objects.filter(ticket=old).count() == 2
        assert RetentionRun.objects.get().errors == [[str(old.pk), "IntegrityError"]]


def test_a_rule_that_breaks_stops_no_other_organization(
    old: Ticket, acme: Organization, globex: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(acme, Kind.CLOSED)
    in_force(globex, Kind.CLOSED)
    real = running.preview

    def broken(rule: RetentionRule, now: datetime) -> Any:
        if rule.organization_id == acme.pk:
            raise RuntimeError
        return real(rule, now)

    monkeypatch.setattr(running, "preview", broken)

    assert [report.organization_id for report in run_rules(NOW)] == [globex.pk]


def test_files_of_a_run_that_was_killed_go_with_the_next(
    old: Ticket, acme: Organization, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(acme, Kind.CLOSED)

    def killed(run: RetentionRun) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running, "_remove_files", killed)
        with pytest.raises(KeyboardInterrupt):
            run_rules(NOW)
    with organization_scope(acme):
        assert not Ticket.objects.exists()
    assert files_in(outside) == 2
    run_rules(NOW)

    assert files_in(outside) == 0
    with organization_scope(acme):
        assert all(run.is_finished for run in RetentionRun.objects.all())


def test_without_a_ledger_nothing_is_erased(old: Ticket, acme: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force(acme, Kind.CLOSED)

    def refused(*args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(running, "remember", refused)

    assert run_rules(NOW) == []
    with organization_scope(acme):
        assert Ticket.objects.filter(pk=old.pk).exists()


def test_what_nobody_confirmed_or_was_switched_off_does_nothing(old: Ticket, acme: Organization) -> None:
    rule = in_force(acme, Kind.CLOSED)
    for change in ({"confirmed_at": None}, {"confirmed_at": NOW, "is_enabled": False}):
        with organization_scope(acme):
            RetentionRule.objects.filter(pk=rule.pk).update(**change)
        assert run_rules(NOW) == []


# --- Setting rules ----------------------------------------------------------------------------------------------------
def change(acme: Organization, by: Membership, kind: str = Kind.CLOSED, **said: Any) -> RetentionRule:
    said = {"amount": 12, "unit": "months", "does": "delete", "is_enabled": True, "agreed": None, **said}
    with organization_scope(acme):
        return set_rule(rule_of(acme.pk, kind), by=by, **said)


def test_what_deletes_more_needs_agreement_to_the_number(old: Ticket, acme: Organization, bob: Membership) -> None:
    with organization_scope(acme):
        Ticket.objects.filter(pk=old.pk).update(closed_at=timezone.now() - timedelta(days=500))
    with pytest.raises(NeedsAgreement) as asked:
        change(acme, bob)
    assert asked.value.count == 1
    with pytest.raises(NeedsAgreement):
        change(acme, bob, agreed=7)
    assert change(acme, bob, agreed=1).confirmed_at

    assert change(acme, bob, amount=24).amount == 24  # longer: nothing to agree to
    with pytest.raises(NeedsAgreement):
        change(acme, bob, amount=6)
    change(acme, bob, amount=24, is_enabled=False)
    with pytest.raises(NeedsAgreement):
        change(acme, bob, amount=24)
    with organization_scope(acme):
        told = list(RetentionChange.objects.order_by("version").values_list("version", "by", "agreed_to"))
        assert told == [(1, bob.pk, 1), (2, bob.pk, None), (3, bob.pk, None)]
        newest = RetentionChange.objects.get(version=3)
        assert newest.before == {"amount": 24, "unit": "months", "does": "delete", "is_enabled": True}
        assert newest.after == {**newest.before, "is_enabled": False}


def test_deleting_instead_of_making_anonymous_is_stricter(acme: Organization, bob: Membership) -> None:
    change(acme, bob, does="anonymise", agreed=0)
    with pytest.raises(NeedsAgreement):
        change(acme, bob, does="delete")


def test_rules_are_for_admins_and_within_bounds(acme: Organization, alice: Membership, bob: Membership) -> None:
    with pytest.raises(ActionRefused, match="Only admins"):
        change(acme, alice)
    with pytest.raises(ActionRefused, match="between 1 and 120"):
        change(acme, bob, amount=121)
    with pytest.raises(ActionRefused, match="Only closed tickets"):
        change(acme, bob, kind=Kind.SPAM, does="anonymise")


@pytest.mark.parametrize(
    ("now", "amount", "unit", "expected"),
    [
        ((2027, 3, 31, 12), 1, "months", (2027, 2, 28, 12)),
        ((2028, 3, 31, 12), 1, "months", (2028, 2, 29, 12)),
        ((2027, 1, 15, 12), 12, "months", (2026, 1, 15, 12)),
        ((2027, 1, 15, 12), 1, "months", (2026, 12, 15, 12)),
        ((2027, 4, 15, 12), 1, "months", (2027, 3, 15, 12)),  # across the clock change: the same time of day
        ((2027, 3, 31, 12), 30, "days", (2027, 3, 1, 12)),
    ],
)
def test_months_are_those_of_the_calendar(now: Any, amount: int, unit: str, expected: Any) -> None:
    moment = back(datetime(*now, tzinfo=HERE), amount, unit)

    assert moment == datetime(*expected, tzinfo=HERE)
