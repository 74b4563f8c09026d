"""Codes and tokens: made, redeemed once, proved by PKCE, refused with a reason."""

import base64
import hashlib
import secrets
from datetime import timedelta
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from mailbox.simulator.clock import now
from mailbox.simulator.models import Account, AuthorizationCode, Grant, Option, Token
from mailbox.simulator.oauth.asked import Asked

ACCESS_SECONDS = 3599


class Unredeemable(Exception):
    """A code that gives no token, and why: unknown, used, expired, redirect, verifier."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def issue_code(asked: Asked, account: Account, allowed: list[str]) -> str:
    """Record the consent and make the one-time code for it."""
    live = Grant.objects.filter(account=account, client=asked.client_id, revoked_at=None).first()
    first = live is None
    grant = live or Grant(account=account, client=asked.client_id, created_at=now())
    kept = [scope for scope in grant.scopes if scope not in asked.scopes]
    earlier = kept if asked.include_granted or asked.provider == "microsoft" else []
    grant.scopes = allowed + earlier
    grant.save()
    if asked.provider == "google":
        with_refresh = asked.offline and (first or "consent" in asked.prompt.split())
    else:
        with_refresh = "offline_access" in allowed
    code = AuthorizationCode.objects.create(
        code=("4/0A" if asked.provider == "google" else "0.A") + secrets.token_urlsafe(48),
        grant=grant,
        redirect_uri=asked.redirect_uri,
        challenge=asked.challenge,
        nonce=asked.nonce,
        scopes=grant.scopes if asked.provider == "google" else allowed,
        with_refresh=with_refresh,
        expires_at=now() + timedelta(minutes=10),
    )
    return code.code


def redeem(client: str, value: str, redirect_uri: str, verifier: str) -> AuthorizationCode:
    """Use a code once; raises Unredeemable."""
    code = AuthorizationCode.objects.select_related("grant__account").filter(code=value, grant__client=client).first()
    if code is None:
        raise Unredeemable("unknown")
    if code.used_at:
        raise Unredeemable("used")
    if code.expires_at < now() or code.grant.revoked_at:
        raise Unredeemable("expired")
    if code.redirect_uri != redirect_uri:
        raise Unredeemable("redirect")
    if code.challenge and code.challenge != s256(verifier):
        raise Unredeemable("verifier")
    if not AuthorizationCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now()):
        raise Unredeemable("used")
    return code


def s256(verifier: str) -> str:
    """The PKCE challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def new_token(grant: Grant, kind: str, scopes: list[str]) -> Token:
    """A token of a grant; access tokens live 3599 seconds."""
    prefix = {"google": {"access": "ya29.a0", "refresh": "1//0"}, "microsoft": {"access": "EwB", "refresh": "1.A"}}
    return Token.objects.create(
        value=prefix[grant.account.provider][kind] + secrets.token_urlsafe(64),
        kind=kind,
        grant=grant,
        scopes=scopes,
        expires_at=now() + timedelta(seconds=ACCESS_SECONDS) if kind == Token.Kind.ACCESS else None,
    )


def live_refresh_token(client: str, value: str) -> Token | None:
    """The refresh token of this client, dead grants included."""
    tokens = Token.objects.select_related("grant__account")
    return tokens.filter(value=value, kind=Token.Kind.REFRESH, grant__client=client).first()


def is_client(request: HttpRequest, provider: str) -> bool:
    """Whether the application proved itself, by Basic or in the body, with a secret that still counts."""
    client_id, secret = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(value).decode().partition(":")
        except ValueError:
            return False
        client_id, secret = unquote_plus(client_id), unquote_plus(secret)
    right = secrets.compare_digest(f"{client_id} {secret}", " ".join(settings.CLIENTS[provider]))
    return right and not Option.read("app_secret_expired")


def revoke(grant: Grant, reason: int = 50173) -> None:
    """End a grant: none of its tokens works any more."""
    grant.revoked_at, grant.reason = now(), reason
    grant.save(update_fields=["revoked_at", "reason"])
