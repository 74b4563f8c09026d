"""Google's authorization, token and revocation endpoints."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.datastructures import MultiValueDictKeyError
from django.views.decorators.http import require_GET, require_POST

from mailbox.simulator.clock import now
from mailbox.simulator.models import Grant, Token
from mailbox.simulator.oauth import codes, consent, identity
from mailbox.simulator.oauth.asked import BadRequest
from mailbox.simulator.oauth.scopes import GOOGLE, GOOGLE_NAMES


@require_GET
def authorize(request: HttpRequest) -> HttpResponse:
    """Show the consent page, or why there is none."""
    try:
        asked = consent.read_request("google", request.META["QUERY_STRING"])
    except BadRequest as bad:
        return consent.show_refusal(request, "google", bad)
    if asked.prompt == "none":
        return consent.send_back(request, asked, {"error": "interaction_required"})
    return consent.show_consent(request, asked)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Take the person's decision and send it back."""
    try:
        asked = consent.read_request("google", consent.posted_query(request))
    except BadRequest as bad:
        return consent.show_refusal(request, "google", bad)
    again, answer = consent.decide(request, asked)
    if "code" in answer:
        answer["scope"] = " ".join(codes.AuthorizationCode.objects.get(code=answer["code"]).scopes)
    return again or consent.send_back(request, asked, answer)


def _error(status: int, error: str, description: str, **more: str) -> JsonResponse:
    return JsonResponse({"error": error, "error_description": description, **more}, status=status)


@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Trade a code or a refresh token for an access token."""
    if not codes.is_client(request, "google"):
        return _error(401, "invalid_client", "Unauthorized")
    client = codes.settings.CLIENTS["google"][0]
    try:
        if request.POST.get("grant_type") == "authorization_code":
            return _redeem(request, client)
        if request.POST.get("grant_type") == "refresh_token":
            return _refresh(request, client)
    except MultiValueDictKeyError as missing:
        return _error(400, "invalid_request", f"Missing required parameter: {missing.args[0]}")
    return _error(400, "unsupported_grant_type", "Invalid grant_type")


def _redeem(request: HttpRequest, client: str) -> JsonResponse:
    verifier = request.POST.get("code_verifier", "")
    try:
        code = codes.redeem(client, request.POST["code"], request.POST.get("redirect_uri", ""), verifier)
    except codes.Unredeemable as refused:
        if refused.why == "redirect":
            return _error(400, "redirect_uri_mismatch", "Bad Request")
        if refused.why == "verifier":
            return _error(400, "invalid_grant", "Invalid code verifier." if verifier else "Missing code verifier.")
        return _error(400, "invalid_grant", "Malformed auth code." if refused.why == "unknown" else "Bad Request")
    answer = _tokens(code.grant, code.scopes)
    if code.with_refresh:
        answer["refresh_token"] = codes.new_token(code.grant, Token.Kind.REFRESH, code.scopes).value
    return JsonResponse(answer)


def _refresh(request: HttpRequest, client: str) -> JsonResponse:
    refresh = codes.live_refresh_token(client, request.POST["refresh_token"])
    if refresh is None or refresh.grant.revoked_at or refresh.grant.account.is_disabled:
        return _error(400, "invalid_grant", "Token has been expired or revoked.")
    if refresh.grant.account.needs_mfa:
        return _error(400, "invalid_grant", "reauth related error (invalid_rapt)", error_subtype="invalid_rapt")
    asked = [GOOGLE_NAMES.get(scope, scope) for scope in request.POST.get("scope", "").split()]
    if set(asked) - {GOOGLE_NAMES.get(scope, scope) for scope in refresh.scopes}:
        return _error(400, "invalid_scope", "Some requested scopes were not granted.")
    return JsonResponse(_tokens(refresh.grant, asked or refresh.scopes))


def _tokens(grant: Grant, scopes: list[str]) -> dict[str, Any]:
    access = codes.new_token(grant, Token.Kind.ACCESS, scopes)
    granted = list(dict.fromkeys(GOOGLE_NAMES.get(scope, scope) for scope in scopes))
    answer = {
        "access_token": access.value,
        "expires_in": codes.ACCESS_SECONDS,
        "scope": " ".join(granted),
        "token_type": "Bearer",
    }
    if "openid" in granted:
        account, moment = grant.account, int(now().timestamp())
        claims = {
            "iss": "https://accounts.google.com", "azp": grant.client, "aud": grant.client,
            "sub": str(account.subject.int)[:21], "iat": moment, "exp": moment + 3600,
        }  # fmt: skip
        if GOOGLE + "userinfo.email" in granted:
            claims |= {"email": account.address, "email_verified": True}
        answer["id_token"] = identity.signed(claims)
    return answer


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """End the grant a token belongs to; an already dead token is 400."""
    value = request.POST.get("token") or request.GET.get("token", "")
    found = Token.objects.select_related("grant__account").filter(value=value).first() if value else None
    if found is None or found.grant.account.provider != "google" or found.grant.revoked_at:
        return _error(400, "invalid_token", "Token expired or revoked")
    codes.revoke(found.grant)
    return JsonResponse({})


@require_GET
def certs(request: HttpRequest) -> HttpResponse:
    """The keys that prove ID tokens."""
    return JsonResponse(identity.public_keys())
