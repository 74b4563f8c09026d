"""A person who was erased is nowhere: not in what is sealed and opened again, nor in dumps, Redis, files and the log.

What stays is the case, by which the organization proves what it did; its key dies three years later.
"""

from pathlib import Path

import pytest

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from mailbox.providers.base import FetchedEmail
from privacy.models import DataSubjectRequest, DeletionJob
from tests.factories import make_mailbox
from tests.guards import places
from tests.guards.leaks import Scanner
from tests.guards.planting import Plants
from tests.mails import write_mail
from tests.privacy import whole
from tests.privacy.correspondence import looked_through, proven
from tests.privacy.test_requests_erasure import erased
from tests.privacy.test_suppression import Provider, fetched, sync_from
from tickets.actions.contacts.note import add_contact_note
from tickets.actions.draft import save_draft
from tickets.actions.note import add_note
from tickets.actions.receive import receive_emails
from tickets.actions.reply import send_reply
from tickets.models import Contact, Message
from tickets.together import presence

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("_real_cache"),
]
CASE = "privacy.DataSubjectRequest", "privacy.RequestEvent", "privacy.RequestLetter", "privacy.RequestFinding"
DAVE = "dave@other.example"


@pytest.fixture
def plants() -> Plants:
    """The words by which the person is known; no other word of the world is in them."""
    return Plants()


def name(plants: Plants) -> str:
    return f"{plants['first name']} {plants['last name']}"


def mails(plants: Plants) -> list[FetchedEmail]:
    """Return what the provider has: two mails of the person, a large one with a file, and one of Dave beside."""
    address, full = plants.address("address"), f"{name(plants)} <{plants.address('address')}>"
    own = write_mail(
        sender=full, message_id="<own@customer.example>", cc=f"Dave <{DAVE}>", subject=f"The {plants['subject']} door",
        text=f"It is {plants['body']}, you see.\n\n{name(plants)}", html=f"<p>It is {plants['html']}, you see.</p>",
        files=[(f"{plants['file name']}.txt", "text/plain", plants["file"].encode())],
    )  # fmt: skip
    large = write_mail(sender=full, subject="More", text=plants["large"] + "\n" + "word " * 90_000)
    daves = write_mail(
        sender=f"Dave <{DAVE}>", to=f"help@acme.example, {full}", in_reply_to="<own@customer.example>",
        message_id="<daves@other.example>",
        text=f"I saw it.\n\nOn Monday {full} wrote:\n> It is {plants['body']}, you see.",
        html=f"<p>I saw it.</p><blockquote>It is {plants['html']}, you see.</blockquote><p title='{address}'>x</p>",
    )  # fmt: skip
    return [fetched(one, raw, days_ago=1) for one, raw in (("own", own), ("large", large), ("daves", daves))]


def file_all(organization: Organization) -> None:
    with organization_scope(organization):
        receive_emails(list(InboundEmail.objects.unfiled().order_by("received_at", "pk")))


def work_on_it(plants: Plants, alice: Membership, bob: Membership) -> None:
    """Let colleagues do what leaves the person's words behind: an answer, notes, a draft, a look."""
    with organization_scope(alice.organization):
        message = Message.objects.get(message_id_digest__isnull=False, inbound__provider_id="own")
        ticket, contact = message.ticket, Contact.objects.get(pk=message.sender_id)
        address = plants.address("address")
        send_reply(ticket, text=f"Dear {name(plants)}, we come.", to=[(name(plants), address)], by=alice)
        OutboundEmail.objects.update(state=OutboundEmail.State.SENT)
        add_note(ticket, text=f"{name(plants)} is in a hurry.", by=alice)
        add_contact_note(contact, text=f"Likes {plants['contact note']}", by=bob)
        save_draft(ticket, {"text": f"Good morning {name(plants)},", "to": address}, by=bob)
        presence.look_in(ticket, bob, "page")


def leaks(plants: Plants, log: str, outside: Path) -> set[str]:
    """Return where words of the person are, the case left out."""
    scanner = Scanner(dict(plants))
    whole.scan_opened(scanner)
    places.scan_everything(scanner, log, since=plants.since)
    places.scan_files(scanner, outside)
    return {f"{one.word} in {one.where}" for one in scanner.leaks if not one.where.startswith(CASE)}


@pytest.mark.promise("6-erase")
def test_an_erased_person_is_nowhere_and_stays_away_when_the_provider_offers_the_mail_again(
    acme: Organization,
    alice: Membership,
    bob: Membership,
    owner: Membership,
    mailbox: Mailbox,
    plants: Plants,
    outside: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mailbox.actions.queue_email.deliver.apply_async", lambda *_, **__: None)
    provider = Provider(*mails(plants))
    with places.logged() as log:
        sync_from(provider, mailbox, monkeypatch)
        file_all(acme)
        work_on_it(plants, alice, bob)
        planted = leaks(plants, log.getvalue(), outside)
        assert {one.split(" in ")[0] for one in planted} == set(plants)  # the search finds each of them before

        with organization_scope(acme):
            case = looked_through(proven(acme, "erasure", plants.address("address")), decide="redact")
            job = erased(case, owner)
        assert (job.state, job.waits_for) == (DeletionJob.State.VERIFIED, "")
        assert leaks(plants, log.getvalue(), outside) == set()
        with organization_scope(acme):
            assert DataSubjectRequest.objects.get(pk=case.pk).is_closed
            assert "I saw it." in Message.objects.get(inbound__provider_id="daves").new_text

        sync_from(provider, mailbox, monkeypatch)
        with organization_scope(acme):
            Mailbox.objects.filter(pk=mailbox.pk).update(state=Mailbox.State.DISCONNECTED)
            again = make_mailbox(acme, address=mailbox.address)  # the same account, connected anew
        came = sync_from(provider, again, monkeypatch)
        file_all(acme)
        assert came == ["daves"]
        assert leaks(plants, log.getvalue(), outside) == set()
        new = fetched("new", write_mail(sender=plants.address("address"), subject="New"), days_ago=-0.01)
        assert sync_from(Provider(*mails(plants), new), again, monkeypatch) == ["daves", "new"]
