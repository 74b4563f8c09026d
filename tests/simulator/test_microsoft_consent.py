"""Microsoft's consent and tokens, driven by msal."""

import base64
import json
from typing import Any

import jwt
import pytest

from mailbox.simulator.client import Simulator
from mailbox.simulator.consent_walk import ConsentFailed
from tests.simulator.clients import CALLBACK, GRAPH_SCOPES, Microsoft, answer_of

SUPPORT = "support@acme.example"

pytestmark = pytest.mark.filterwarnings("ignore:response_mode")


def test_consent_gives_tokens_and_an_account(microsoft: Microsoft) -> None:
    result = microsoft.consent()
    claims = result["id_token_claims"]

    assert set(GRAPH_SCOPES) <= set(result["scope"].split())
    assert result["expires_in"] == 3599
    assert claims["preferred_username"] == SUPPORT
    assert claims["aud"] == microsoft.names["MICROSOFT_CLIENT_ID"]
    assert microsoft.app().get_accounts()[0]["home_account_id"] == f"{claims['oid']}.{claims['tid']}"


def test_the_id_token_is_signed_by_a_published_key(microsoft: Microsoft) -> None:
    token = microsoft.consent()["id_token"]
    keys = microsoft.get(microsoft.names["MICROSOFT_AUTHORITY"] + "/discovery/v2.0/keys").json()["keys"]

    claims = jwt.decode(token, jwt.PyJWK(keys[0]).key, ["RS256"], audience=microsoft.names["MICROSOFT_CLIENT_ID"])

    assert claims["iss"].endswith(f"/microsoft/{claims['tid']}/v2.0")


def test_a_silent_token_comes_from_the_cache_and_then_from_a_rotated_refresh_token(
    microsoft: Microsoft, simulator: Simulator
) -> None:
    first = microsoft.consent()

    assert microsoft.silent()["token_source"] == "cache"
    renewed = microsoft.silent(force_refresh=True)

    assert renewed["access_token"] != first["access_token"]
    assert first["refresh_token"] not in microsoft.cache.serialize()  # the cache holds the new one
    again = microsoft.app().acquire_token_by_refresh_token(first["refresh_token"], GRAPH_SCOPES)
    assert "access_token" in again  # rotation does not kill the old one


def test_the_state_must_be_the_one_that_was_sent(microsoft: Microsoft, simulator: Simulator) -> None:
    flow = (app := microsoft.app()).initiate_auth_code_flow(GRAPH_SCOPES, redirect_uri=CALLBACK)
    answer = answer_of(simulator.consent(flow["auth_uri"], SUPPORT))

    assert answer["state"] == flow["state"]
    with pytest.raises(ValueError, match="state"):
        app.acquire_token_by_auth_code_flow({**flow, "state": "other"}, answer)


def test_the_nonce_comes_back_in_the_id_token(microsoft: Microsoft, simulator: Simulator) -> None:
    flow = (app := microsoft.app()).initiate_auth_code_flow(GRAPH_SCOPES, redirect_uri=CALLBACK)
    answer = answer_of(simulator.consent(flow["auth_uri"], SUPPORT))

    with pytest.raises(RuntimeError, match="nonce"):
        app.acquire_token_by_auth_code_flow({**flow, "nonce": "other"}, answer)


def redeem(microsoft: Microsoft, **changes: Any) -> list[dict[str, Any]]:
    """Redeem a code twice, each time with a fresh app; changes go into the flow."""
    flow = microsoft.app().initiate_auth_code_flow(GRAPH_SCOPES, redirect_uri=CALLBACK)
    answer = answer_of(microsoft.simulator.consent(flow["auth_uri"], SUPPORT))
    return [microsoft.app().acquire_token_by_auth_code_flow({**flow, **changes}, answer) for _ in range(2)]


def test_a_code_works_once(microsoft: Microsoft) -> None:
    first, second = redeem(microsoft)

    assert "access_token" in first
    assert second["error"] == "invalid_grant"
    assert second["error_codes"] == [54005]
    assert second["error_description"].startswith("AADSTS54005: ")
    assert {"correlation_id", "trace_id", "timestamp"} <= set(second)


@pytest.mark.parametrize(
    ("changes", "number"), [({"code_verifier": "x" * 43}, 501481), ({"redirect_uri": CALLBACK + "/"}, 500112)]
)
def test_pkce_and_redirect_address_are_checked(microsoft: Microsoft, changes: dict[str, str], number: int) -> None:
    assert redeem(microsoft, **changes)[0]["error_codes"] == [number]


