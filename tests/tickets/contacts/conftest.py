"""People of Northlight, and a mailbox that only admins see."""

from collections.abc import Callable

import pytest

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from mailbox.models import Mailbox
from tests import factories
from tickets.models import Contact


@pytest.fixture
def closed(acme: Organization, owner: Membership) -> Mailbox:
    """A mailbox of Acme's that nobody but admins may see."""
    made = factories.make_mailbox(acme, address="board@acme.example")
    with organization_scope(acme):
        limit_mailbox(made, by=owner)
    return made


@pytest.fixture
def hidden(acme: Organization, closed: Mailbox) -> Contact:
    """Hector, who only ever wrote to the closed mailbox."""
    made = factories.make_contact(acme, name="Hector Hidden", address="hector@secret.example")
    ticket = factories.make_ticket(acme, mailbox=closed, contact=made, subject="Between us")
    factories.make_message(ticket)
    return made


@pytest.fixture
def nora(acme: Organization) -> Contact:
    """Nora, whom a colleague added: she never wrote."""
    return factories.make_contact(acme, name="Nora Nordlund", address="nora@northlight.example")


@pytest.fixture
def person(acme: Organization) -> Callable[..., Contact]:
    """Makes somebody with a ticket in a mailbox."""

    def made(name: str, address: str, mailbox: Mailbox) -> Contact:
        contact = factories.make_contact(acme, name=name, address=address)
        factories.make_message(factories.make_ticket(acme, mailbox=mailbox, contact=contact))
        return contact

    return made
