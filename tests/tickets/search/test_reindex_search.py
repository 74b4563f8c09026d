"""reindex_search: writes what lacks, says how far it is, and may run again, be killed and meet new mail."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Organization
from accounts.sealing.keys import Kind, destroy_key
from mailbox.models import Mailbox
from tests import factories
from tests.tickets.search.conftest import Filer, file, numbers
from tickets.models import SearchDocument, Ticket
from tickets.search import reindexing

pytestmark = pytest.mark.django_db


def run(*options: str) -> str:
    out = StringIO()
    call_command("reindex_search", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def lost(filed: Filer) -> Ticket:
    """A ticket whose rows are gone."""
    ticket = filed("A ratchet\n\nOn Monday you wrote:\n> about the pump", subject="Wheel", files=("plan.pdf",))
    SearchDocument.objects.all().delete()
    return ticket


def test_what_lacks_is_written(alice: Membership, lost: Ticket) -> None:
    assert numbers(alice, "ratchet") == []

    assert "2 of 2 looked at, 2 written" in run()
    for asked in ("ratchet", "whe", "plan.pdf", "pump", "from:carol", f"#{lost.number}"):
        assert numbers(alice, asked) == [lost.number]


def test_it_writes_the_same_as_filing_did(alice: Membership, filed: Filer) -> None:
    first = filed("A ratchet\n\nOn Monday you wrote:\n> about the pump", subject="Wheel", files=("plan.pdf",))
    filed("It still hums", subject="Re: Wheel", answers=first)
    before = dict(SearchDocument.objects.values_list("pk", "codes"))
    run("--all")

    assert dict(SearchDocument.objects.values_list("pk", "codes")) == before


def test_running_again_writes_nothing(lost: Ticket) -> None:
    run()

    assert "2 of 2 looked at, 0 written" in run()


def test_a_run_that_was_killed_goes_on_where_it_was(
    alice: Membership, filed: Filer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        filed("A ratchet", subject=f"Number {n}", sender=f"c{n}@customer.example")
    SearchDocument.objects.all().delete()
    monkeypatch.setattr(reindexing, "BATCH", 2)
    killed = reindexing.reindex(alice.organization_id)
    assert next(killed).written == 2
    killed.close()

    assert SearchDocument.objects.count() == 2
    assert "10 of 10 looked at, 8 written" in run()
    assert len(numbers(alice, "ratchet")) == 5


def test_rows_of_older_rules_are_written_anew(lost: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    monkeypatch.setattr("tickets.search.keeping.VERSION", 2)
    monkeypatch.setattr("tickets.search.reindexing.VERSION", 2)

    assert "2 written" in run()
    assert set(SearchDocument.objects.values_list("rules", flat=True)) == {2}


def test_mail_that_comes_meanwhile_is_kept_as_it_is(
    alice: Membership, filed: Filer, lost: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "BATCH", 1)
    running = reindexing.reindex(alice.organization_id)
    next(running)
    new = filed("A ratchet again", subject="Another", sender="new@customer.example")
    assert list(running)[-1].unreadable == 0

    assert numbers(alice, "ratchet") == [new.number, lost.number]


def test_one_organization_alone(acme: Organization, globex: Organization, lost: Ticket) -> None:
    theirs = factories.make_mailbox(globex)
    file(theirs, "A ratchet")
    SearchDocument.objects.all().delete()
    run("--organization", globex.slug)

    assert set(SearchDocument.objects.values_list("organization_id", flat=True)) == {globex.pk}
    with pytest.raises(CommandError, match="no such organization"):
        run("--organization", "nowhere")


def test_what_cannot_be_opened_is_counted_and_holds_nothing_up(
    alice: Membership, mailbox: Mailbox, lost: Ticket
) -> None:
    other = factories.make_mailbox(alice.organization, address="other@acme.example")
    ticket = file(other, "A ratchet", sender="two@customer.example")
    SearchDocument.objects.all().delete()
    destroy_key(Kind.MAILBOX, mailbox.pk)

    assert "4 of 4 looked at, 2 written, 2 could not be opened" in run()
    assert numbers(alice, "ratchet") == [ticket.number]
