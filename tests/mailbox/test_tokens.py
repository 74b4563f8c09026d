"""Renewing tokens: once, under the lock, and what a refusal means."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from google.auth.exceptions import ReauthFailError, RefreshError

from accounts.tenancy import organization_scope
from mailbox.actions.note_health import note_failure
from mailbox.actions.sync_mailbox import due_mailboxes
from mailbox.models import Mailbox
from mailbox.providers import provider_for
from mailbox.providers.base import (
    ApplicationRefused,
    AuthorizationExpired,
    MailProviderError,
    ProviderError,
    TemporaryProviderError,
)
from mailbox.providers.google_identity import judge_refresh
from mailbox.providers.microsoft_identity import judge_token_error
from mailbox.simulator.client import Simulator
from tests.mailbox.helpers import fresh, subjects, sync
from tests.mails import write_mail

TOKEN = {"google": "google.token", "microsoft": "microsoft.token"}
LOAD = {"google": "gmail.messages.get", "microsoft": "graph.messages.value"}


def age(mailbox: Mailbox) -> None:
    """Let the stored access token be at its end."""
    with organization_scope(mailbox.organization_id):
        row = Mailbox.objects.get(pk=mailbox.pk)
        kept = {**(row.credentials or {}), "expires_at": 0}
        if "cache" in kept:  # msal keeps the token with an end of its own
            cache = json.loads(kept["cache"])
            for token in cache["AccessToken"].values():
                token |= {"expires_on": "0", "extended_expires_on": "0"}
            kept["cache"] = json.dumps(cache)
        row.credentials = kept
        row.save(update_fields=["credentials"])


def test_a_token_at_its_end_is_renewed_and_saved(connected: Mailbox, simulator: Simulator, provider: str) -> None:
    sync(connected)
    age(connected)
    before = fresh(connected)
    sync(connected)

    row = fresh(connected)
    assert row.trouble == ""
    assert row.credentials_version == before.credentials_version + 1
    assert row.credentials
    assert row.credentials["expires_at"] > 0


def test_a_token_that_ends_in_the_middle_of_a_sync_is_renewed_there(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    for number in range(3):
        simulator.deliver(connected.address, write_mail(subject=f"mail {number}"))
    before = fresh(connected).credentials
    assert before
    simulator.fail(LOAD[provider], status=401, body={"error": {"code": "InvalidAuthenticationToken", "errors": []}})

    assert sync(connected) == 3
    row = fresh(connected)
    assert row.trouble == ""
    assert row.credentials
    assert row.credentials["token"] != before["token"]
    assert len(set(subjects(connected))) == 3


def test_a_token_the_provider_finds_old_by_its_own_clock_is_renewed(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    simulator.deliver(connected.address, write_mail())
    simulator.advance_clock(4000)

    assert sync(connected) == 1
    assert fresh(connected).trouble == ""


def test_microsofts_new_refresh_token_is_kept_in_the_same_step(
    connect: Callable[..., Mailbox], simulator: Simulator
) -> None:
    mailbox = connect("microsoft")
    before = fresh(mailbox).credentials
    simulator.advance_clock(4000)
    sync(mailbox)
    after = fresh(mailbox).credentials

    assert before
    assert after

    def refresh_tokens(kept: dict[str, Any]) -> set[str]:
        return {entry["secret"] for entry in json.loads(kept["cache"])["RefreshToken"].values()}

    assert refresh_tokens(before) != refresh_tokens(after)


def test_a_revoked_permission_asks_for_a_reconnect_and_stops_asking(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    sync(connected)
    simulator.revoke(connected.address)
    sync(connected)

    row = fresh(connected)
    assert row.state == Mailbox.State.RECONNECT
    assert row.trouble == Mailbox.Trouble.REVOKED
    assert row.trouble_since
    assert "invalid_grant" in row.trouble_code
    calls = len(simulator.calls())
    with organization_scope(row.organization_id):
        assert list(due_mailboxes()) == []
    sync(connected)
    assert len(simulator.calls()) == calls


@pytest.mark.parametrize("status", [500, 503])
@pytest.mark.timeout(60)
def test_a_token_endpoint_that_stumbles_asks_for_no_reconnect(
    connected: Mailbox, simulator: Simulator, provider: str, status: int
) -> None:
    age(connected)
    simulator.fail(TOKEN[provider], status=status, times=5, text="<html>Bad day</html>")
    sync(connected)

    row = fresh(connected)
    assert row.state == Mailbox.State.ACTIVE
    assert row.trouble == Mailbox.Trouble.UNREACHABLE
    assert row.not_before


def test_an_expired_secret_of_ours_blames_no_mailbox(connected: Mailbox, simulator: Simulator) -> None:
    sync(connected)
    simulator.expire_app_secret()
    simulator.advance_clock(4000)
    age(connected)
    sync(connected)

    row = fresh(connected)
    assert row.state == Mailbox.State.ACTIVE
    assert row.trouble == Mailbox.Trouble.APPLICATION


def test_a_late_refusal_of_old_credentials_does_not_spoil_newer_ones(
    connected: Mailbox, connect: Callable[..., Mailbox], provider: str
) -> None:
    old = AuthorizationExpired("invalid_grant", version=fresh(connected).credentials_version)
    connect(provider, mailbox=connected)
    note_failure(connected, old)

    assert fresh(connected).state == Mailbox.State.ACTIVE
    assert fresh(connected).trouble == ""


@pytest.mark.django_db(transaction=True)
def test_four_workers_renew_once(connected: Mailbox, simulator: Simulator, provider: str) -> None:
    age(connected)
    before = len(simulator.calls(route=TOKEN[provider]))
    together = threading.Barrier(4)
    wrong: list[Exception] = []

    def work() -> None:
        try:
            mailbox = fresh(connected)
            together.wait(10)
            provider_for(mailbox).address()
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            wrong.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    assert wrong == []
    assert len(simulator.calls(route=TOKEN[provider])) - before == 1
    assert fresh(connected).credentials_version == connected.credentials_version + 1
    assert fresh(connected).state == Mailbox.State.ACTIVE


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RefreshError("invalid_grant: Bad Request", {"error": "invalid_grant"}), AuthorizationExpired),
        (RefreshError("x", {"error": "invalid_grant", "error_subtype": "invalid_rapt"}), AuthorizationExpired),
        (ReauthFailError("Reauthentication is needed"), AuthorizationExpired),
        (RefreshError("unauthorized", {"error": "invalid_client"}), ApplicationRefused),
        (RefreshError("<html>down</html>"), TemporaryProviderError),
        (RefreshError("busy", {}, retryable=True), TemporaryProviderError),
        (RefreshError("odd", {"error": "something_new"}), ProviderError),
    ],
)
def test_googles_refusals_are_told_apart(error: RefreshError, kind: type[MailProviderError]) -> None:
    assert type(judge_refresh(error)) is kind


@pytest.mark.parametrize(
    ("error", "numbers", "kind"),
    [
        ("invalid_grant", [50173], AuthorizationExpired),
        ("invalid_grant", [700082], AuthorizationExpired),
        ("interaction_required", [50076], AuthorizationExpired),
        ("consent_required", [65001], AuthorizationExpired),
        ("invalid_client", [7000222], ApplicationRefused),
        ("temporarily_unavailable", [], TemporaryProviderError),
        ("invalid_grant", [50087], TemporaryProviderError),
        ("something_new", [], ProviderError),
    ],
)
def test_microsofts_refusals_are_told_apart(error: str, numbers: list[int], kind: type[MailProviderError]) -> None:
    assert type(judge_token_error({"error": error, "error_codes": numbers})) is kind
