"""What is asked for is found, with every operator, and only that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.sealing.digests import name_digest
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from mailbox.models import Mailbox
from tests import factories
from tests.tickets.search.conftest import Filer, file, look, numbers, problems
from tickets.actions.close import close_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import send_reply
from tickets.models import Message, Tag, Ticket, TicketTag
from tickets.search import finding
from tickets.search.asking import Index
from tickets.search.plan import plan_for
from tickets.search.question import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(filed: Filer) -> Ticket:
    """A ticket of Carol's with a file."""
    return filed("The batteries of the door are empty.", subject="Door", files=("invoice-7Q-20418.pdf",))


@pytest.fixture
def pump(filed: Filer) -> Ticket:
    """A ticket of Emma's."""
    return filed(
        "Die Lieferungen der Pumpe fehlen noch immer, und wir warten.",
        subject="Reklamation Pumpe",
        sender="Emma Müller <emma.mueller@werk.example>",
        cc="Paul Prokura <paul@other.example>",
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("battery", "door"),
        ("BATTERIES", "door"),
        ("battery door", "door"),
        ("battery pump", ""),
        ("batteries empty", "door"),
        ("Lieferung", "pump"),
        ("rekla", "pump"),  # the beginning of a subject
        ("rekla ", ""),
        ("reklam* wir lieferung ", "pump"),
        ("mull", "pump"),  # the beginning of a contact's name
        ("Mueller", "pump"),
        ("emma.mueller@werk.example", "pump"),
        ("werk.example", "pump"),
        ("prokura", "pump"),  # in copy
        ("7Q-20418", "door"),  # the name of a file
        ("20418", "door"),
        ("invoice pdf", "door"),
        ('"batteries of the door"', "door"),
        ('"batteries door"', ""),
        ('"Noch immer"', "pump"),
        ('"door are" battery', "door"),
        ("from:emma", "pump"),
        ('from:"Emma Müller"', "pump"),
        ("from:carol", "door"),
        ("from:carol@customer.example", "door"),
        ("from:@werk.example", "pump"),
        ("from:werk.example", "pump"),
        ("from:paul", ""),
        ("to:paul", "pump"),
        ("cc:paul@other.example lieferung", "pump"),
        ("from:carol lieferung", ""),
        ("-battery is:open", "pump"),
        ("door -battery", ""),
        ("lieferung -battery", "pump"),
        ('is:open -"batteries of the door"', "pump"),
        ("is:open -from:emma", "door"),
        ("has:attachment", "door"),
        ("-has:attachment", "pump"),
        ("is:open", "pump door"),
        ("is:closed", ""),
        ("is:open is:closed", "pump door"),
        ("-is:open", ""),
        ("is:unassigned", "pump door"),
        ("is:mine", ""),
        ("assignee:me", ""),
        ("assignee:none battery", "door"),
        ("mailbox:help", "pump door"),
        ("mailbox:help@acme.example battery", "door"),
        ("-mailbox:help", ""),
        ("after:yesterday", "pump door"),
        ("before:yesterday", ""),
        ("battery after:today", "door"),
        ("battery before:today", ""),
        ("the battery", "door"),
    ],
)
def test_the_question_finds(asked: str, found: str, alice: Membership, door: Ticket, pump: Ticket) -> None:
    named = {door.number: "door", pump.number: "pump"}

    assert " ".join(named[number] for number in numbers(alice, asked)) == found


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("the of", "says too little"),
        ('"to be"', "says too little"),
        ("tag:nothing", "There is no tag called “nothing”"),
        ("mailbox:orders", "You see no mailbox called “orders”"),
        ("assignee:zoe", "Nobody here is called “zoe”"),
        ("form:emma", "There is no operator"),
    ],
)
@pytest.mark.usefixtures("mailbox")
def test_what_cannot_be_asked_is_said(asked: str, problem: str, alice: Membership) -> None:
    assert problem in problems(alice, asked)


def test_a_ticket_is_found_by_its_number(alice: Membership, door: Ticket, pump: Ticket) -> None:
    assert numbers(alice, f"#{door.number}") == [door.number]
    assert pump.number in numbers(alice, str(pump.number))


def test_words_of_several_mails_of_a_ticket_add_up(alice: Membership, filed: Filer, door: Ticket) -> None:
    same = filed("Now the hinge squeaks as well.", subject="Re: Door", answers=door)

    assert same == door
    assert numbers(alice, "battery hinge") == [door.number]
    assert numbers(alice, "hinge -battery") == []


