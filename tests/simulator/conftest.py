"""One simulator for the session, emptied before each test. These tests need no database of Django's."""

import tempfile
from collections.abc import Iterator

import pytest

from mailbox.simulator.client import Simulator
from mailbox.simulator.process import running_simulator
from tests.simulator.clients import CALLBACK, Google, Microsoft

HELP, SUPPORT = "help@acme.example", "support@acme.example"


@pytest.fixture(scope="session")
def _process() -> Iterator[Simulator]:
    with tempfile.TemporaryDirectory(prefix="simulator-") as folder, running_simulator(folder, [CALLBACK]) as it:
        yield it


@pytest.fixture
def simulator(_process: Simulator) -> Simulator:
    """An empty simulator with one Google and one Microsoft mailbox."""
    _process.reset()
    _process.create_account("google", HELP, "Acme Help")
    _process.create_account("microsoft", SUPPORT, "Acme Support")
    return _process


@pytest.fixture
def google(simulator: Simulator) -> Iterator[Google]:
    """The real Google libraries, pointed at the simulator."""
    client = Google(simulator)
    yield client
    client.close()


@pytest.fixture
def microsoft(simulator: Simulator) -> Iterator[Microsoft]:
    """The real msal and requests, pointed at the simulator."""
    client = Microsoft(simulator)
    yield client
    client.session.close()
