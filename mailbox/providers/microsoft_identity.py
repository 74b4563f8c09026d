"""Microsoft: consent and tokens, through msal."""

import time
from typing import Any
from urllib.parse import urlencode, urlsplit

import msal
import requests
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msal.exceptions import MsalServiceError

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
from mailbox.providers.transport import ProviderSession, unreachable

SCOPES = ["User.Read", "Mail.ReadWrite", "Mail.Send"]
NEEDED_FOR = {
    "mail.readwrite": gettext_lazy("read the mails in this mailbox"),
    "mail.send": gettext_lazy("send mail from this address"),
}
EARLY = 300  # seconds before its end a token counts as expired
MICROSOFT_HOSTS = (".microsoftonline.com", ".microsoftonline.us", ".partner.microsoftonline.cn")
_HTTP_CACHE: dict[str, Any] = {}  # discovery documents, and what msal remembers to slow itself down; for this process
_DEAD = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required", "invalid_scope"})
_APPLICATION = frozenset({"invalid_client", "unauthorized_client"})
_TRANSIENT = frozenset({"temporarily_unavailable", "server_error"})
_TRANSIENT_NUMBERS = frozenset({50033, 50087, 50196})
# The person declined; the company's policy wants an administrator to agree first.
_DECLINED = frozenset({65004})
_ADMIN_FIRST = frozenset({65001, 90008, 90094, 90095, 50105, 700016})


def begin(*, state: str, redirect_uri: str, address: str) -> Consent:
    """Return where the admin agrees, and what must be kept until the way back."""
    try:
        with ProviderSession() as session:
            flow = _application(session, msal.SerializableTokenCache()).initiate_auth_code_flow(
                SCOPES, redirect_uri=redirect_uri, state=state, login_hint=address, prompt="select_account"
            )
    except (requests.RequestException, MsalServiceError, ValueError):
        raise ActionRefused(_("Microsoft could not be reached. Please try again in a minute.")) from None
    return Consent(flow["auth_uri"], {"flow": flow})


def finish(kept: dict[str, Any], answer: dict[str, str]) -> Grant:
    """Exchange the code; ActionRefused, in a plain sentence, unless everything was granted and can be kept."""
    cache = msal.SerializableTokenCache()
    try:
        with ProviderSession() as session:
            result = _application(session, cache).acquire_token_by_auth_code_flow(kept["flow"], answer)
    except (ValueError, RuntimeError):  # another state, another nonce
        raise ActionRefused(_("This answer does not belong to the consent you began. Please begin again.")) from None
    except (requests.RequestException, MsalServiceError):
        raise ActionRefused(_("Microsoft could not be reached to finish. Please try again.")) from None
    if "error" in result:
        raise ActionRefused(_refusal(result))
    if (result.get("id_token_claims") or {}).get("aud") != settings.MICROSOFT_CLIENT_ID:
        raise ActionRefused(_("Microsoft’s answer was meant for another application. Nothing was connected."))
    granted = sorted(str(result.get("scope") or "").split())
    names = {scope.rpartition("/")[2].lower() for scope in granted}
    missing = [words for scope, words in NEEDED_FOR.items() if scope not in names]
    if missing:
        raise ActionRefused(
            _("This was not permitted: %(missing)s. Deskhero needs both permissions.")
            % {"missing": ", ".join(str(words) for words in missing)}
        )
    if not result.get("refresh_token"):
        raise ActionRefused(_("Microsoft gave no lasting permission, so mail would stop within the hour."))
    return Grant(_kept(result, cache), granted)


def access_token(mailbox: Mailbox, *, force: bool = False) -> str:
    """Return a token that holds for minutes yet, renewing it under the mailbox's lock where it does not."""
    kept = mailbox.credentials or {}
    if force or kept.get("expires_at", 0) - time.time() < EARLY:
        renew(mailbox, lambda stored: _ask(stored, force=force))
    return str((mailbox.credentials or {})["token"])


