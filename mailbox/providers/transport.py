"""How requests leave: with a time limit, the right certificates, and never a second time by themselves."""

import email.utils
import time
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import httplib2
import requests
from django.conf import settings

from mailbox.providers.base import TemporaryProviderError

TIMEOUT = 60  # seconds for one answer
LONGEST_WAIT = 3600  # seconds; a provider that asks for more is asked again after this


class NotConnected(OSError):
    """No connection was made, so nothing left."""


class OneTryHttp(httplib2.Http):
    """httplib2 that sends a POST or PUT once: by itself it repeats one whose connection breaks, so mails go twice."""

    def __init__(self) -> None:
        """Set time limit and certificates, and leave 308 to resumable uploads, where it means: go on."""
        super().__init__(timeout=TIMEOUT, ca_certs=settings.PROVIDER_CA_BUNDLE or None)
        self.redirect_codes: frozenset[int] = httplib2.REDIRECT_CODES - {308}
        self.follow_redirects = False

    def _conn_request(self, conn: Any, request_uri: str, method: str, body: Any, headers: Mapping[str, str]) -> Any:
        if method in {"GET", "HEAD"}:
            return super()._conn_request(conn, request_uri, method, body, headers)
        conn.close()  # one that was kept may have gone stale, and then nobody knows whether it arrived
        try:
            conn.connect()
        except OSError as error:
            conn.close()
            raise NotConnected(type(error).__name__) from error
        try:
            conn.request(method, request_uri, body, headers)
            answer = conn.getresponse()
            content = answer.read()
        except BaseException:
            conn.close()
            raise
        response = httplib2.Response(answer)
        return response, httplib2._decompressContent(response, content, self.limit_kwargs)


class ProviderSession(requests.Session):
    """requests with a time limit and the provider's certificates; it follows no redirect."""

    def __init__(self) -> None:
        """Take the certificates of the settings; they win over the environment's."""
        super().__init__()
        bundle = settings.PROVIDER_CA_BUNDLE
        self.trust_env, self.verify = not bundle, bundle or True

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Send once."""
        kwargs.setdefault("timeout", TIMEOUT)
        kwargs.setdefault("allow_redirects", False)
        return super().request(method, url, *args, **kwargs)


def surely_not_sent(error: requests.RequestException) -> bool:
    """Return whether no connection was made at all."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a provider asks us to wait, from seconds or from a date; None where it does not say."""
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "").strip()
    if value.isdigit():
        return min(float(value), LONGEST_WAIT)
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max(when.timestamp() - time.time(), 0), LONGEST_WAIT)


def unreachable(error: Exception) -> TemporaryProviderError:
    """Return ours for a network failure; only its kind is kept, because its text holds addresses of requests."""
    return TemporaryProviderError(f"unreachable:{type(error).__name__}")


class Pace:
    """At most `burst` calls at once and `per_second` in the long run; wait() sleeps as long as it must."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        """Begin with a full measure."""
        self.burst, self.per_second = burst, per_second
        self.left, self.at = float(burst), time.monotonic()

    def wait(self) -> None:
        """Take one call."""
        now = time.monotonic()
        self.left = min(self.burst, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            time.sleep((1 - self.left) / self.per_second)
        self.left -= 1
