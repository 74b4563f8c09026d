"""The providers of these tests: one simulator for the session, empty before each test; the real client libraries."""

import tempfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings as configured

from accounts.models import Membership
from accounts.tenancy import organization_scope
from mailbox.actions.begin_consent import begin_consent
from mailbox.actions.finish_consent import finish_consent
from mailbox.models import Mailbox
from mailbox.simulator.client import Simulator
from mailbox.simulator.process import running_simulator

SESSION = "a-browser-session"
ADDRESSES = {"google": "help@acme.example", "microsoft": "support@acme.example"}


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[Simulator]:
    """A simulator that lives as long as the tests do."""
    callbacks = [f"{configured.URL}/oauth/{provider}/callback/" for provider in ADDRESSES]
    with (
        tempfile.TemporaryDirectory(prefix="deskhero-simulator-") as folder,
        running_simulator(folder, callbacks) as it,
    ):
        yield it


@pytest.fixture(autouse=True)
def simulator(simulator_process: Simulator, settings: Any) -> Simulator:
    """The simulator, empty but for the two mailboxes of Acme and a customer; the product reaches it by its settings."""
    simulator_process.reset()
    for name, value in simulator_process.environment.items():
        if name != "EMAIL_PORT":
            setattr(settings, name, value)
    for provider, address in ADDRESSES.items():
        simulator_process.create_account(provider, address, "Acme")
    simulator_process.create_account("customer", "carol@customer.example", "Carol Customer")
    return simulator_process


@pytest.fixture(params=["google", "microsoft"])
def provider(request: pytest.FixtureRequest) -> str:
    """Each provider in turn."""
    return str(request.param)


def walk(simulator: Simulator, url: str, address: str, **how: Any) -> dict[str, str]:
    """Go through the consent pages as a person would, and return what the provider put into the way back."""
    return dict(parse_qsl(urlsplit(simulator.consent(url, address, **how)).query))


@pytest.fixture
def connect(simulator: Simulator, bob: Membership) -> Callable[..., Mailbox]:
    """Connect a mailbox of Acme through the real consent."""

    def connect_one(provider: str, *, days: int = 7, mailbox: Mailbox | None = None) -> Mailbox:
        address = ADDRESSES[provider]
        with organization_scope(bob.organization_id):
            url = begin_consent(provider, address=address, days=days, session_key=SESSION, by=bob, mailbox=mailbox)
        return finish_consent(provider, walk(simulator, url, address), session_key=SESSION, by=bob)

    return connect_one


@pytest.fixture
def connected(provider: str, connect: Callable[..., Mailbox]) -> Mailbox:
    """A connected mailbox at each provider in turn, never synced."""
    return connect(provider)
