"""Google: consent, tokens, handing the permission back."""

from datetime import UTC, datetime
from typing import Any

import httplib2
import requests
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from google.auth.exceptions import ReauthFailError, RefreshError, TransportError
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error

from accounts.errors import ActionRefused
from mailbox.models import Mailbox
from mailbox.providers.base import (
    ApplicationRefused,
    AuthorizationExpired,
    MailProviderError,
    ProviderError,
    TemporaryProviderError,
)
from mailbox.providers.consent import Consent, Grant
from mailbox.providers.grants import renew
from mailbox.providers.transport import TIMEOUT, NotConnected, OneTryHttp, ProviderSession, unreachable

READ = "https://www.googleapis.com/auth/gmail.readonly"
SEND = "https://www.googleapis.com/auth/gmail.send"
SCOPES = [READ, SEND]
NEEDED_FOR = {READ: gettext_lazy("read the mails in this mailbox"), SEND: gettext_lazy("send mail from this address")}
_DEAD = frozenset({"invalid_grant", "invalid_scope", "invalid_rapt", "rapt_required"})
_APPLICATION = frozenset({"invalid_client", "unauthorized_client", "deleted_client", "org_internal", "disabled_client"})


def begin(*, state: str, redirect_uri: str, address: str) -> Consent:
    """Return where the admin agrees, and what must be kept until the way back."""
    flow = _flow(redirect_uri, SCOPES)
    url, _ = flow.authorization_url(access_type="offline", prompt="consent", login_hint=address, state=state)
    return Consent(url, {"verifier": flow.code_verifier, "redirect_uri": redirect_uri})


def finish(kept: dict[str, Any], answer: dict[str, str]) -> Grant:
    """Exchange the code; ActionRefused, in a plain sentence, unless everything was granted and can be kept."""
    if answer.get("error"):
        raise ActionRefused(_refusal(answer["error"]))
    flow = _flow(kept["redirect_uri"], None)  # without a list to compare, the library leaves the comparing to us
    flow.code_verifier = kept["verifier"]
    try:
        with flow.oauth2session:
            verify = settings.PROVIDER_CA_BUNDLE or True
            token = flow.fetch_token(code=answer.get("code", ""), verify=verify, timeout=TIMEOUT)
    except OAuth2Error as error:
        raise ActionRefused(_refusal(error.error)) from None
    except (requests.RequestException, OSError):
        raise ActionRefused(_("Google could not be reached to finish. Please try again.")) from None
    scope = token.get("scope") or []
    granted = scope if isinstance(scope, list) else str(scope).split()
    missing = [NEEDED_FOR[scope] for scope in SCOPES if scope not in granted]
    if missing:
        raise ActionRefused(
            _("This was not permitted: %(missing)s. Deskhero needs both permissions; tick them all.")
            % {"missing": ", ".join(str(words) for words in missing)}
        )
    if not token.get("refresh_token"):
        raise ActionRefused(
            _("Google gave no lasting permission, so mail would stop within the hour. Please try again.")
        )
    credentials = {
        "token": token["access_token"],
        "refresh_token": token["refresh_token"],
        "expires_at": float(token["expires_at"]),
        "scopes": sorted(granted),
    }
    return Grant(credentials, sorted(granted))


def revoke(credentials: dict[str, Any]) -> bool:
    """Hand the permission back; a permission that is dead already counts as handed back."""
    try:
        with ProviderSession() as session:
            answer = session.post(settings.GOOGLE_REVOKE_URI, data={"token": credentials["refresh_token"]})
    except requests.RequestException as error:
        raise unreachable(error) from None
    if answer.status_code in {200, 400}:
        return True
    raise TemporaryProviderError(f"http_{answer.status_code}")


