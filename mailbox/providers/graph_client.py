"""Requests to Graph: signed, with ids that survive a move, to no other host, and failures as ours."""

from collections.abc import Callable
from typing import Any, TypeVar

import requests
from django.conf import settings

from mailbox.models import Mailbox
from mailbox.providers.base import (
    ApplicationRefused,
    AuthorizationExpired,
    CursorExpired,
    MailProviderError,
    ProviderError,
    TemporaryProviderError,
    UnclearResult,
)
from mailbox.providers.microsoft_identity import access_token
from mailbox.providers.transport import ProviderSession, retry_after, surely_not_sent, unreachable

IMMUTABLE = 'IdType="ImmutableId"'
_RESYNC = frozenset({"syncstatenotfound", "resyncrequired", "syncstateinvalid"})
_SCOPE = frozenset({"ErrorAccessDenied", "Authorization_RequestDenied", "AccessDenied"})
_TOO_LARGE = frozenset({"ErrorMessageSizeExceeded", "RequestEntityTooLarge", "ErrorAttachmentSizeLimitExceeded"})
_APPLICATION = frozenset({"Authorization_IdentityNotFound", "UnknownClientApplication"})
_T = TypeVar("_T")


class Missing(MailProviderError):
    """What was named is not there."""


class GraphClient:
    """One mailbox's calls to Graph, one after another."""

    def __init__(self, mailbox: Mailbox) -> None:
        """Take whose token signs."""
        self.mailbox, self.session = mailbox, ProviderSession()
        self.root = settings.GRAPH_API_ROOT.rstrip("/")

    def relative(self, link: str) -> str:
        """Return a link of an answer relative to our root; one that leads elsewhere gets no token of ours."""
        if not link.startswith(self.root + "/"):
            raise ProviderError("foreign_link")
        return link[len(self.root) :]

    def get(self, path: str, *, prefer: str = "") -> dict[str, Any]:
        """Return the JSON at a path."""
        return self._json(self._request("GET", path, ok={200}, prefer=prefer))

    def get_bytes(self, path: str) -> bytes:
        """Return the bytes at a path."""
        return self._request("GET", path, ok={200}).content

    def post(
        self, path: str, *, ok: set[int], sending: bool = False, data: bytes | None = None, json: Any = None
    ) -> dict[str, Any]:
        """Post once; only the statuses named are success, because 200 has meant failure where 202 was due."""
        content_type = "text/plain" if data is not None else "application/json"
        answer = self._request("POST", path, ok=ok, sending=sending, data=data, json=json, content_type=content_type)
        return self._json(answer) if answer.content else {}

    def put_chunk(self, url: str, data: bytes, *, start: int, total: int) -> None:
        """Put a piece of a file where an upload session asked for it, without our token: the address is the secret."""
        headers = {"Content-Range": f"bytes {start}-{start + len(data) - 1}/{total}"}
        try:
            answer = self.session.put(url, data=data, headers=headers)
        except requests.RequestException as error:
            raise unreachable(error) from None
        if answer.status_code not in {200, 201, 202}:
            raise judge_answer(answer, sending=False)

    def or_none(self, ask: Callable[[], _T]) -> _T | None:
        """Return what is asked, or None where it cannot be learned now."""
        try:
            return ask()
        except MailProviderError:
            return None

    def _request(
        self, method: str, path: str, *, ok: set[int], sending: bool = False, prefer: str = "", **kwargs: Any
    ) -> requests.Response:
        answer = self._once(method, path, sending=sending, prefer=prefer, **kwargs)
        if answer.status_code == 401:  # revoked early, or expired by another clock: nothing was done, so once more
            access_token(self.mailbox, force=True)
            answer = self._once(method, path, sending=sending, prefer=prefer, **kwargs)
        if answer.status_code not in ok:
            raise judge_answer(answer, sending=sending, version=self.mailbox.credentials_version)
        return answer

    def _once(
        self, method: str, path: str, *, sending: bool, prefer: str, content_type: str = "", **kwargs: Any
    ) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {access_token(self.mailbox)}",
            "Prefer": f"{IMMUTABLE}, {prefer}" if prefer else IMMUTABLE,
        }
        if content_type:
            headers["Content-Type"] = content_type
        try:
            return self.session.request(method, self.root + path, headers=headers, **kwargs)
        except requests.RequestException as error:
            if sending and not surely_not_sent(error):
                raise UnclearResult(type(error).__name__) from None
            raise unreachable(error) from None

    @staticmethod
    def _json(answer: requests.Response) -> dict[str, Any]:
        try:
            body = answer.json()
        except ValueError:
            raise TemporaryProviderError("not_json") from None
        return body if isinstance(body, dict) else {}


def judge_answer(answer: requests.Response, *, sending: bool, version: int = 0) -> MailProviderError:
    """Return what an answer of Graph means: by status and code, never by its text."""
    status, code = answer.status_code, _code(answer)
    if status == 410 or code.lower() in _RESYNC:
        return CursorExpired(code)
    if status == 429:
        return TemporaryProviderError(code, retry_after=retry_after(answer.headers), throttled=True)
    if status >= 500 or status == 408:
        wait = retry_after(answer.headers)
        return UnclearResult(code, retry_after=wait) if sending else TemporaryProviderError(code, retry_after=wait)
    if status == 401 or (status == 403 and code in _SCOPE):
        return AuthorizationExpired(code, version=version)
    if status == 404:
        return Missing(code)
    if code in _APPLICATION:
        return ApplicationRefused(code)
    return ProviderError("too_large" if status == 413 or code in _TOO_LARGE else code)


def _code(answer: requests.Response) -> str:
    try:
        code = str(answer.json()["error"]["code"] or "")
    except (ValueError, KeyError, TypeError):
        code = ""
    return code or f"http_{answer.status_code}"
