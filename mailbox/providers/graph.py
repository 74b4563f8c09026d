"""A mailbox at Microsoft, through Graph."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from mailbox.compose import own_message_id
from mailbox.models import Mailbox, OutboundEmail
from mailbox.providers import graph_drafts
from mailbox.providers.base import CursorExpired, FetchedEmail, Page, ProviderError, RemoteEmail, SentEmail
from mailbox.providers.graph_client import GraphClient, Missing

INBOX = "/me/mailFolders('inbox')/messages"
FIELDS = "id,conversationId,receivedDateTime,isDraft"
PAGE_SIZE = 200
CAPPED_AT = 5000  # rows; a delta that is bounded by date says no more than this, so a listing completes it


class Graph:
    """Microsoft Graph for one mailbox; not for two threads at once."""

    def __init__(self, mailbox: Mailbox) -> None:
        """Take the mailbox; nothing is asked yet."""
        self.mailbox = mailbox
        self.client = GraphClient(mailbox)

    def begin(self, since: datetime) -> Page:
        """Read a first delta of the inbox, bounded by date; past its cap a listing completes it."""
        page = self.fetch(f"{INBOX}/delta?{_query(since, FIELDS)}")
        if len(page.emails) < CAPPED_AT:
            return page
        found = {email.provider_id: email for email in [*page.emails, *self.listing(since)]}
        return Page(_oldest_first(found), page.cursor)

    def fetch(self, cursor: str) -> Page:
        """Read the delta since the bookmark to its end, empty pages included."""
        found: dict[str, RemoteEmail] = {}
        path = cursor
        while True:
            try:
                answer = self.client.get(path, prefer=f"odata.maxpagesize={PAGE_SIZE}")
            except Missing as error:
                raise CursorExpired(error.code) from None
            for email in _incoming(answer.get("value", [])):
                found[email.provider_id] = email
            if link := answer.get("@odata.nextLink"):
                path = self.client.relative(link)
            elif link := answer.get("@odata.deltaLink"):
                return Page(_oldest_first(found), self.client.relative(link))
            else:
                raise ProviderError("delta_without_link")

    def listing(self, since: datetime) -> Iterator[RemoteEmail]:
        """Yield the inbox since that moment."""
        path = f"{INBOX}?{_query(since, FIELDS)}&{urlencode({'$top': PAGE_SIZE})}"
        while path:
            answer = self.client.get(path)
            yield from _incoming(answer.get("value", []))
            link = answer.get("@odata.nextLink")
            path = self.client.relative(link) if link else ""

    def load(self, email: RemoteEmail) -> FetchedEmail | None:
        """Fetch one mail raw; None where it is gone."""
        try:
            raw = self.client.get_bytes(f"/me/messages/{quote(email.provider_id, safe='')}/$value")
        except Missing:
            return None
        return FetchedEmail(email.provider_id, email.thread_id, email.received_at or datetime.now(UTC), raw)

    def prepare(self, email: OutboundEmail) -> str:
        """Lay the mail down as a draft, so that its id is known before it leaves."""
        return graph_drafts.create(self.client, email)

    def send(self, email: OutboundEmail) -> SentEmail:
        """Send the draft once; what was attached already is not attached again."""
        graph_drafts.complete(self.client, email)
        try:
            self.client.post(f"/me/messages/{quote(email.draft_id, safe='')}/send", ok={202}, sending=True)
        except ProviderError:
            if left := self.client.or_none(lambda: self.sent(email)):
                return left  # what refuses to be sent may be a draft no longer
            raise
        return self._copy(email.draft_id) or SentEmail(email.draft_id)

    def sent(self, email: OutboundEmail) -> SentEmail | None:
        """Ask whether the draft is a draft no longer; one that is gone is looked for in Sent."""
        if not email.draft_id:
            return None  # nothing leaves without a draft
        try:
            path = f"/me/messages/{quote(email.draft_id, safe='')}?$select=id,isDraft,internetMessageId,conversationId"
            message = self.client.get(path)
        except Missing:
            return self._in_sent(email)
        return None if message.get("isDraft", True) else _sent(message)

    def address(self) -> set[str]:
        """Return the account's address and its sign-in name, which is often another spelling of it."""
        me = self.client.get("/me?$select=id,mail,userPrincipalName")
        self.client.get(f"{INBOX}?$select=id&$top=1")  # an account without a mailbox says so here
        return {str(me[name]) for name in ("mail", "userPrincipalName") if me.get(name)}

    def close(self) -> None:
        """Let the connections go."""
        self.client.session.close()

    def _in_sent(self, email: OutboundEmail) -> SentEmail | None:
        own_id = own_message_id(email.mailbox, email.pk)
        query = urlencode(
            {"$filter": f"internetMessageId eq '{own_id}'", "$select": "id,internetMessageId,conversationId"}
        )
        found = self.client.get(f"/me/mailFolders('sentitems')/messages?{query}").get("value", [])
        return _sent(found[0]) if found else None

    def _copy(self, message_id: str) -> SentEmail | None:
        """What is known of the copy in Sent; it may appear later, and the mail has left all the same."""
        return self.client.or_none(
            lambda: _sent(
                self.client.get(
                    f"/me/messages/{quote(message_id, safe='')}?$select=id,internetMessageId,conversationId"
                )
            )
        )


def _sent(message: dict[str, Any]) -> SentEmail:
    return SentEmail(message["id"], message.get("conversationId", ""), message.get("internetMessageId", ""))


def _query(since: datetime, fields: str) -> str:
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return urlencode({"$filter": f"receivedDateTime ge {moment}", "$select": fields})


def _incoming(rows: list[dict[str, Any]]) -> Iterator[RemoteEmail]:
    """Yield mails; what was removed stays in the desk, and what was written here is no mail yet."""
    for row in rows:
        if "@removed" in row or row.get("isDraft") or "receivedDateTime" not in row:
            continue
        received_at = datetime.fromisoformat(str(row["receivedDateTime"]))
        yield RemoteEmail(row["id"], row.get("conversationId") or "", received_at)


def _oldest_first(found: dict[str, RemoteEmail]) -> list[RemoteEmail]:
    return sorted(found.values(), key=lambda email: (email.received_at, email.provider_id))
