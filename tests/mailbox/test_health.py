"""A provider that is down: since when, why, and that it goes on by itself."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import organization_scope
from mailbox.actions.note_health import LONGEST_WAIT, wait_after
from mailbox.models import Mailbox, MailboxAuthorization
from mailbox.providers.base import TemporaryProviderError
from mailbox.signals import mailbox_changed
from mailbox.simulator.client import Simulator
from tests.mailbox.helpers import fresh, sync
from tests.mails import write_mail


def test_a_provider_that_is_down_is_shown_with_since_when_and_recovers_by_itself(
    connected: Mailbox, simulator: Simulator, as_bob: Client, acme: Organization, settings: Any
) -> None:
    sync(connected)
    heard: list[str] = []

    def listen(mailbox: Mailbox, **kwargs: Any) -> None:
        heard.append(mailbox.trouble)

    mailbox_changed.connect(listen)
    api, token = settings.GMAIL_API_ROOT, settings.GRAPH_API_ROOT
    settings.GMAIL_API_ROOT, settings.GRAPH_API_ROOT = "https://127.0.0.1:9", "https://127.0.0.1:9/v1.0"
    sync(connected)
    since = fresh(connected).trouble_since
    sync(connected)

    row = fresh(connected)
    assert row.state == Mailbox.State.ACTIVE
    assert row.trouble == Mailbox.Trouble.UNREACHABLE
    assert row.trouble_since == since
    assert row.not_before
    assert row.not_before > timezone.now()
    page = as_bob.get(f"/{acme.slug}/mailboxes/").content.decode()
    assert "does not answer" in page
    assert "since" in page

    settings.GMAIL_API_ROOT, settings.GRAPH_API_ROOT = api, token
    simulator.deliver(connected.address, write_mail(subject="waited"))
    assert sync(connected) == 1
    assert fresh(connected).trouble == ""
    assert "does not answer" not in as_bob.get(f"/{acme.slug}/mailboxes/").content.decode()
    assert heard == [Mailbox.Trouble.UNREACHABLE, ""]
    mailbox_changed.disconnect(listen)


def test_the_waits_grow_with_the_trouble_and_stay_bounded() -> None:
    down = TemporaryProviderError("unreachable")

    assert wait_after(down, timedelta(0)) <= timedelta(seconds=6)
    assert timedelta(minutes=1.5) < wait_after(down, timedelta(minutes=4)) < timedelta(minutes=2.5)
    assert wait_after(down, timedelta(days=3)) <= LONGEST_WAIT * 1.2
    assert timedelta(seconds=60) <= wait_after(TemporaryProviderError(retry_after=60), timedelta(days=3))


def test_the_page_opens_when_a_permission_is_dead_and_offers_to_reconnect(
    connected: Mailbox, simulator: Simulator, as_bob: Client, acme: Organization
) -> None:
    simulator.revoke(connected.address)
    sync(connected)
    page = as_bob.get(f"/{acme.slug}/mailboxes/").content.decode()

    assert "no longer accepts our permission" in page
    assert f"/mailboxes/{connected.pk}/reconnect/" in page
    assert as_bob.get(f"/{acme.slug}/mailboxes/{connected.pk}/reconnect/").status_code == 200


def test_a_google_permission_that_dies_on_the_seventh_day_hints_at_testing(
    connected: Mailbox, simulator: Simulator, as_bob: Client, acme: Organization, provider: str
) -> None:
    with organization_scope(acme):
        MailboxAuthorization.objects.update(at=timezone.now() - timedelta(days=7))
    simulator.revoke(connected.address)
    sync(connected)

    page = as_bob.get(f"/{acme.slug}/mailboxes/").content.decode()
    assert ("is in Testing" in page) is (provider == "google")


def test_the_pages_ask_no_provider(
    connected: Mailbox, simulator: Simulator, as_bob: Client, acme: Organization
) -> None:
    calls = len(simulator.calls())
    for path in (
        "",
        "connect/",
        f"{connected.pk}/connected/",
        f"{connected.pk}/disconnect/",
        f"{connected.pk}/settings/",
    ):
        assert as_bob.get(f"/{acme.slug}/mailboxes/{path}").status_code == 200

    assert len(simulator.calls()) == calls
