"""A mailbox at Google, through the Gmail API."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from http.client import HTTPException
from io import BytesIO
from typing import Any

import httplib2
from django.conf import settings
from google.auth.exceptions import GoogleAuthError
from googleapiclient import discovery_cache
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import Error as GoogleApiError
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from mailbox.compose import MARKER_HEADER, own_message_id
from mailbox.models import Mailbox, OutboundEmail
from mailbox.providers.base import (
    ApplicationRefused,
    AuthorizationExpired,
    CursorExpired,
    FetchedEmail,
    MailProviderError,
    Page,
    ProviderError,
    RemoteEmail,
    SentEmail,
    TemporaryProviderError,
    UnclearResult,
)
from mailbox.providers.google_identity import authorized_http
from mailbox.providers.transport import NotConnected, Pace, retry_after, unreachable

NOT_INCOMING = frozenset({"DRAFT", "SENT", "TRASH", "SPAM"})
UPLOAD_FROM = 4 * 1024 * 1024  # larger mails go up as they are, in chunks, instead of as JSON
CHUNK = 8 * 1024 * 1024
SENT_LOOKED_THROUGH = 200  # mails; how far back in Sent a marker is looked for
_SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RESOURCE_EXHAUSTED"})
_APPLICATION = frozenset({"accessNotConfigured", "dailyLimitExceeded", "quotaExceeded"})
_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})


class Gmail:
    """The Gmail API for one mailbox; not for two threads at once."""

    def __init__(self, mailbox: Mailbox) -> None:
        """Take the mailbox; nothing is asked yet."""
        self.mailbox = mailbox
        self._http = authorized_http(mailbox)
        self._users = build_from_document(_document(settings.GMAIL_API_ROOT), http=self._http).users()
        self._pace = Pace(burst=150, per_second=4)  # 20 units a mail, 6,000 a minute

    def begin(self, since: datetime) -> Page:
        """List the inbox since that moment, from a bookmark taken before."""
        cursor = str(self._call(self._users.getProfile(userId="me"))["historyId"])
        return Page(list(self.listing(since))[::-1], cursor)

    def fetch(self, cursor: str) -> Page:
        """Read the history since the bookmark to its end; what came in and what was moved into the inbox."""
        found: dict[str, RemoteEmail] = {}
        page = None
        while True:
            request = self._users.history().list(
                userId="me",
                startHistoryId=cursor,
                historyTypes=["messageAdded", "labelAdded"],
                maxResults=500,
                pageToken=page,
            )
            answer = self._call(request, if_missing=CursorExpired("history"))
            for message in _came_in(answer.get("history", [])):
                found.setdefault(message["id"], RemoteEmail(message["id"], message.get("threadId", "")))
            page = answer.get("nextPageToken")
            if not page:
                return Page(list(found.values()), str(answer["historyId"]))

    def listing(self, since: datetime) -> Iterator[RemoteEmail]:
        """Yield the inbox since that moment, newest first."""
        page = None
        while True:
            request = self._users.messages().list(
                userId="me", labelIds=["INBOX"], q=f"after:{int(since.timestamp())}", maxResults=500, pageToken=page
            )
            answer = self._call(request)
            for message in answer.get("messages", []):
                yield RemoteEmail(message["id"], message.get("threadId", ""))
            page = answer.get("nextPageToken")
            if not page:
                return

    def load(self, email: RemoteEmail) -> FetchedEmail | None:
        """Fetch one mail raw; None where it is gone, or is a draft, spam, trash or our own."""
        self._pace.wait()
        request = self._users.messages().get(userId="me", id=email.provider_id, format="raw")
        try:
            message = self._call(request, if_missing=_Vanished())
        except _Vanished:
            return None
        if NOT_INCOMING & set(message.get("labelIds", [])):
            return None
        received_at = datetime.fromtimestamp(int(message["internalDate"]) / 1000, UTC)
        raw = base64.urlsafe_b64decode(message.pop("raw"))
        return FetchedEmail(message["id"], message.get("threadId", ""), received_at, raw)

    def prepare(self, email: OutboundEmail) -> str:
        """Gmail sends without a draft, which would need a permission we do not ask for."""
        return ""

    def send(self, email: OutboundEmail) -> SentEmail:
        """Send once, into the customer's thread; a thread of another mailbox is left out."""
        try:
            answer = self._send(email, email.provider_thread_id)
        except ProviderError as error:
            if not email.provider_thread_id or error.code not in {"notFound", "http_404"}:
                raise
            answer = self._send(email, "")
        return SentEmail(answer["id"], answer.get("threadId", ""), self._message_id(answer["id"]))

    def sent(self, email: OutboundEmail) -> SentEmail | None:
        """Look in Sent: by our Message-ID, and, because Gmail may have rewritten it, through what was sent since."""
        own_id = own_message_id(email.mailbox, email.pk).strip("<>")
        since = int(email.queued_at.timestamp()) - 60
        for query, limit in ((f"rfc822msgid:{own_id}", 5), (f"after:{since}", SENT_LOOKED_THROUGH)):
            request = self._users.messages().list(userId="me", labelIds=["SENT"], q=query, maxResults=limit)
            for message in self._call(request).get("messages", []):
                headers = self._headers(message["id"])
                if headers.get(MARKER_HEADER.lower()) == email.marker:
                    return SentEmail(message["id"], message.get("threadId", ""), headers.get("message-id", ""))
        return None

    def address(self) -> set[str]:
        """Return the address of the account."""
        return {str(self._call(self._users.getProfile(userId="me"))["emailAddress"])}

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def _send(self, email: OutboundEmail, thread_id: str) -> dict[str, Any]:
        raw = email.raw()
        body: dict[str, Any] = {"threadId": thread_id} if thread_id else {}
        if len(raw) < UPLOAD_FROM:
            body["raw"] = base64.urlsafe_b64encode(raw).decode("ascii")
            return self._call(self._users.messages().send(userId="me", body=body), sending=True)
        upload = MediaIoBaseUpload(BytesIO(raw), "message/rfc822", chunksize=CHUNK, resumable=True)
        return self._call(self._users.messages().send(userId="me", body=body, media_body=upload), sending=True)

    def _message_id(self, provider_id: str) -> str:
        """The Message-ID Gmail gave it; a mail that left stays sent even if this cannot be learned now."""
        try:
            return self._headers(provider_id).get("message-id", "")
        except MailProviderError:
            return ""

    def _headers(self, provider_id: str) -> dict[str, str]:
        self._pace.wait()
        request = self._users.messages().get(
            userId="me", id=provider_id, format="metadata", metadataHeaders=["Message-ID", MARKER_HEADER]
        )
        try:
            answer = self._call(request, if_missing=_Vanished())
        except _Vanished:
            return {}
        return {h["name"].lower(): h["value"] for h in answer.get("payload", {}).get("headers", [])}

    def _call(
        self, request: Any, *, if_missing: MailProviderError | None = None, sending: bool = False
    ) -> dict[str, Any]:
        try:
            return dict(request.execute(num_retries=0))
        except HttpError as error:
            if error.resp.status == 404 and if_missing is not None:
                raise if_missing from None
            raise judge_http(error, sending=sending, version=self.mailbox.credentials_version) from None
        except MailProviderError:
            raise
        except NotConnected as error:
            raise unreachable(error) from None
        except (httplib2.HttpLib2Error, GoogleApiError, GoogleAuthError, HTTPException, OSError) as error:
            raise (UnclearResult(type(error).__name__) if sending else unreachable(error)) from None


