"""What was erased here does not come in again, from the provider or from a file; what is new does."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import Membership, Organization, Suppression
from accounts.sealing.digests import address_digest, message_id_digest
from accounts.suppression import ADDRESS, MESSAGE_ID, PROVIDER_ID, erased_addresses, provider_digest, suppress
from accounts.tenancy import organization_scope
from mailbox.actions.sync_mailbox import sync_mailbox
from mailbox.models import InboundEmail, Mailbox
from mailbox.providers.base import FetchedEmail, Page, RemoteEmail
from privacy import ledger
from privacy.deletion.step import StepWaits
from privacy.deletion.steps.ledger import Ledger
from privacy.models import DeletionJob
from tests.factories import make_mailbox
from tests.mails import write_mail
from tests.privacy.correspondence import everything_in_clear
from tests.tickets.search.conftest import numbers
from tickets.actions.import_mail import ERASED, Importer
from tickets.actions.receive import receive_email
from tickets.archives.sources import Source
from tickets.models import Contact, Message

pytestmark = pytest.mark.django_db


class Provider:
    """A provider that has these mails and counts what it is asked to fetch; the rest of sync is the real one."""

    def __init__(self, *mails: FetchedEmail) -> None:
        self.mails, self.loaded = {mail.provider_id: mail for mail in mails}, list[str]()

    def begin(self, since: object) -> Page:
        return Page([RemoteEmail(one) for one in self.mails], "the end")

    fetch = begin

    def load(self, email: RemoteEmail) -> FetchedEmail:
        self.loaded.append(email.provider_id)
        return self.mails[email.provider_id]

    def close(self) -> None: ...


def fetched(provider_id: str, raw: bytes, *, days_ago: float = 0) -> FetchedEmail:
    return FetchedEmail(provider_id, "", timezone.now() - timedelta(days=days_ago), raw)


def sync_from(provider: Provider, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr("mailbox.actions.sync_mailbox.provider_for", lambda _: provider)
    sync_mailbox(mailbox.organization_id, mailbox.pk, at_once=True)
    with organization_scope(mailbox.organization_id):
        found = InboundEmail.objects.filter(mailbox=mailbox).order_by("provider_id")
        return list(found.values_list("provider_id", flat=True))


def job_for(contact: Contact) -> DeletionJob:
    moment = timezone.now()
    return DeletionJob.objects.create(
        organization_id=contact.organization_id,
        scope=DeletionJob.Scope.CONTACT,
        target_id=contact.pk,
        cause=DeletionJob.Cause.REQUESTED,
        state=DeletionJob.State.RUNNING,
        requested_at=moment,
        run_after=moment,
        due_at=moment + timedelta(days=30),
    )


def test_an_erased_persons_old_mail_stays_at_the_provider_and_new_mail_comes_in(
    acme: Organization, mailbox: Mailbox, carol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    suppress(acme.pk, ADDRESS, [address_digest(acme.pk, carol)])
    provider = Provider(
        fetched("a-old", write_mail(sender=f"Carol <{carol.upper()}>"), days_ago=3),
        fetched("b-through-a-helper", write_mail(sender="x@x.example", headers=[("Reply-To", carol)]), days_ago=3),
        fetched("c-ours-to-her", write_mail(sender=mailbox.address, to=carol), days_ago=3),
        fetched("d-somebody-else", write_mail(sender="dora@customer.example"), days_ago=3),
        fetched("e-new", write_mail(sender=carol), days_ago=-0.01),
        fetched("f-nobody", b"From: =?x?=<<>\r\nReply-To\r\n\r\nbroken", days_ago=3),
    )

    assert sync_from(provider, mailbox, monkeypatch) == ["d-somebody-else", "e-new", "f-nobody"]


def test_an_erased_mail_is_known_by_either_id(
    acme: Organization, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    suppress(acme.pk, MESSAGE_ID, [message_id_digest(acme.pk, "one@customer.example")])
    suppress(acme.pk, PROVIDER_ID, [provider_digest(acme.pk, mailbox.address_digest, "by-provider-id")])
    provider = Provider(
        fetched("by-message-id", write_mail(message_id="<one@customer.example>")),
        fetched("by-provider-id", write_mail(message_id="<two@customer.example>")),
        fetched("kept", write_mail(message_id="<three@customer.example>")),
    )

    assert sync_from(provider, mailbox, monkeypatch) == ["kept"]
    assert provider.loaded == ["by-message-id", "kept"]  # what the provider's id names is not even fetched


def test_a_mailbox_that_was_connected_again_knows_what_was_erased_before(
    acme: Organization, mailbox: Mailbox, globex: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    suppress(acme.pk, PROVIDER_ID, [provider_digest(acme.pk, mailbox.address_digest, "erased")])
    with organization_scope(acme):
        Mailbox.objects.filter(pk=mailbox.pk).update(state=Mailbox.State.DISCONNECTED)
    again = make_mailbox(acme, address=mailbox.address)
    elsewhere = make_mailbox(globex, address=mailbox.address)
    provider = Provider(fetched("erased", write_mail()), fetched("other", write_mail()))

    assert sync_from(provider, again, monkeypatch) == ["other"]
    assert sync_from(provider, elsewhere, monkeypatch) == ["erased", "other"]  # another organization's list is its own


def test_the_step_of_a_contacts_job_remembers_person_and_mails_everywhere(
    acme: Organization, mailbox: Mailbox, carol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = write_mail(sender=carol, message_id="<hers@customer.example>")
    sync_from(Provider(fetched("hers", raw)), mailbox, monkeypatch)
    with organization_scope(acme):
        message = receive_email(InboundEmail.objects.get())
        assert message is not None
        assert message.sender is not None
        contact = message.sender
    job = job_for(contact)

    progress = list(Ledger().run(job))

    assert (progress[-1].done, progress[-1].total) == (2, 2)
    told = {(one.kind, one.place): one.uuids for one in ledger.entries_after(0)}
    assert told["contact", "tickets.Contact"] == [contact.pk]
    assert told["message", "tickets.Message"] == [message.pk]
    assert told["message", "mailbox.InboundEmail"] == [message.inbound_id]
    assert told["suppression", "address"] == [UUID(bytes=address_digest(acme.pk, carol))]
    assert {one.job for one in ledger.entries_after(0)} == {str(job.pk)}
    with organization_scope(acme):
        assert set(Suppression.objects.values_list("kind", "job_id")) == {
            (kind, job.pk) for kind in (ADDRESS, MESSAGE_ID, PROVIDER_ID)
        }
        Message.objects.all().delete()
        InboundEmail.objects.all().delete()
    assert sync_from(Provider(fetched("hers", raw, days_ago=1)), mailbox, monkeypatch) == []


def test_the_step_waits_while_the_ledger_cannot_be_written(contact: Contact, outside: Path) -> None:
    (outside / "ledger").write_text("not a folder")

    with pytest.raises(StepWaits, match="nothing is erased yet"):
        list(Ledger().run(job_for(contact)))


def test_suppressing_again_moves_the_moment_and_adds_no_row(acme: Organization, carol: str) -> None:
    digest, now = address_digest(acme.pk, carol), timezone.now()
    suppress(acme.pk, ADDRESS, [digest], before=now, job_id=uuid7())
    suppress(acme.pk, ADDRESS, [digest], before=now - timedelta(days=9))

    with organization_scope(acme):
        assert Suppression.objects.get().before == now
        assert erased_addresses(acme.pk, [carol, "dora@x.example"]) == {carol: now}
        assert erased_addresses(acme.pk, []) == {}


def test_an_import_does_not_bring_back_what_was_erased(acme: Organization, mailbox: Mailbox, carol: str) -> None:
    suppress(acme.pk, ADDRESS, [address_digest(acme.pk, carol)])
    large = write_mail(sender=carol, files=[("scan.bin", "application/octet-stream", bytes(300_000))])
    sources = [Source("1", large), Source("2", write_mail(sender="dora@customer.example"))]

    told = {one.id: one for one in Importer(mailbox).take(sources)}

    assert (told["1"].ticket, told["1"].error) == (None, ERASED)
    assert (told["2"].ticket, told["2"].error) == (1, None)
    with organization_scope(acme):
        assert InboundEmail.objects.count() == 1


OTHERS_MAIL = write_mail(
    sender="Dora <dora@customer.example>",
    to="help@acme.example, carol@customer.example",
    cc="Carol Customer <Carol@Customer.example>",
    subject="The door of Carol Customer",
    text="Carol Customer told me to write to you.\n\nThe door stands open.",
    html="<p>Carol Customer told me to <a href='mailto:carol@customer.example'>write</a>.</p><p>It stands open.</p>",
)


@pytest.mark.promise("6-erase")
def test_others_old_mail_comes_in_again_without_who_was_erased_and_new_mail_as_it_is(
    acme: Organization, mailbox: Mailbox, carol: str, alice: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    suppress(acme.pk, ADDRESS, [address_digest(acme.pk, carol)])
    new = write_mail(sender="dora@customer.example", cc="Carol Customer <carol@customer.example>", text="A new one.")
    provider = Provider(fetched("a-old", OTHERS_MAIL, days_ago=3), fetched("b-new", new, days_ago=-0.01))
    sync_from(provider, mailbox, monkeypatch)

    with organization_scope(acme):
        old_email, new_email = InboundEmail.objects.order_by("provider_id")
        old, new_one = receive_email(old_email), receive_email(new_email)
        assert old is not None
        assert new_one is not None
        raw = InboundEmail.objects.get(pk=old_email.pk).raw()
        digest = address_digest(acme.pk, carol)
        found = numbers(alice, "Carol")

        assert b"X-Deskhero-Redacted" in raw
        assert b"arol" not in raw
        assert "The door stands open." in old.new_text
        for said in (old.new_text, old.html or "", str(old.headers), old.ticket.subject, old.ticket.snippet):
            assert "arol" not in said
        assert digest not in {bytes(one) for one in old.participants}
        assert digest in {bytes(one) for one in new_one.participants}
        assert found == [new_one.ticket.number]
        assert b"X-Deskhero-Redacted" not in InboundEmail.objects.get(pk=new_email.pk).raw()


@pytest.mark.promise("6-erase")
def test_an_import_of_an_archive_leaves_who_was_erased_out_of_others_mail(
    acme: Organization, mailbox: Mailbox, carol: str
) -> None:
    suppress(acme.pk, ADDRESS, [address_digest(acme.pk, carol)])

    (told,) = Importer(mailbox).take([Source("1", OTHERS_MAIL)])

    assert (told.ticket, told.error) == (1, None)
    with organization_scope(acme):
        assert "arol" not in everything_in_clear(acme.pk)
        assert "The door stands open." in everything_in_clear(acme.pk)