def admin_consent_url() -> str:
    """Return the one page a Microsoft administrator opens to allow Deskhero for the whole company."""
    authority = settings.MICROSOFT_AUTHORITY.rstrip("/").replace("/common", "/organizations")
    return f"{authority}/adminconsent?{urlencode({'client_id': settings.MICROSOFT_CLIENT_ID})}"


def judge_token_error(result: dict[str, Any]) -> MailProviderError:
    """Return what a refused renewal means: by its error, its numbers only where the error leaves it open."""
    error = str(result.get("error") or "")
    numbers = _numbers(result)
    code = f"{error}:{numbers[0]}" if numbers else error
    if error in _TRANSIENT or _TRANSIENT_NUMBERS & set(numbers):
        return TemporaryProviderError(code)
    if error in _APPLICATION:
        return ApplicationRefused(code)
    if error in _DEAD:
        return AuthorizationExpired(code)
    return ProviderError(code) if error else TemporaryProviderError("token_endpoint")


def _ask(kept: dict[str, Any], *, force: bool) -> dict[str, Any]:
    cache = msal.SerializableTokenCache()
    cache.deserialize(kept["cache"])
    try:
        with ProviderSession() as session:
            application = _application(session, cache)
            accounts = application.get_accounts()
            if not accounts:
                raise AuthorizationExpired("no_account")
            result = application.acquire_token_silent_with_error(SCOPES, accounts[0], force_refresh=force)
    except (requests.RequestException, MsalServiceError, ValueError) as error:  # ValueError: no discovery document
        raise unreachable(error) from None
    if not result:
        raise AuthorizationExpired("no_account")
    if "error" in result:
        raise judge_token_error(result)
    return _kept(result, cache)


def _kept(result: dict[str, Any], cache: msal.SerializableTokenCache) -> dict[str, Any]:
    return {
        "token": result["access_token"],
        "expires_at": time.time() + float(result.get("expires_in", 0)),
        "cache": cache.serialize(),
    }


def _application(session: ProviderSession, cache: msal.SerializableTokenCache) -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        settings.MICROSOFT_CLIENT_ID,
        settings.MICROSOFT_CLIENT_SECRET,
        authority=settings.MICROSOFT_AUTHORITY,
        http_client=session,
        token_cache=cache,
        http_cache=_HTTP_CACHE,
        instance_discovery=None if _is_microsofts(settings.MICROSOFT_AUTHORITY) else False,
    )


def _is_microsofts(authority: str) -> bool:
    return f".{urlsplit(authority).hostname or ''}".endswith(MICROSOFT_HOSTS)


def _numbers(result: dict[str, Any]) -> list[int]:
    numbers = [number for number in result.get("error_codes") or [] if isinstance(number, int)]
    if not numbers:  # at the redirect there is only the text: AADSTS65004: ...
        digits = str(result.get("error_description") or "").partition("AADSTS")[2].partition(":")[0]
        numbers = [int(digits)] if digits.isdigit() else []
    return numbers


def _refusal(result: dict[str, Any]) -> str:
    error, numbers = str(result.get("error") or ""), set(_numbers(result))
    if _ADMIN_FIRST & numbers or error == "consent_required":
        asks = _(
            "Your company’s Microsoft administrator must agree first. Ask them to open this page, and then try again:"
        )
        return f"{asks} {admin_consent_url()}"
    if error == "access_denied" or _DECLINED & numbers:
        return _("You did not agree at Microsoft.")
    if error in _APPLICATION:
        return _(
            "Microsoft does not accept Deskhero’s own registration (%(code)s). The operator of Deskhero must act."
        ) % {"code": error}
    if error == "invalid_grant":
        return _("Microsoft no longer knows this consent: it took too long, or was used before. Please begin again.")
    return _("Microsoft refused (%(code)s).") % {"code": " ".join([error[:40], *(str(one) for one in sorted(numbers))])}
