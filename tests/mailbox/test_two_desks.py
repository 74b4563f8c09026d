"""Two companies whose mailboxes answer new tickets by themselves, and write to each other: one answer each, at most."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox import compose
from mailbox.actions.begin_consent import begin_consent
from mailbox.actions.finish_consent import finish_consent
from mailbox.actions.set_up_mailbox import set_up_mailbox
from mailbox.models import Mailbox
from mailbox.simulator.client import Simulator
from tests.mailbox.conftest import SESSION, walk
from tests.mailbox.helpers import sync
from tests.mails import write_mail
from tickets.actions.reply import send_reply
from tickets.answering import AUTOMATIC
from tickets.models import Message, Ticket

ROUNDS = 4
Desks = tuple[Mailbox, Mailbox]


@pytest.fixture(params=[("google", "microsoft"), ("microsoft", "google")], ids="-".join)
def desks(
    request: pytest.FixtureRequest, connect: Callable[..., Mailbox], simulator: Simulator, globex: Organization
) -> Desks:
    """A mailbox of Acme and one of Globex, both answering by themselves."""
    ours, theirs = request.param
    simulator.create_account(theirs, "support@globex.example", "Globex")
    with organization_scope(globex):
        owner = Membership.objects.select_related("organization", "user").get(role=Membership.Role.OWNER)
        url = begin_consent(
            theirs, address="support@globex.example", days=1, session_key=SESSION, by=owner, mailbox=None
        )
    there = walk(simulator, url, "support@globex.example")
    mailboxes = (connect(ours), finish_consent(theirs, there, session_key=SESSION, by=owner))
    for mailbox in mailboxes:
        with organization_scope(mailbox.organization_id):
            set_up_mailbox(
                mailbox, sender_name="", signature="", quotes_history=True, aliases=[], acknowledges=True,
                acknowledgement="We have it: {number}.",
            )  # fmt: skip
    return mailboxes


@pytest.fixture
def go_round(desks: Desks, celery_eager: Any, django_capture_on_commit_callbacks: Any) -> Callable[[], None]:
    """Fetch, file, acknowledge and send at both desks, several times over."""

    def until_quiet() -> None:
        for _ in range(ROUNDS):
            for mailbox in desks:
                with django_capture_on_commit_callbacks(execute=True):
                    sync(mailbox)

    return until_quiet


def automatic(mailbox: Mailbox) -> int:
    with organization_scope(mailbox.organization_id):
        return Message.objects.filter(direction=Message.Direction.OUTBOUND, kind=AUTOMATIC).count()


def mail_to_globex(
    desks: Desks, simulator: Simulator, by: Membership, committed: Callable[..., AbstractContextManager[Any]]
) -> None:
    """An agent of Acme answers a ticket, and the answer goes to Globex."""
    acme = desks[0]
    simulator.deliver(acme.address, write_mail(subject="A door", sender="carol@customer.example"))
    with committed(execute=True):
        sync(acme)
    with committed(execute=True), organization_scope(acme.organization_id):
        ticket = Ticket.objects.get()
        send_reply(ticket, text="Can you deliver?", to=[("", "support@globex.example")], by=by)


def forge(simulator: Simulator, desks: Desks, round_: int = 0) -> None:
    """Somebody writes to each of them in the other's name."""
    for mailbox, other in (desks, desks[::-1]):
        simulator.deliver(mailbox.address, write_mail(sender=other.address, to=mailbox.address, subject=f"Hi {round_}"))


def test_an_agents_mail_to_another_desk_is_acknowledged_once_and_that_is_all(
    desks: Desks,
    simulator: Simulator,
    go_round: Any,
    alice: Membership,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compose, "MARKER_HEADER", "X-Other")  # as a desk of another make: ours know each other by it
    mail_to_globex(desks, simulator, alice, django_capture_on_commit_callbacks)
    go_round()

    assert [automatic(mailbox) for mailbox in desks] == [1, 1]  # Acme's went to Carol
    with organization_scope(desks[0].organization_id):
        ticket = Ticket.objects.get()
        assert ticket.messages.count() == 4  # Carol, her acknowledgement, ours to Globex, theirs
        assert ticket.state == Ticket.State.PENDING  # a machine's word opens nothing
    assert len(simulator.inbox("carol@customer.example")) == 1


def test_mail_forged_in_the_others_name_starts_no_conversation_of_machines(
    desks: Desks, simulator: Simulator, go_round: Any
) -> None:
    for number in range(3):
        forge(simulator, desks, number)
        go_round()

    assert [automatic(mailbox) <= 1 for mailbox in desks] == [True, True]
    assert sum(automatic(mailbox) for mailbox in desks) >= 1


def test_one_each_even_where_every_header_that_says_so_is_lost(
    desks: Desks, simulator: Simulator, go_round: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "AUTOMATIC", {"X-Nothing": "x"})
    monkeypatch.setattr(compose, "MARKER_HEADER", "X-Other")
    for number in range(3):
        forge(simulator, desks, number)
        go_round()

    assert [automatic(mailbox) for mailbox in desks] == [1, 1]
    for mailbox in desks:
        assert len(simulator.sent(mailbox.address)) == 1
