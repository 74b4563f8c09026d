"""Google's consent and tokens, driven by google-auth-oauthlib and google-auth."""

from datetime import UTC, datetime

import pytest
from google.auth.exceptions import RefreshError
from google.oauth2 import id_token
from oauthlib.oauth2.rfc6749.errors import (
    AccessDeniedError,
    InvalidClientError,
    InvalidGrantError,
    MismatchingStateError,
)

from mailbox.simulator.client import Simulator
from mailbox.simulator.consent_walk import ConsentFailed
from tests.simulator.clients import CALLBACK, GMAIL, GOOGLE_SCOPES, Google, answer_of

HELP = "help@acme.example"


def test_consent_gives_tokens_that_can_be_renewed(google: Google) -> None:
    credentials = google.consent()
    before = credentials.token

    credentials.refresh(google.request())

    assert credentials.refresh_token
    assert set(credentials.granted_scopes) == set(GOOGLE_SCOPES)
    assert credentials.token != before


def test_an_access_token_lives_3599_seconds(google: Google, simulator: Simulator) -> None:
    credentials = google.consent()
    header = {"Authorization": f"Bearer {credentials.token}"}
    profile = f"{simulator.base_url}/gmail/v1/users/me/profile"
    lasts = credentials.expiry - datetime.now(UTC).replace(tzinfo=None)
    assert simulator.session.get(profile, headers=header).status_code == 200

    simulator.advance_clock(3600)

    answer = simulator.session.get(profile, headers=header)
    assert 3580 < lasts.total_seconds() < 3600
    assert answer.status_code == 401
    assert answer.json()["error"]["errors"][0]["reason"] == "authError"
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_an_address_that_is_not_registered_gets_nobody_sent_back(google: Google, simulator: Simulator) -> None:
    url, _ = google.flow().authorization_url()

    with pytest.raises(ConsentFailed, match="redirect_uri_mismatch"):
        simulator.consent(url.replace("desk.example", "evil.example"), HELP)
    with pytest.raises(ConsentFailed, match="redirect_uri_mismatch"):
        simulator.consent(url.replace("callback", "callback%2F"), HELP)


def test_an_unknown_client_and_an_unknown_permission_are_shown_to_the_person(
    google: Google, simulator: Simulator
) -> None:
    url, _ = google.flow().authorization_url()
    with pytest.raises(ConsentFailed, match="invalid_client"):
        simulator.consent(url.replace("simulated-google-client", "somebody"), HELP)

    odd, _ = google.flow(["https://www.googleapis.com/auth/drive"]).authorization_url()
    with pytest.raises(ConsentFailed, match="invalid_scope"):
        simulator.consent(odd, HELP)


def test_the_state_comes_back_as_it_was_sent(google: Google, simulator: Simulator) -> None:
    url, state = google.flow().authorization_url(state="a state & more")
    back = simulator.consent(url, HELP)

    assert answer_of(back)["state"] == state == "a state & more"
    with pytest.raises(MismatchingStateError):
        google.flow(state="another").fetch_token(authorization_response=back)


def test_a_code_works_once(google: Google, simulator: Simulator) -> None:
    flow = google.flow()
    url, _ = flow.authorization_url()
    back = simulator.consent(url, HELP)
    flow.fetch_token(authorization_response=back, verify=simulator.ca_bundle)

    with pytest.raises(InvalidGrantError):
        flow.fetch_token(authorization_response=back, verify=simulator.ca_bundle)


def test_a_code_is_over_after_ten_minutes(google: Google, simulator: Simulator) -> None:
    flow = google.flow()
    url, _ = flow.authorization_url()
    back = simulator.consent(url, HELP)
    simulator.advance_clock(601)

    with pytest.raises(InvalidGrantError):
        flow.fetch_token(authorization_response=back, verify=simulator.ca_bundle)


@pytest.mark.parametrize("verifier", [None, "x" * 64])
def test_pkce_is_checked(google: Google, simulator: Simulator, verifier: str | None) -> None:
    flow = google.flow()
    url, state = flow.authorization_url()
    back = simulator.consent(url, HELP)
    other = google.flow(state=state, code_verifier=verifier, autogenerate_code_verifier=False)

    with pytest.raises(InvalidGrantError, match="verifier"):
        other.fetch_token(authorization_response=back, verify=simulator.ca_bundle)


def test_the_redirect_address_must_be_the_same_at_the_exchange(google: Google, simulator: Simulator) -> None:
    url, _ = google.flow(autogenerate_code_verifier=False).authorization_url()
    code = answer_of(simulator.consent(url, HELP))["code"]

    answer = google.post(
        "GOOGLE_TOKEN_URI",
        grant_type="authorization_code",
        code=code,
        redirect_uri=CALLBACK + "/",
        client_id=google.names["GOOGLE_CLIENT_ID"],
        client_secret=google.names["GOOGLE_CLIENT_SECRET"],
    )

    assert answer.status_code == 400
    assert answer.json()["error"] == "redirect_uri_mismatch"


