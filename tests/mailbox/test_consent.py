"""Through consent and back, by the pages an admin clicks through."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.actions.begin_consent import begin_consent, forget_old_consents
from mailbox.actions.finish_consent import finish_consent
from mailbox.models import ConsentRequest, Mailbox, MailboxAuthorization
from mailbox.simulator.client import Simulator
from tests.cast import sign_in
from tests.mailbox.conftest import ADDRESSES, SESSION, walk
from tests.mailbox.helpers import fresh, sync
from tests.mails import write_mail


def begin(client: Client, acme: Organization, provider: str, address: str = "") -> str:
    """Fill in the form and return the provider's page it leads to."""
    page = client.post(
        f"/{acme.slug}/mailboxes/connect/",
        {"provider": provider, "address": address or ADDRESSES[provider], "days": "7"},
    )
    assert page.status_code == 200, page.content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert found
    return unescape(found[1])


def back(client: Client, url: str) -> Any:
    """Follow the provider's way back into the desk."""
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}")


def nothing_is_saved() -> bool:
    return not Mailbox.objects.exists() and not MailboxAuthorization.objects.exists()


def test_an_admin_connects_a_mailbox_by_clicking_through(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    asked = as_bob.get(f"/{acme.slug}/mailboxes/connect/?provider={provider}").content.decode()
    assert "Why:" in asked
    assert ("gmail.readonly" if provider == "google" else "Mail.ReadWrite") in asked

    url = begin(as_bob, acme, provider)
    answer = back(as_bob, simulator.consent(url, ADDRESSES[provider]))
    assert answer.status_code == 302
    page = as_bob.get(answer["Location"]).content.decode()

    assert "What happens next" in page
    mailbox = Mailbox.objects.get()
    assert mailbox.address == ADDRESSES[provider]
    assert mailbox.first_sync_days == 7
    authorization = MailboxAuthorization.objects.get()
    assert authorization.by
    assert authorization.by.user.email == "bob@acme.example"
    assert any("send" in scope.lower() for scope in authorization.scopes)
    assert ADDRESSES[provider] in as_bob.get(f"/{acme.slug}/mailboxes/").content.decode()


def test_the_consent_is_asked_for_with_state_pkce_and_offline_access(
    as_bob: Client, acme: Organization, provider: str
) -> None:
    query = parse_qs(urlsplit(begin(as_bob, acme, provider)).query)

    assert query["code_challenge_method"] == ["S256"]
    assert query["code_challenge"][0]
    assert len(query["state"][0]) >= 43
    assert query["login_hint"] == [ADDRESSES[provider]]
    assert query["redirect_uri"] == [f"{settings.URL}/oauth/{provider}/callback/"]
    if provider == "google":
        assert query["access_type"] == ["offline"]
        assert query["prompt"] == ["consent"]
        assert set(query["scope"][0].split()) == {
            "https://www.googleapis.com/auth/gmail.readonly",
            "https://www.googleapis.com/auth/gmail.send",
        }
    else:
        assert query["nonce"][0]
        assert {"offline_access", "Mail.ReadWrite", "Mail.Send", "User.Read"} <= set(query["scope"][0].split())


def test_the_form_ends_at_our_own_host_and_says_where_it_goes_on(as_bob: Client, acme: Organization) -> None:
    form = {"provider": "google", "address": "help@acme.example", "days": "7"}
    page = as_bob.post(f"/{acme.slug}/mailboxes/connect/", form)

    assert page.status_code == 200  # no redirect: form-action 'self' would stop it
    assert "form-action 'self'" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]


def test_a_form_with_mistakes_comes_back(as_bob: Client, acme: Organization) -> None:
    page = as_bob.post(f"/{acme.slug}/mailboxes/connect/", {"provider": "google", "address": "nobody", "days": "7"})

    assert page.status_code == 422
    assert not ConsentRequest.objects.exists()


def test_a_refused_consent_is_said_plainly(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    url = simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider], refuse=True)
    page = back(as_bob, url)

    assert page.status_code == 400
    assert "You did not agree at" in page.content.decode()
    assert nothing_is_saved()