class _Vanished(MailProviderError):
    pass


def judge_http(error: HttpError, *, sending: bool, version: int = 0) -> MailProviderError:
    """Return what an answer of the API means: by status and reason, never by its text."""
    status, reasons = int(error.resp.status), _reasons(error)
    code = reasons[0] if reasons else f"http_{status}"
    if status == 429 or (status == 403 and _SLOW_DOWN & set(reasons)):
        return TemporaryProviderError(code, retry_after=retry_after(error.resp), throttled=True)
    if status >= 500 or status == 408:
        return UnclearResult(code) if sending else TemporaryProviderError(code, retry_after=retry_after(error.resp))
    if status == 401 or (status == 403 and _SCOPE & set(reasons)):
        return AuthorizationExpired(code, version=version)
    if status == 403 and _APPLICATION & set(reasons):
        return ApplicationRefused(code)
    return ProviderError("too_large" if status == 413 else code)


def _reasons(error: HttpError) -> list[str]:
    try:
        body = json.loads(error.content)["error"]
        reasons = [str(item.get("reason") or "") for item in body.get("errors") or []]
        details = [str(item.get("reason") or "") for item in body.get("details") or [] if isinstance(item, dict)]
        return [reason for reason in [*reasons, *details, str(body.get("status") or "")] if reason]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _came_in(records: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield what arrived in the inbox or was moved there (out of spam, out of the archive)."""
    for record in records:
        for added in record.get("messagesAdded", []):
            labels = set(added["message"].get("labelIds", []))
            if "INBOX" in labels and not labels & NOT_INCOMING:
                yield added["message"]
        for labelled in record.get("labelsAdded", []):
            if "INBOX" in labelled.get("labelIds", []):
                yield labelled["message"]


@cache
def _document(root: str) -> dict[str, Any]:
    """The API's description that comes with the library, pointed at our root, uploads and batches included."""
    document: dict[str, Any] = json.loads(discovery_cache.get_static_doc("gmail", "v1"))
    document["rootUrl"] = document["baseUrl"] = root.rstrip("/") + "/"
    document.pop("mtlsRootUrl", None)
    return document