def test_a_wrong_secret_is_refused_by_basic_and_in_the_body(google: Google, simulator: Simulator) -> None:
    flow = google.flow(secret="wrong")
    url, _ = flow.authorization_url()
    back = simulator.consent(url, HELP)
    with pytest.raises(InvalidClientError):
        flow.fetch_token(authorization_response=back, verify=simulator.ca_bundle)

    credentials = google.consent()
    credentials._client_secret = "wrong"
    with pytest.raises(RefreshError, match="invalid_client"):
        credentials.refresh(google.request())


def test_a_refresh_token_comes_with_offline_access_and_the_first_or_a_new_consent(google: Google) -> None:
    assert google.consent(access_type="online").refresh_token is None
    assert google.consent(prompt="select_account").refresh_token is None  # not the first consent any more
    assert google.consent(prompt="consent").refresh_token
    other = "first@acme.example"
    google.simulator.create_account("google", other)
    assert google.consent(other, prompt="select_account").refresh_token


def test_a_permission_can_be_left_out(google: Google) -> None:
    credentials = google.consent(grant=["gmail.readonly"])

    assert credentials.granted_scopes == [GMAIL + "readonly"]


def test_asking_more_than_was_granted_fails_the_renewal(google: Google) -> None:
    credentials = google.consent(grant=["gmail.readonly"])  # its scopes stay those that were asked for

    with pytest.raises(RefreshError, match="invalid_scope"):
        credentials.refresh(google.request())


def test_earlier_permissions_are_included_when_asked(google: Google) -> None:
    google.consent(scopes=[GMAIL + "send"])

    credentials = google.consent(scopes=[GMAIL + "readonly"], include_granted_scopes="true")

    assert set(credentials.granted_scopes) == set(GOOGLE_SCOPES)


def test_the_person_can_refuse(google: Google, simulator: Simulator) -> None:
    url, _ = (flow := google.flow()).authorization_url()
    back = simulator.consent(url, HELP, refuse=True)

    assert answer_of(back)["error"] == "access_denied"
    with pytest.raises(AccessDeniedError):
        flow.fetch_token(authorization_response=back, verify=simulator.ca_bundle)


def test_the_person_can_be_another_than_was_expected(google: Google, simulator: Simulator) -> None:
    simulator.create_account("google", "other@acme.example")
    flow = google.flow()
    url, _ = flow.authorization_url(login_hint=HELP)
    flow.fetch_token(authorization_response=simulator.consent(url, "other@acme.example"), verify=simulator.ca_bundle)

    profile = google.service(flow.credentials).users().getProfile(userId="me").execute()
    assert profile["emailAddress"] == "other@acme.example"


def test_revoking_ends_the_pair_and_a_second_time_is_400(google: Google) -> None:
    credentials = google.consent()

    assert google.post("GOOGLE_REVOKE_URI", token=credentials.refresh_token).status_code == 200
    assert google.post("GOOGLE_REVOKE_URI", token=credentials.refresh_token).status_code == 400
    with pytest.raises(RefreshError) as refused:
        credentials.refresh(google.request())
    assert refused.value.args[1]["error"] == "invalid_grant"
    assert not refused.value.retryable


def test_the_owner_can_end_it_too(google: Google, simulator: Simulator) -> None:
    credentials = google.consent()

    assert simulator.revoke(HELP) == 1
    with pytest.raises(RefreshError, match="invalid_grant"):
        credentials.refresh(google.request())


def test_an_expired_application_secret_is_not_the_mailboxs_fault(google: Google, simulator: Simulator) -> None:
    credentials = google.consent()
    simulator.expire_app_secret()

    with pytest.raises(RefreshError, match="invalid_client"):
        credentials.refresh(google.request())


def test_workspace_session_control_asks_the_person_again(google: Google, simulator: Simulator) -> None:
    credentials = google.consent()
    simulator.change_account(HELP, needs_mfa=True)

    with pytest.raises(RefreshError, match=r"Reauthentication|reauth"):
        credentials.refresh(google.request())


def test_an_id_token_proves_itself(google: Google) -> None:
    credentials = google.consent(scopes=["openid", "email", *GOOGLE_SCOPES])

    claims = id_token.verify_token(
        credentials.id_token,
        google.request(),
        audience=google.names["GOOGLE_CLIENT_ID"],
        certs_url=google.names["GOOGLE_TOKEN_URI"].replace("/token", "/certs"),
        clock_skew_in_seconds=10,
    )

    assert claims["email"] == HELP