@pytest.mark.parametrize(
    ("provider", "left", "missing"),
    [
        ("google", ["gmail.readonly"], "send mail from this address"),
        ("google", ["gmail.send"], "read the mails in this mailbox"),
        ("microsoft", ["User.Read", "Mail.ReadWrite"], "send mail from this address"),
        ("microsoft", ["User.Read", "Mail.Send"], "read the mails in this mailbox"),
    ],
)
def test_an_unticked_permission_is_named(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str, left: list[str], missing: str
) -> None:
    url = simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider], grant=left)
    page = back(as_bob, url)

    assert page.status_code == 400
    assert missing in page.content.decode()
    assert nothing_is_saved()


def test_another_account_than_the_announced_one_is_refused(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    simulator.create_account(provider, "other@acme.example", "Other")
    page = back(as_bob, simulator.consent(begin(as_bob, acme, provider), "other@acme.example"))

    text = page.content.decode()
    assert page.status_code == 400
    assert ADDRESSES[provider] in text
    assert "other@acme.example" in text
    assert nothing_is_saved()


def test_an_address_in_other_letters_is_the_same(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    url = begin(as_bob, acme, provider, ADDRESSES[provider].title())

    assert back(as_bob, simulator.consent(url, ADDRESSES[provider])).status_code == 302


def test_a_state_counts_once(as_bob: Client, acme: Organization, simulator: Simulator, provider: str) -> None:
    url = simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider])
    assert back(as_bob, url).status_code == 302
    again = back(as_bob, url)

    assert again.status_code == 400
    assert "begin again" in again.content.decode()
    assert Mailbox.objects.count() == 1


def test_a_state_counts_once_even_if_the_first_time_failed(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    url = simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider])
    simulator.fail(f"{provider}.token", status=400, times=3, body={"error": "invalid_grant"})
    assert back(as_bob, url).status_code == 400
    simulator.clear_faults()

    assert back(as_bob, url).status_code == 400
    assert nothing_is_saved()


def test_a_state_of_another_browser_is_refused(
    as_bob: Client, bob: Membership, acme: Organization, simulator: Simulator, provider: str
) -> None:
    url = simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider])

    assert back(sign_in(Client(), bob), url).status_code == 400
    assert nothing_is_saved()
    assert back(as_bob, url).status_code == 302  # and the one who began is not disturbed


def test_a_state_of_another_person_is_refused(
    as_bob: Client, as_owner: Client, as_mallory: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    url = simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider])
    assert back(as_owner, url).status_code == 400
    assert back(as_mallory, url).status_code == 302  # to her own desk, with a sentence
    assert nothing_is_saved()


@pytest.mark.parametrize("state", ["", "made-up", "%FF", "A" * 64, "A" * 5000])
def test_a_state_nobody_gave_out_leads_home(as_bob: Client, provider: str, state: str) -> None:
    answer = as_bob.get(f"/oauth/{provider}/callback/?code=x&state={state}")

    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert nothing_is_saved()


def test_a_consent_that_took_too_long_is_refused_and_forgotten(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    url = simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider])
    ConsentRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert back(as_bob, url).status_code == 400
    assert nothing_is_saved()
    with organization_scope(acme):
        assert forget_old_consents() == 1


def test_a_code_of_another_consent_is_refused(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    """PKCE: a code counts only with the verifier of the consent that asked for it."""
    one = dict(parse_qsl(urlsplit(simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider])).query))
    other = dict(parse_qsl(urlsplit(simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider])).query))
    answer = as_bob.get(f"/oauth/{provider}/callback/?{urlencode({**one, 'code': other['code']})}")

    assert answer.status_code == 400
    assert nothing_is_saved()


def test_without_a_lasting_permission_nothing_is_connected(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider])  # Google gives one at the first consent
    parts = urlsplit(begin(as_bob, acme, provider))
    query = parse_qs(parts.query)
    if provider == "google":
        query.pop("prompt")
        query.pop("access_type")
    else:
        query["scope"] = [query["scope"][0].replace("offline_access", "").strip()]
    page = back(
        as_bob, simulator.consent(urlunsplit(parts._replace(query=urlencode(query, doseq=True))), ADDRESSES[provider])
    )

    assert page.status_code == 400
    assert "no lasting permission" in page.content.decode()
    assert nothing_is_saved()


def test_a_company_whose_administrator_must_agree_first_is_told_where(
    as_bob: Client, acme: Organization, simulator: Simulator
) -> None:
    simulator.set_options(admin_consent_required=True)
    url = begin(as_bob, acme, "microsoft")
    page = back(as_bob, simulator.consent(url, ADDRESSES["microsoft"]))

    assert page.status_code == 400
    text = page.content.decode()
    assert "administrator must agree first" in text
    assert "/adminconsent?client_id=" in text


