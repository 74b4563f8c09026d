"""Bringing in what is new, at both providers, through the real client libraries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tenancy import organization_scope
from mailbox.actions import sync_mailbox as syncing
from mailbox.actions.sync_mailbox import due_mailboxes, sync_mailbox
from mailbox.models import InboundEmail, Mailbox
from mailbox.signals import mail_arrived
from mailbox.simulator.client import Simulator
from tests.mailbox.helpers import fresh, subjects, sync
from tests.mails import write_mail

FETCH = {"google": "gmail.history", "microsoft": "graph.delta"}
LOAD = {"google": "gmail.messages.get", "microsoft": "graph.messages.value"}


def test_the_first_sync_takes_the_window_asked_for_oldest_first(connected: Mailbox, simulator: Simulator) -> None:
    now = timezone.now()
    for days, subject in ((20, "old"), (3, "three days"), (1, "yesterday"), (5, "five days")):
        simulator.deliver(connected.address, write_mail(subject=subject), received_at=now - timedelta(days=days))

    assert sync(connected) == 3
    assert subjects(connected) == ["five days", "three days", "yesterday"]
    row = fresh(connected)
    assert row.last_success_at
    assert row.trouble == ""
    assert row.stored_count == 3


def test_without_days_the_first_sync_begins_with_the_next_mail(
    provider: str, connect: Callable[..., Mailbox], simulator: Simulator
) -> None:
    mailbox = connect(provider, days=0)
    before = timezone.now() - timedelta(hours=1)
    simulator.deliver(mailbox.address, write_mail(subject="before"), received_at=before)
    sync(mailbox)
    simulator.deliver(mailbox.address, write_mail(subject="next"))
    sync(mailbox)

    assert subjects(mailbox) == ["next"]


def test_new_mail_is_stored_once(connected: Mailbox, simulator: Simulator) -> None:
    sync(connected)
    simulator.deliver(connected.address, write_mail(subject="new"))

    assert sync(connected) == 1
    assert sync(connected) == 0
    assert subjects(connected) == ["new"]


def test_the_original_is_kept_byte_for_byte(connected: Mailbox, simulator: Simulator) -> None:
    small = write_mail(text="Grüße\n.\nFrom here")
    large = write_mail(subject="large", files=[("scan.bin", "application/octet-stream", bytes(range(256)) * 4000)])
    for raw in (small, large):
        simulator.deliver(connected.address, raw)
    sync(connected)

    lying_there = [mail.raw for mail in simulator.inbox(connected.address)]
    with organization_scope(connected.organization_id):
        stored = [email.raw() for email in InboundEmail.objects.filter(mailbox=connected).order_by("pk")]
    assert stored == lying_there


def test_pages_are_read_to_the_end_and_empty_ones_do_not_stop_it(connected: Mailbox, simulator: Simulator) -> None:
    sync(connected)
    simulator.set_options(page_size=2, empty_first_page=True, repeat_rows=True)
    for number in range(7):
        simulator.deliver(connected.address, write_mail(subject=f"mail {number}"))

    assert sync(connected) == 7
    assert sorted(subjects(connected)) == [f"mail {number}" for number in range(7)]
    assert sync(connected) == 0


def test_a_first_sync_over_many_pages_misses_nothing(connected: Mailbox, simulator: Simulator) -> None:
    simulator.set_options(page_size=3)
    for number in range(10):
        simulator.deliver(connected.address, write_mail(subject=f"mail {number}"))

    assert sync(connected) == 10


def test_an_expired_bookmark_leads_to_a_bounded_resync_without_doubles(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    simulator.deliver(connected.address, write_mail(subject="before"))
    sync(connected)
    simulator.deliver(connected.address, write_mail(subject="in the gap"))
    if provider == "google":
        simulator.expire_history(connected.address)
    else:
        simulator.invalidate_delta(connected.address)

    assert sync(connected) == 1
    assert subjects(connected) == ["before", "in the gap"]
    row = fresh(connected)
    assert row.state == Mailbox.State.ACTIVE
    assert row.trouble == ""
    simulator.deliver(connected.address, write_mail(subject="after"))
    assert sync(connected) == 1  # by the new bookmark


def test_a_bookmark_that_graph_calls_unknown_is_dropped_too(
    connect: Callable[..., Mailbox], simulator: Simulator
) -> None:
    mailbox = connect("microsoft")
    sync(mailbox)
    simulator.deliver(mailbox.address, write_mail(subject="in the gap"))
    simulator.fail("graph.delta", status=400, body={"error": {"code": "syncStateNotFound", "message": "gone"}})

    assert sync(mailbox) == 1
    assert fresh(mailbox).trouble == ""


def test_a_mail_that_vanishes_between_list_and_get_is_skipped(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    sync(connected)
    for subject in ("first", "vanishing", "last"):
        simulator.deliver(connected.address, write_mail(subject=subject))
    body = {"error": {"code": 404 if provider == "google" else "ErrorItemNotFound", "message": "gone", "errors": []}}
    simulator.fail(LOAD[provider], status=404, body=body)
    sync(connected)

    assert len(subjects(connected)) == 2
    assert fresh(connected).trouble == ""
    simulator.deliver(connected.address, write_mail(subject="later"))
    assert sync(connected) == 1  # the bookmark went on


def test_one_mail_that_fails_holds_the_bookmark_and_not_the_others(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    sync(connected)
    before = fresh(connected).cursor
    for subject in ("first", "second", "third"):
        simulator.deliver(connected.address, write_mail(subject=subject))
    simulator.fail(LOAD[provider], status=500)

    sync(connected)
    assert len(subjects(connected)) == 2
    assert fresh(connected).cursor == before
    assert fresh(connected).trouble == Mailbox.Trouble.UNREACHABLE

    assert sync(connected) == 1
    assert sorted(subjects(connected)) == ["first", "second", "third"]
    assert fresh(connected).trouble == ""


def test_throttling_waits_as_long_as_the_provider_asks_and_goes_on(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    sync(connected)
    simulator.deliver(connected.address, write_mail(subject="patient"))
    simulator.fail(FETCH[provider], status=429, retry_after=120)
    sync(connected)

    row = fresh(connected)
    assert row.state == Mailbox.State.ACTIVE
    assert row.trouble == Mailbox.Trouble.THROTTLED
    assert row.not_before
    assert timedelta(seconds=100) < row.not_before - timezone.now() < timedelta(seconds=130)
    with organization_scope(row.organization_id):
        assert list(due_mailboxes()) == []
    calls = len(simulator.calls())
    assert sync_mailbox(row.organization_id, row.pk).stored == 0
    assert len(simulator.calls()) == calls  # not before its time

    assert sync(connected) == 1
    assert fresh(connected).trouble == ""


def test_drafts_and_sent_mail_are_not_fetched(connected: Mailbox, simulator: Simulator) -> None:
    sync(connected)
    own = write_mail(sender=connected.address, to="carol@customer.example")
    simulator.deliver(connected.address, own, labels=("DRAFT",))
    simulator.deliver(connected.address, own, labels=("SENT",))
    simulator.deliver(connected.address, write_mail(subject="spam"), labels=("SPAM",))

    assert sync(connected) == 0


def test_mail_rescued_from_spam_comes_in_once(connected: Mailbox, simulator: Simulator) -> None:
    sync(connected)
    key = simulator.deliver(connected.address, write_mail(subject="not spam"), labels=("SPAM",))
    assert sync(connected) == 0

    simulator.move(connected.address, key, "INBOX")
    assert sync(connected) == 1
    simulator.move(connected.address, key, "ARCHIVE")
    sync(connected)
    assert subjects(connected) == ["not spam"]


def test_mail_deleted_at_the_provider_stays_in_the_desk(connected: Mailbox, simulator: Simulator) -> None:
    sync(connected)
    key = simulator.deliver(connected.address, write_mail(subject="kept"))
    sync(connected)
    simulator.delete(connected.address, key)
    sync(connected)

    assert subjects(connected) == ["kept"]


def test_a_mailbox_that_needs_a_new_permission_is_not_asked(connected: Mailbox, simulator: Simulator) -> None:
    calls = len(simulator.calls())
    with organization_scope(connected.organization_id):
        Mailbox.objects.filter(pk=connected.pk).update(state=Mailbox.State.RECONNECT)
        assert list(due_mailboxes()) == []
    sync(connected)

    assert len(simulator.calls()) == calls


def test_mail_fetched_while_the_mailbox_is_disconnected_is_not_stored(
    connected: Mailbox, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator.deliver(connected.address, write_mail())
    original = syncing._Run._loaded

    def disconnect_first(run: syncing._Run, emails: object) -> object:
        for mail in original(run, emails):  # type: ignore[arg-type]
            with organization_scope(connected.organization_id):
                Mailbox.objects.filter(pk=connected.pk).update(epoch=connected.epoch + 1)
            yield mail

    monkeypatch.setattr(syncing._Run, "_loaded", disconnect_first)

    assert sync(connected) == 0
    assert subjects(connected) == []


def test_mail_and_bookmark_are_stored_together_or_not_at_all(connected: Mailbox, simulator: Simulator) -> None:
    sync(connected)
    before = fresh(connected).cursor
    simulator.deliver(connected.address, write_mail(subject="whole"))

    def refuse(**kwargs: object) -> None:
        raise RuntimeError("broken above")

    mail_arrived.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            sync(connected)
    finally:
        mail_arrived.disconnect(refuse)

    assert subjects(connected) == []
    assert fresh(connected).cursor == before
    assert fresh(connected).trouble == Mailbox.Trouble.INTERNAL
    assert sync(connected) == 1


def test_a_long_first_sync_goes_on_where_it_stopped(
    connected: Mailbox, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        simulator.deliver(connected.address, write_mail(subject=f"mail {number}"))
    monkeypatch.setattr(syncing, "RUN_SECONDS", 0)
    done = sync_mailbox(connected.organization_id, connected.pk)

    assert done.more
    assert done.stored == 1
    assert fresh(connected).cursor == ""
    monkeypatch.undo()
    assert sync(connected) == 3
    assert len(set(subjects(connected))) == 4


def test_a_bookmark_survives_a_provider_that_moved_to_another_port(
    connect: Callable[..., Mailbox],
) -> None:
    mailbox = connect("microsoft")
    sync(mailbox)

    assert fresh(mailbox).cursor.startswith("/me/")


def test_a_link_to_another_host_gets_no_token(connect: Callable[..., Mailbox], simulator: Simulator) -> None:
    mailbox = connect("microsoft")
    simulator.fail("graph.delta", status=200, body={"value": [], "@odata.nextLink": "https://evil.example/v1.0/me"})
    sync(mailbox)

    row = fresh(mailbox)
    assert (row.trouble, row.trouble_code) == (Mailbox.Trouble.REFUSED, "foreign_link")
