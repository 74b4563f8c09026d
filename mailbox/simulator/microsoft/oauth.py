"""Microsoft's authorization and token endpoints, and their discovery."""

import base64
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from mailbox.simulator.clock import now
from mailbox.simulator.microsoft.errors import identity_error
from mailbox.simulator.models import Account, Grant, Option, Token
from mailbox.simulator.oauth import codes, consent, identity
from mailbox.simulator.oauth.asked import BadRequest
from mailbox.simulator.oauth.scopes import MICROSOFT_IDENTITY, short

WHY = {"unknown": 70000, "used": 54005, "expired": 70008, "redirect": 500112, "verifier": 501481}
DECLINED = "AADSTS65004: User declined to consent to access the app."


@require_GET
def discovery(request: HttpRequest, tenant: str) -> HttpResponse:
    """Where everything is, as OpenID Connect asks."""
    base = request.build_absolute_uri(f"/microsoft/{tenant}")
    issuer = request.build_absolute_uri("/microsoft/{tenantid}").replace("%7B", "{").replace("%7D", "}")
    answer = {
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"{issuer if tenant == 'common' else base}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
    }
    return JsonResponse(answer)


@require_GET
def keys(request: HttpRequest, tenant: str) -> HttpResponse:
    """The keys that prove ID tokens."""
    return JsonResponse(identity.public_keys())


@require_GET
def authorize(request: HttpRequest, tenant: str) -> HttpResponse:
    """Show the consent page, or why there is none."""
    try:
        asked = consent.read_request("microsoft", request.META["QUERY_STRING"])
    except BadRequest as bad:
        return consent.show_refusal(request, "microsoft", bad)
    if asked.prompt == "none":
        answer = {"error": "interaction_required", "error_description": "AADSTS50058: Sign-in is needed."}
        return consent.send_back(request, asked, answer)
    return consent.show_consent(request, asked)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Take the person's decision and send it back."""
    try:
        asked = consent.read_request("microsoft", consent.posted_query(request))
    except BadRequest as bad:
        return consent.show_refusal(request, "microsoft", bad)
    if Option.read("admin_consent_required"):
        sentence = "AADSTS90094: An administrator of your organization must allow this application."
        return consent.send_back(request, asked, {"error": "access_denied", "error_description": sentence})
    again, answer = consent.decide(request, asked)
    if "error" in answer:
        answer["error_description"] = DECLINED
    elif not again:
        account = (
            codes.AuthorizationCode.objects.select_related("grant__account").get(code=answer["code"]).grant.account
        )
        answer |= {"client_info": client_info(account), "session_state": str(account.subject)}
    return again or consent.send_back(request, asked, answer)


@require_POST
def token(request: HttpRequest, tenant: str) -> HttpResponse:
    """Trade a code or a refresh token for tokens; every refresh token is new, the old one stays good."""
    if not codes.is_client(request, "microsoft"):
        return identity_error(7000222 if Option.read("app_secret_expired") else 7000215)
    client = codes.settings.CLIENTS["microsoft"][0]
    kind = request.POST.get("grant_type")
    if kind == "authorization_code":
        try:
            code = codes.redeem(
                client,
                request.POST.get("code", ""),
                request.POST.get("redirect_uri", ""),
                request.POST.get("code_verifier", ""),
            )
        except codes.Unredeemable as refused:
            return identity_error(WHY[refused.why])
        return _tokens(request, code.grant, code.scopes, code.with_refresh, nonce=code.nonce)
    if kind == "refresh_token":
        refresh = codes.live_refresh_token(client, request.POST.get("refresh_token", ""))
        if refresh is None:
            return identity_error(70000)
        if refresh.grant.revoked_at:
            return identity_error(refresh.grant.reason)
        return _tokens(request, refresh.grant, refresh.scopes, True)
    return identity_error(70003 if kind else 900144)


def _tokens(
    request: HttpRequest, grant: Grant, allowed: list[str], with_refresh: bool, nonce: str | None = None
) -> HttpResponse:
    account = grant.account
    if account.is_disabled:
        return identity_error(50057)
    if account.needs_mfa:
        return identity_error(50076)
    wanted = request.POST.get("scope", "").split() or allowed
    granted = {short(scope) for scope in allowed}
    given = [scope for scope in wanted if short(scope) in granted and scope != "offline_access"]
    if not [scope for scope in given if scope not in MICROSOFT_IDENTITY] and set(wanted) - MICROSOFT_IDENTITY:
        return identity_error(65001)
    access = codes.new_token(grant, Token.Kind.ACCESS, [short(scope) for scope in given])
    answer: dict[str, Any] = {
        "token_type": "Bearer",
        "scope": " ".join(given),
        "expires_in": codes.ACCESS_SECONDS,
        "ext_expires_in": codes.ACCESS_SECONDS,
        "access_token": access.value,
        "client_info": client_info(account),
    }
    if with_refresh:
        answer["refresh_token"] = codes.new_token(grant, Token.Kind.REFRESH, allowed).value
    if "openid" in given:
        answer["id_token"] = identity.signed(_claims(request, grant, nonce))
    return JsonResponse(answer)


def _claims(request: HttpRequest, grant: Grant, nonce: str | None) -> dict[str, Any]:
    account, moment = grant.account, int(now().timestamp())
    claims: dict[str, Any] = {
        "aud": grant.client,
        "iss": request.build_absolute_uri(f"/microsoft/{account.tenant}/v2.0"),
        "iat": moment, "nbf": moment, "exp": moment + codes.ACCESS_SECONDS,
        "name": account.label, "oid": str(account.subject), "sub": account.subject.hex,
        "preferred_username": account.address, "tid": str(account.tenant), "ver": "2.0",
    }  # fmt: skip
    if nonce:
        claims["nonce"] = nonce
    return claims


def client_info(account: Account) -> str:
    """The account's id as msal keeps it."""
    content = json.dumps({"uid": str(account.subject), "utid": str(account.tenant)}).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
