"""What the desk knows of a mail provider: one small interface, and four ways in which it does not work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mailbox.models import OutboundEmail


@dataclass(frozen=True, slots=True)
class RemoteEmail:
    """A mail as a listing names it: not fetched yet."""

    provider_id: str
    thread_id: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FetchedEmail:
    """A mail as the provider gave it."""

    provider_id: str
    thread_id: str
    received_at: datetime
    raw: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """What came since a cursor, oldest first, and the cursor to keep once all of it is stored."""

    emails: Sequence[RemoteEmail]
    cursor: str


@dataclass(frozen=True, slots=True)
class SentEmail:
    """What the provider says of a mail that left."""

    provider_id: str
    thread_id: str = ""
    message_id: str = ""  # as the provider gave it; it may have rewritten ours


class MailProvider(Protocol):
    """One mailbox at one provider. Never called inside a transaction: it opens short ones when it renews a token."""

    def begin(self, since: datetime) -> Page:
        """All the inbox got since that moment, with a cursor from before the listing: nothing falls between."""

    def fetch(self, cursor: str) -> Page:
        """Read to the end what came since the cursor; CursorExpired where the provider no longer knows it."""

    def load(self, email: RemoteEmail) -> FetchedEmail | None:
        """Fetch one mail; None where it has vanished or is nothing that came in."""

    def listing(self, since: datetime) -> Iterator[RemoteEmail]:
        """Yield what the inbox got since that moment, in no order: for reconcile and back-fill."""

    def prepare(self, email: OutboundEmail) -> str:
        """Lay the mail down as a draft where the provider sends drafts, and return its id; nothing leaves."""

    def send(self, email: OutboundEmail) -> SentEmail:
        """Send once, without retrying; UnclearResult where it may have left."""

    def sent(self, email: OutboundEmail) -> SentEmail | None:
        """Look for the mail among what was sent, by its marker: did it leave?"""

    def address(self) -> set[str]:
        """Return the addresses the provider knows this account by."""

    def close(self) -> None:
        """Let the connections go."""


class MailProviderError(Exception):
    """The provider did not do what was asked. `code` is its own word for why: never an address or a text of a mail."""

    def __init__(self, code: str = "") -> None:
        """Keep the code, cut to what a column holds."""
        super().__init__(code)
        self.code = code[:64]


class TemporaryProviderError(MailProviderError):
    """It may work later; `retry_after` in seconds where the provider said when."""

    def __init__(self, code: str = "", *, retry_after: float | None = None, throttled: bool = False) -> None:
        """Keep when, and whether we were asked to slow down."""
        super().__init__(code)
        self.retry_after, self.throttled = retry_after, throttled


class UnclearResult(TemporaryProviderError):
    """A send after which nobody knows whether the mail left: look before trying again."""


class AuthorizationExpired(MailProviderError):
    """The permission is gone: an admin must connect again. `version` names the credentials that were refused."""

    def __init__(self, code: str = "", *, version: int = 0) -> None:
        """Keep which credentials failed, so that a late failure does not spoil newer ones."""
        super().__init__(code)
        self.version = version


class CursorExpired(MailProviderError):
    """The provider no longer knows the cursor: list by date instead."""


class ProviderError(MailProviderError):
    """The provider refuses this request, and will refuse it again."""


class ApplicationRefused(MailProviderError):
    """The provider refuses Deskhero itself (an expired secret, an API switched off): the operator must act."""
