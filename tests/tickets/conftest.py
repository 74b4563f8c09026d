"""Tests of the desk run inside Acme's scope where they ask for it; and more tickets than the cast has."""

import pytest

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox, make_message, make_ticket


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open the scope last: people and companies of a test are made outside of it."""
    for item in items:
        names = getattr(item, "fixturenames", [])
        if "scope" in names:
            names.remove("scope")
            names.append("scope")


@pytest.fixture
def window(acme, mailbox, contact):
    """Another ticket of Carol's."""
    made = make_ticket(acme, mailbox=mailbox, contact=contact, subject="The window")
    make_message(made, text="It is open, too.")
    return made


@pytest.fixture
def hidden(acme, bob):
    """A ticket in a mailbox that only admins see."""
    closed = make_mailbox(acme, address="board@acme.example")
    with organization_scope(acme):
        limit_mailbox(closed, by=bob)
    return make_ticket(acme, mailbox=closed, subject="The secret")


@pytest.fixture
def many(acme, mailbox):
    """Five tickets."""
    return [make_ticket(acme, mailbox=mailbox) for _ in range(5)]