def test_answers_and_notes_are_found(alice: Membership, door: Ticket) -> None:
    with organization_scope(alice.organization):
        send_reply(door, text="We send you a ratchet.", to=[("Carol", "carol@customer.example")], by=alice)
        add_note(door, text="Ask the warehouse first.", by=alice)

    assert numbers(alice, "ratchet") == [door.number]
    assert numbers(alice, "warehouse") == [door.number]
    assert numbers(alice, "to:carol ratchet") == [door.number]


def test_states_and_assignees_are_as_they_are_now(alice: Membership, door: Ticket, pump: Ticket) -> None:
    with organization_scope(alice.organization):
        send_reply(door, text="Here they are.", to=[("", "carol@customer.example")], by=alice)
        close_ticket(pump, by=alice)

    for asked in ("is:pending", "is:mine", "assignee:me", "assignee:alice"):
        assert numbers(alice, asked) == [door.number]
    assert numbers(alice, "is:closed") == numbers(alice, "lieferung -is:open") == [pump.number]


def test_tags_are_found_by_their_names(alice: Membership, door: Ticket, pump: Ticket) -> None:
    with organization_scope(alice.organization) as owner:
        digest = name_digest(owner, "tag", "Faulty goods")
        tag = Tag.objects.create(organization_id=owner, name="Faulty goods", name_digest=digest)
        TicketTag.objects.create(organization_id=owner, ticket=door, tag=tag)

    assert numbers(alice, "tag:faulty") == numbers(alice, 'tag:"Faulty goods" battery') == [door.number]
    assert numbers(alice, "-tag:faulty") == [pump.number]


def test_our_own_addresses_are_found_by_to_and_by_nothing_else(alice: Membership, door: Ticket) -> None:
    assert numbers(alice, "to:help@acme.example") == [door.number]
    assert numbers(alice, "help@acme.example") == []


def test_times_are_those_of_the_mail_that_has_the_word(alice: Membership, door: Ticket) -> None:
    with organization_scope(alice.organization):
        long_ago = timezone.now() - timedelta(days=400)
        Message.objects.filter(ticket=door).update(at=long_ago)
        Ticket.objects.filter(pk=door.pk).update(last_activity_at=long_ago)

    assert numbers(alice, "battery before:1y") == [door.number]
    assert numbers(alice, "battery after:1y") == []


def test_the_newest_come_first_and_pages_meet(alice: Membership, filed: Filer) -> None:
    tickets = [filed("A ratchet", subject=f"Number {n}", sender=f"c{n}@customer.example") for n in range(30)]
    newest_first = [ticket.number for ticket in reversed(tickets)]
    with organization_scope(alice.organization):
        plan = plan_for(parse("ratchet", timezone.localdate()), alice)
        first = finding.find(plan, Index(plan), None)
        assert first.older is not None
        second = finding.find(plan, Index(plan), (first.older.at, first.older.id))
        found = Ticket.objects.in_bulk([one.id for one in first.page + second.page])

    assert [found[one.id].number for one in first.page + second.page] == newest_first
    assert (first.total, first.is_at_least, len(first.page), second.older) == (30, False, 25, None)


def test_a_count_that_stops_says_so(alice: Membership, filed: Filer, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(4):
        filed("A ratchet", subject=f"Number {n}", sender=f"c{n}@customer.example")
    monkeypatch.setattr(finding, "CANDIDATES", 3)
    found = look(alice, "ratchet is:open")

    assert (found.total, found.is_at_least) == (3, True)
    assert found.older == found.page[-1]


def test_a_long_look_for_a_phrase_stops_and_says_how_far_it_came(
    alice: Membership, filed: Filer, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = filed("The ratchet wheel turns", sender="first@customer.example")
    for n in range(4):
        filed("The wheel of a ratchet", subject=f"Number {n}", sender=f"c{n}@customer.example")
    assert numbers(alice, '"ratchet wheel"') == [said.number]
    monkeypatch.setattr(finding, "STEP", 2)
    monkeypatch.setattr(finding, "CHECKED", 2)
    found = look(alice, '"ratchet wheel"')

    assert found.page == []
    assert found.looked_back_to is not None


def test_who_may_not_see_a_mailbox_finds_nothing_of_it(
    alice: Membership, bob: Membership, door: Ticket, mailbox: Mailbox
) -> None:
    other = factories.make_mailbox(alice.organization, address="open@acme.example")
    seen = file(other, "The batteries again", sender="x@customer.example")
    with organization_scope(alice.organization):
        limit_mailbox(mailbox, by=bob)

    for asked in (
        "battery",
        "is:open",
        "from:carol",
        f"#{door.number}",
        '"batteries of"',
        "has:attachment",
        "after:7d",
    ):
        assert door.number not in numbers(alice, asked)
        assert door.number in numbers(bob, asked)
    assert numbers(alice, "battery") == [seen.number]
    assert "You see no mailbox" in problems(alice, "mailbox:help")
