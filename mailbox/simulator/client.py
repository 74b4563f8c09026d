"""Talk to a running simulator: what tests, the seed and the bench use. Needs requests only, no Django."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from mailbox.simulator.consent_walk import walk_consent


class SimulatorError(Exception):
    """The simulator declined; the text says why."""


@dataclass(frozen=True)
class Account:
    """A simulated mailbox."""

    provider: str
    address: str
    name: str
    note: str = ""
    send_as: tuple[str, ...] = ()
    is_disabled: bool = False
    needs_mfa: bool = False


@dataclass(frozen=True)
class SentMail:
    """A mail as it lies in a mailbox; `id` is Gmail's and the control API's."""

    raw: bytes
    message_id: str
    thread_id: str
    sent_at: datetime
    id: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """A request the product made to a provider; status 0 means the connection was dropped."""

    id: int
    at: datetime
    route: str
    method: str
    path: str
    account: str
    status: int
    fault: bool


@dataclass(frozen=True)
class ServiceMail:
    """A mail the product sent by itself over SMTP."""

    id: int
    at: datetime
    sender: str
    recipient: str
    subject: str
    text: str


@dataclass(frozen=True)
class Delivery:
    """A mail to let arrive; received_at lets it look older."""

    address: str
    raw: bytes
    received_at: datetime | None = None
    labels: tuple[str, ...] | None = None
    sent_copy: bool = True

    def as_json(self) -> dict[str, Any]:
        """What the control API takes."""
        body: dict[str, Any] = {"address": self.address, "raw": base64.b64encode(self.raw).decode()}
        if self.received_at is not None:
            body["received_at"] = self.received_at.isoformat()
        if self.labels is not None:
            body["labels"] = list(self.labels)
        return {**body, "sent_copy": self.sent_copy}


class Simulator:
    """A running simulator, addressed by its https root and trusted by its own bundle."""

    def __init__(self, base_url: str, ca_bundle: str | Path, *, http_url: str = "", smtp_port: int = 0) -> None:
        self.base_url, self.ca_bundle = base_url.rstrip("/"), str(ca_bundle)
        self.http_url, self.smtp_port = http_url.rstrip("/"), smtp_port
        self.session = requests.Session()
        self.session.trust_env = False  # REQUESTS_CA_BUNDLE and proxies are not for loopback
        self.session.verify = self.ca_bundle

    @property
    def environment(self) -> dict[str, str]:
        """The environment with which the product reaches this simulator instead of the real providers."""
        base = self.base_url
        names = {
            "GOOGLE_CLIENT_ID": "simulated-google-client",
            "GOOGLE_CLIENT_SECRET": "simulated-google-secret",
            "GOOGLE_AUTH_URI": f"{base}/google/o/oauth2/v2/auth",
            "GOOGLE_TOKEN_URI": f"{base}/google/token",
            "GOOGLE_REVOKE_URI": f"{base}/google/revoke",
            "GMAIL_API_ROOT": base,
            "MICROSOFT_CLIENT_ID": "simulated-microsoft-client",
            "MICROSOFT_CLIENT_SECRET": "simulated-microsoft-secret",
            "MICROSOFT_AUTHORITY": f"{base}/microsoft/common",
            "GRAPH_API_ROOT": f"{base}/graph/v1.0",
            "PROVIDER_CA_BUNDLE": self.ca_bundle,
        }
        return names | ({"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.smtp_port)} if self.smtp_port else {})

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """One call of the control API; raises SimulatorError with its reason."""
        address = f"{self.base_url}/control/{path}"
        response = self.session.request(method, address, json=body, params=query, timeout=120)
        if response.status_code >= 400:
            raise SimulatorError(f"{response.status_code}: {response.text}")
        return response.json() if response.content else None

    # --- accounts and mail ---

    def create_account(self, provider: str, address: str, name: str = "", **more: Any) -> Account:
        """A google, microsoft or customer mailbox; asking twice changes nothing."""
        body = {"provider": provider, "address": address, "name": name, **more}
        return _account(self.ask("POST", "accounts/", body))

    def accounts(self) -> list[Account]:
        """Every mailbox there is."""
        return [_account(row) for row in self.ask("GET", "accounts/")]

    def change_account(self, address: str, **changes: Any) -> Account:
        """Set name, note, send_as, is_disabled or needs_mfa."""
        return _account(self.ask("PATCH", f"accounts/{quote(address)}/", changes))

    def deliver(self, address: str, raw: bytes, **more: Any) -> str:
        """Let a mail arrive from outside; returns Gmail's id of it."""
        return str(self.ask("POST", "deliver/", Delivery(address, raw, **more).as_json())["id"])

    def deliver_all(self, deliveries: Iterable[Delivery]) -> list[str]:
        """Let many mails arrive in this order, all or none; returns their ids."""
        return [str(row["id"]) for row in self.ask("POST", "deliver/", [entry.as_json() for entry in deliveries])]

    def messages(self, address: str, label: str = "") -> list[SentMail]:
        """What lies in a mailbox, oldest first; a label narrows."""
        rows = self.ask("GET", f"accounts/{quote(address)}/messages/", **({"label": label} if label else {}))
        return [_mail(row) for row in rows]

    def sent(self, address: str) -> list[SentMail]:
        """What this mailbox sent, oldest first."""
        return self.messages(address, "SENT")

    def inbox(self, address: str) -> list[SentMail]:
        """What this mailbox received, oldest first."""
        return self.messages(address, "INBOX")

    def relabel(self, address: str, key: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> SentMail:
        """Add and remove labels of a mail, as its owner would."""
        body = {"add": list(add), "remove": list(remove)}
        return _mail(self.ask("PATCH", f"accounts/{quote(address)}/messages/{key}/", body))

    def move(self, address: str, key: str, folder: str) -> SentMail:
        """Move a mail to INBOX, SENT, DRAFT, TRASH, SPAM or ARCHIVE."""
        return _mail(self.ask("PATCH", f"accounts/{quote(address)}/messages/{key}/", {"folder": folder}))

    def delete(self, address: str, key: str) -> None:
        """Delete a mail for good."""
        self.ask("DELETE", f"accounts/{quote(address)}/messages/{key}/")

    def service_mail(self, address: str = "") -> list[ServiceMail]:
        """What the product sent over SMTP, oldest first."""
        rows = self.ask("GET", "service-mail/", **({"address": address} if address else {}))
        return [ServiceMail(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows]

    # --- what was asked, and trouble ---

    def calls(self, route: str = "", account: str = "", after: int = 0) -> list[Call]:
        """What the product asked of the providers, oldest first."""
        query = {"route": route, "account": account, "after": after}
        rows = self.ask("GET", "calls/", **{name: value for name, value in query.items() if value})
        return [Call(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows]

    def fail(self, route: str, *, status: int = 503, times: int = 1, account: str = "", **more: Any) -> None:
        """Answer the next calls of a route with a status; more: body, text, headers, retry_after, work_first."""
        self.ask("POST", "faults/", {"route": route, "status": status, "times": times, "account": account, **more})

    def drop(self, route: str, *, work_first: bool = True, times: int = 1, account: str = "") -> None:
        """Close the connection on the next calls, after the work was done or before it."""
        body = {"route": route, "drop": True, "work_first": work_first, "times": times, "account": account}
        self.ask("POST", "faults/", body)

    def delay(self, route: str, seconds: float, *, times: int = 1, account: str = "") -> None:
        """Answer the next calls late."""
        self.ask("POST", "faults/", {"route": route, "delay_seconds": seconds, "times": times, "account": account})

    def clear_faults(self) -> None:
        """Call off all trouble that is still waiting."""
        self.ask("DELETE", "faults/")

    def routes(self) -> list[str]:
        """The names that faults and calls use."""
        return list(self.ask("GET", "routes/"))

    def revoke(self, address: str, reason: int = 50173) -> int:
        """End the account's grants as its owner would; returns how many."""
        return int(self.ask("POST", "revoke/", {"address": address, "reason": reason})["revoked"])

    def expire_history(self, address: str) -> None:
        """Gmail forgets its history up to now."""
        self.ask("POST", "expire-history/", {"address": address})

    def invalidate_delta(self, address: str) -> None:
        """Graph's delta tokens of this mailbox are answered 410."""
        self.ask("POST", "invalidate-delta/", {"address": address})

    def set_options(self, **options: Any) -> dict[str, Any]:
        """Change how the simulator behaves; returns all options."""
        return dict(self.ask("PATCH", "options/", options))

    def expire_app_secret(self, expired: bool = True) -> None:
        """The application's own secret is refused, for every mailbox."""
        self.set_options(app_secret_expired=expired)

    def advance_clock(self, seconds: float) -> None:
        """Let time pass for tokens and codes."""
        self.ask("POST", "clock/", {"advance_seconds": seconds})

    def reset(self) -> None:
        """Forget everything."""
        self.ask("POST", "reset/", {})

    # --- consent ---

    def consent(
        self,
        authorization_url: str,
        address: str,
        *,
        grant: list[str] | None = None,
        refuse: bool = False,
    ) -> str:
        """Walk the consent pages as a person would; grant names the scopes left ticked, None leaves all."""
        return walk_consent(self.session, authorization_url, address, grant=grant, refuse=refuse)


def _account(row: dict[str, Any]) -> Account:
    return Account(**{**row, "send_as": tuple(row["send_as"])})


def _mail(row: dict[str, Any]) -> SentMail:
    return SentMail(
        raw=base64.b64decode(row["raw"]),
        message_id=row["message_id"],
        thread_id=row["thread_id"],
        sent_at=datetime.fromisoformat(row["at"]),
        id=row["id"],
        labels=tuple(row["labels"]),
    )