def test_an_address_that_is_not_registered_gets_nobody_sent_back(microsoft: Microsoft, simulator: Simulator) -> None:
    flow = microsoft.app().initiate_auth_code_flow(GRAPH_SCOPES, redirect_uri="https://evil.example/callback")

    with pytest.raises(ConsentFailed, match="AADSTS50011"):
        simulator.consent(flow["auth_uri"], SUPPORT)


def test_a_permission_can_be_left_out(microsoft: Microsoft) -> None:
    result = microsoft.consent(grant=["User.Read", "Mail.ReadWrite"])

    assert "Mail.Send" not in result["scope"].split()
    microsoft.session.headers["Authorization"] = "Bearer " + result["access_token"]
    refused = microsoft.post("/me/sendMail", json={"message": {}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "ErrorAccessDenied")


def test_the_person_can_refuse_or_be_another(microsoft: Microsoft, simulator: Simulator) -> None:
    refused = microsoft.consent(refuse=True)
    simulator.create_account("microsoft", "other@acme.example")
    flow = (app := microsoft.app()).initiate_auth_code_flow(GRAPH_SCOPES, redirect_uri=CALLBACK, login_hint=SUPPORT)
    other = app.acquire_token_by_auth_code_flow(
        flow, answer_of(simulator.consent(flow["auth_uri"], "other@acme.example"))
    )

    assert refused["error"] == "access_denied"
    assert "AADSTS65004" in refused["error_description"]
    assert other["id_token_claims"]["preferred_username"] == "other@acme.example"


def test_an_administrator_may_be_needed(microsoft: Microsoft, simulator: Simulator) -> None:
    simulator.set_options(admin_consent_required=True)

    result = microsoft.consent()

    assert result["error"] == "access_denied"
    assert "AADSTS90094" in result["error_description"]


def test_no_refresh_token_without_offline_access(microsoft: Microsoft, simulator: Simulator) -> None:
    names = microsoft.names
    flow = microsoft.app().initiate_auth_code_flow(GRAPH_SCOPES, redirect_uri=CALLBACK)
    url = flow["auth_uri"].replace("offline_access+", "").replace("+offline_access", "")
    code = answer_of(simulator.consent(url, SUPPORT))["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": flow["code_verifier"],
    }
    basic = (names["MICROSOFT_CLIENT_ID"], names["MICROSOFT_CLIENT_SECRET"])  # msal sends the body; Basic works too

    answer = microsoft.session.post(names["MICROSOFT_AUTHORITY"] + "/oauth2/v2.0/token", data=form, auth=basic)

    assert "access_token" in answer.json()
    assert "refresh_token" not in answer.json()


@pytest.mark.parametrize(("reason", "error"), [(50173, "invalid_grant"), (53003, "interaction_required")])
def test_a_grant_that_ended_says_why(microsoft: Microsoft, simulator: Simulator, reason: int, error: str) -> None:
    microsoft.consent()
    simulator.revoke(SUPPORT, reason)

    result = microsoft.silent(force_refresh=True)

    assert (result["error"], result["error_codes"]) == (error, [reason])


@pytest.mark.parametrize(("change", "number"), [({"needs_mfa": True}, 50076), ({"is_disabled": True}, 50057)])
def test_an_account_can_change_its_mind(
    microsoft: Microsoft, simulator: Simulator, change: dict[str, bool], number: int
) -> None:
    microsoft.consent()
    simulator.change_account(SUPPORT, **change)

    assert microsoft.silent(force_refresh=True)["error_codes"] == [number]


def test_the_applications_secret_can_be_wrong_or_over(microsoft: Microsoft, simulator: Simulator) -> None:
    microsoft.consent()
    account = microsoft.app().get_accounts()[0]
    wrong = microsoft.app(secret="wrong")
    first = wrong.acquire_token_silent_with_error(GRAPH_SCOPES, account, force_refresh=True)
    simulator.expire_app_secret()
    second = microsoft.silent(force_refresh=True)

    assert (first["error"], first["error_codes"]) == ("invalid_client", [7000215])
    assert (second["error"], second["error_codes"]) == ("invalid_client", [7000222])


def test_the_answer_can_come_as_a_posted_form(microsoft: Microsoft, simulator: Simulator) -> None:
    app = microsoft.app()
    flow = app.initiate_auth_code_flow(GRAPH_SCOPES, redirect_uri=CALLBACK, response_mode="form_post")

    result = app.acquire_token_by_auth_code_flow(flow, answer_of(simulator.consent(flow["auth_uri"], SUPPORT)))

    assert "access_token" in result


def test_client_info_names_the_account(microsoft: Microsoft) -> None:
    packed = microsoft.consent()["client_info"]

    assert set(json.loads(base64.urlsafe_b64decode(packed + "=="))) == {"uid", "utid"}