def test_a_provider_that_is_down_at_the_exchange_is_said_plainly(
    as_bob: Client, acme: Organization, simulator: Simulator, provider: str
) -> None:
    url = simulator.consent(begin(as_bob, acme, provider), ADDRESSES[provider])
    simulator.drop(f"{provider}.token", work_first=False, times=5)
    page = back(as_bob, url)

    assert page.status_code == 400
    assert "could not be reached" in page.content.decode()
    assert nothing_is_saved()


def test_an_account_without_a_mailbox_is_refused(as_bob: Client, acme: Organization, simulator: Simulator) -> None:
    url = simulator.consent(begin(as_bob, acme, "microsoft"), ADDRESSES["microsoft"])
    body = {"error": {"code": "MailboxNotEnabledForRESTAPI", "message": "no licence"}}
    simulator.fail("graph.folders.messages", status=404, body=body)
    page = back(as_bob, url)

    assert page.status_code == 400
    assert "MailboxNotEnabledForRESTAPI" in page.content.decode()
    assert nothing_is_saved()


def test_a_provider_without_a_registration_cannot_be_chosen(as_bob: Client, acme: Organization, settings: Any) -> None:
    settings.GOOGLE_CLIENT_ID = ""
    form = {"provider": "google", "address": "help@acme.example", "days": "7"}
    page = as_bob.post(f"/{acme.slug}/mailboxes/connect/", form, follow=True)

    assert "not set up on this installation" in page.content.decode()


def test_a_mailbox_is_connected_once(connected: Mailbox, bob: Membership, provider: str) -> None:
    with organization_scope(bob.organization_id), pytest.raises(ActionRefused, match="connected already"):
        begin_consent(provider, address=ADDRESSES[provider].upper(), days=7, session_key=SESSION, by=bob)


def test_a_reconnect_keeps_row_and_bookmark(
    connected: Mailbox, connect: Callable[..., Mailbox], simulator: Simulator, provider: str
) -> None:
    sync(connected)
    before = fresh(connected)
    simulator.revoke(connected.address)
    sync(connected)
    assert fresh(connected).state == Mailbox.State.RECONNECT
    simulator.deliver(connected.address, write_mail(subject="meanwhile"))

    assert connect(provider, mailbox=connected).pk == connected.pk
    row = fresh(connected)
    assert row.state == Mailbox.State.ACTIVE
    assert row.cursor == before.cursor
    assert row.credentials_version > before.credentials_version
    assert sync(connected) == 1
    with organization_scope(row.organization_id):
        ended = list(MailboxAuthorization.objects.order_by("at").values_list("ended_at", flat=True))
    assert ended[0] is not None
    assert ended[1] is None


def test_a_reconnect_with_another_account_leaves_the_old_permission(
    connected: Mailbox, bob: Membership, simulator: Simulator, provider: str
) -> None:
    simulator.create_account(provider, "other@acme.example", "Other")
    with organization_scope(bob.organization_id):
        url = begin_consent(provider, address="", days=0, session_key=SESSION, by=bob, mailbox=connected)
    with pytest.raises(ActionRefused, match="You announced"):
        finish_consent(provider, walk(simulator, url, "other@acme.example"), session_key=SESSION, by=bob)

    row = fresh(connected)
    assert row.credentials == connected.credentials
    sync(row)
    assert fresh(row).trouble == ""


def test_tokens_and_verifiers_are_sealed(connected: Mailbox, bob: Membership, provider: str) -> None:
    with organization_scope(bob.organization_id):
        begin_consent(provider, address="second@acme.example", days=7, session_key=SESSION, by=bob)
        waiting = ConsentRequest.objects.get(used_at=None)
    assert connected.credentials
    secrets = [connected.credentials["token"], ADDRESSES[provider], "second@acme.example"]
    secrets.append(waiting.details["kept"].get("verifier") or waiting.details["kept"]["flow"]["code_verifier"])
    with connection.cursor() as cursor:
        for table in ("mailbox_mailbox", "mailbox_consentrequest", "mailbox_mailboxauthorization"):
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 - names of our own
            rows = " ".join(row[0] for row in cursor.fetchall())
            for secret in secrets:
                assert secret not in rows
                assert secret.encode().hex() not in rows
