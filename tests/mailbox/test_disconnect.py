"""A mailbox leaves the desk."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.actions.revoke_grant import revoke_grant, unrevoked_mailboxes
from mailbox.models import Mailbox, MailboxAuthorization
from mailbox.simulator.client import Simulator
from tests.mailbox.helpers import fresh, queue, subjects, sync
from tests.mails import write_mail


def test_disconnecting_stops_everything_and_stores_the_moment(
    connected: Mailbox, simulator: Simulator, as_bob: Client, acme: Organization
) -> None:
    sync(connected)
    queue(connected)
    asked = as_bob.get(f"/{acme.slug}/mailboxes/{connected.pk}/disconnect/").content.decode()
    assert "1 answer has not left yet" in asked
    as_bob.post(f"/{acme.slug}/mailboxes/{connected.pk}/disconnect/")
    simulator.deliver(connected.address, write_mail())
    sync(connected)

    row = fresh(connected)
    assert row.state == Mailbox.State.DISCONNECTED
    assert row.epoch == connected.epoch + 1
    assert row.disconnected_at
    assert row.disconnected_at <= timezone.now()
    assert subjects(connected) == []
    page = as_bob.get(f"/{acme.slug}/mailboxes/").content.decode()
    assert "Nothing is fetched or sent any more" in page
    with organization_scope(acme):
        assert MailboxAuthorization.objects.get().ended_at


def test_google_is_told_and_the_token_is_dropped(
    connect: Callable[..., Mailbox], simulator: Simulator, bob: Membership
) -> None:
    mailbox = connect("google")
    with organization_scope(bob.organization_id):
        disconnect_mailbox(mailbox, by=bob)
        assert list(unrevoked_mailboxes()) == [mailbox.pk]
    assert "token" not in (fresh(mailbox).credentials or {})
    revoke_grant(mailbox.organization_id, mailbox.pk)
    revoke_grant(mailbox.organization_id, mailbox.pk)

    assert [call.status for call in simulator.calls(route="google.revoke")] == [200]
    assert fresh(mailbox).credentials is None
    with organization_scope(bob.organization_id):
        assert MailboxAuthorization.objects.get().revoked_at_provider is True
        assert list(unrevoked_mailboxes()) == []


def test_a_permission_that_is_dead_already_counts_as_handed_back(
    connect: Callable[..., Mailbox], simulator: Simulator, bob: Membership
) -> None:
    mailbox = connect("google")
    simulator.revoke(mailbox.address)
    with organization_scope(bob.organization_id):
        disconnect_mailbox(mailbox, by=bob)
    revoke_grant(mailbox.organization_id, mailbox.pk)

    assert fresh(mailbox).credentials is None


def test_google_out_of_reach_is_told_later(
    connect: Callable[..., Mailbox], simulator: Simulator, bob: Membership
) -> None:
    mailbox = connect("google")
    with organization_scope(bob.organization_id):
        disconnect_mailbox(mailbox, by=bob)
    simulator.fail("google.revoke", status=503)
    revoke_grant(mailbox.organization_id, mailbox.pk)
    assert fresh(mailbox).credentials

    revoke_grant(mailbox.organization_id, mailbox.pk)
    assert fresh(mailbox).credentials is None


def test_microsofts_tokens_are_dropped_at_once(connect: Callable[..., Mailbox], bob: Membership) -> None:
    mailbox = connect("microsoft")
    with organization_scope(bob.organization_id):
        disconnect_mailbox(mailbox, by=bob)

    assert fresh(mailbox).credentials is None
    with organization_scope(bob.organization_id):
        assert MailboxAuthorization.objects.get().revoked_at_provider is None


def test_the_same_consent_brings_the_mailbox_back(
    connected: Mailbox, connect: Callable[..., Mailbox], bob: Membership, provider: str
) -> None:
    epoch = connected.epoch
    with organization_scope(bob.organization_id):
        disconnect_mailbox(connected, by=bob)

    assert connect(provider).pk == connected.pk
    row = fresh(connected)
    assert (row.state, row.disconnected_at) == (Mailbox.State.ACTIVE, None)
    assert row.epoch == epoch + 1  # what was fetched before it left is still dropped


def test_once_its_deletion_has_begun_the_address_is_connected_anew(
    connected: Mailbox, connect: Callable[..., Mailbox], bob: Membership, provider: str
) -> None:
    with organization_scope(bob.organization_id):
        disconnect_mailbox(connected, by=bob)
        Mailbox.objects.filter(pk=connected.pk).update(deletion_begun_at=timezone.now())

    assert connect(provider).pk != connected.pk


def test_a_permission_that_is_handed_back_late_leaves_the_new_one_alone(
    connect: Callable[..., Mailbox], bob: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = connect("google")
    with organization_scope(bob.organization_id):
        disconnect_mailbox(mailbox, by=bob)

    def meanwhile(credentials: dict[str, str]) -> bool:
        connect("google")
        return True

    monkeypatch.setattr("mailbox.actions.revoke_grant.google_identity.revoke", meanwhile)
    revoke_grant(mailbox.organization_id, mailbox.pk)

    assert fresh(mailbox).credentials


def test_disconnecting_twice_changes_nothing(connected: Mailbox, bob: Membership) -> None:
    with organization_scope(bob.organization_id):
        disconnect_mailbox(connected, by=bob)
        first = fresh(connected).disconnected_at
        disconnect_mailbox(connected, by=bob)

    assert fresh(connected).disconnected_at == first


@pytest.mark.parametrize("page", ["connect", "reconnect", "disconnect", "settings", "access"])
def test_agents_do_not_touch_mailboxes(connected: Mailbox, as_alice: Client, acme: Organization, page: str) -> None:
    path = f"/{acme.slug}/mailboxes/{page}/" if page == "connect" else f"/{acme.slug}/mailboxes/{connected.pk}/{page}/"

    assert as_alice.get(path).status_code == 403
    assert as_alice.post(path).status_code == 403