class StoredCredentials(Credentials):
    """The library's credentials, renewed under the mailbox's lock and saved with it."""

    def __init__(self, mailbox: Mailbox) -> None:
        """Take what the mailbox holds."""
        kept = mailbox.credentials or {}
        super().__init__(
            kept.get("token"),
            refresh_token=kept.get("refresh_token"),
            token_uri=settings.GOOGLE_TOKEN_URI,
            client_id=settings.GOOGLE_CLIENT_ID,
            client_secret=settings.GOOGLE_CLIENT_SECRET,
            scopes=kept.get("scopes"),  # what was granted: asking for more would fail
            expiry=_naive(kept.get("expires_at", 0)),
        )
        self.mailbox = mailbox

    def refresh(self, request: Any) -> None:
        """Renew, or take what another worker renewed meanwhile."""
        renew(self.mailbox, lambda kept: _ask(request, kept))
        kept = self.mailbox.credentials or {}
        self.token, self.expiry, self._refresh_token = (
            kept["token"],
            _naive(kept["expires_at"]),
            kept["refresh_token"],
        )


def authorized_http(mailbox: Mailbox) -> AuthorizedHttp:
    """Return the transport that signs requests for this mailbox."""
    return AuthorizedHttp(StoredCredentials(mailbox), http=OneTryHttp())


def judge_refresh(error: RefreshError) -> MailProviderError:
    """Return what a failed renewal means. What names no error of the protocol is temporary."""
    detail = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    code = str(detail.get("error") or "")
    if code in _APPLICATION:
        return ApplicationRefused(code)
    if code in _DEAD or isinstance(error, ReauthFailError):
        return AuthorizationExpired(str(detail.get("error_subtype") or code or "reauthentication"))
    if code and not error.retryable and code not in {"temporarily_unavailable", "internal_failure", "server_error"}:
        return ProviderError(code)
    return TemporaryProviderError(code or "token_endpoint")


def _ask(request: Any, kept: dict[str, Any]) -> dict[str, Any]:
    fresh = Credentials(
        None,
        refresh_token=kept["refresh_token"],
        token_uri=settings.GOOGLE_TOKEN_URI,
        client_id=settings.GOOGLE_CLIENT_ID,
        client_secret=settings.GOOGLE_CLIENT_SECRET,
        scopes=kept["scopes"],
    )
    try:
        fresh.refresh(request)
    except RefreshError as error:
        raise judge_refresh(error) from None
    except (TransportError, httplib2.HttpLib2Error, NotConnected, OSError) as error:
        raise unreachable(error) from None
    return kept | {
        "token": fresh.token,
        "refresh_token": fresh.refresh_token or kept["refresh_token"],
        "expires_at": fresh.expiry.replace(tzinfo=UTC).timestamp() if fresh.expiry else 0,
    }


def _flow(redirect_uri: str, scopes: list[str] | None) -> Flow:
    application = {
        "client_id": settings.GOOGLE_CLIENT_ID,
        "client_secret": settings.GOOGLE_CLIENT_SECRET,
        "auth_uri": settings.GOOGLE_AUTH_URI,
        "token_uri": settings.GOOGLE_TOKEN_URI,
    }
    flow = Flow.from_client_config({"web": application}, scopes=scopes, redirect_uri=redirect_uri)
    flow.oauth2session.trust_env = not settings.PROVIDER_CA_BUNDLE
    return flow


def _naive(epoch: float) -> datetime:
    """As the library wants it: UTC without saying so."""
    return datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)


def _refusal(code: str) -> str:
    if code == "access_denied":
        return _("You did not agree at Google.")
    if code == "admin_policy_enforced":
        return _(
            "Your company’s Google administrator does not allow Deskhero. Ask them to allow it in the admin console."
        )
    if code in _APPLICATION:
        return _(
            "Google does not accept Deskhero’s own registration (%(code)s). The operator of Deskhero must act."
        ) % {"code": code}
    if code == "invalid_grant":
        return _("Google no longer knows this consent: it took too long, or was used before. Please begin again.")
    return _("Google refused (%(code)s).") % {"code": code[:40]}
