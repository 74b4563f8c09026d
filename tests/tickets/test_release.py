"""What happens to work when its holder loses sight of it."""

import pytest

from accounts.access import rehearse
from accounts.actions.change_role import change_role
from accounts.actions.create_team import create_team
from accounts.actions.deactivate import deactivate_member
from accounts.actions.delete_team import delete_team
from accounts.actions.join_team import add_team_member, remove_team_member
from mailbox.actions.limit_mailbox import limit_mailbox
from mailbox.models import MailboxAccess
from tests.factories import make_mailbox, make_ticket
from tickets.actions.assign import assign_ticket, assign_to_team
from tickets.actions.close import close_ticket, reopen_ticket
from tickets.models import Event, Ticket

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def billing(acme, bob, scope):
    """A team of Acme's with nobody in it."""
    return create_team(acme, name="Billing", by=bob)


def holders(ticket):
    """Return who has the ticket, as the database knows it."""
    fresh = Ticket.objects.get(pk=ticket.pk)
    return fresh.assignee, fresh.team


def history(ticket):
    return list(ticket.events.order_by("at").values_list("verb", flat=True))


def test_a_limited_mailbox_takes_its_tickets_from_who_is_not_named(ticket, mailbox, alice, bob, billing):
    assign_ticket(ticket, to=alice, by=bob)
    assign_to_team(ticket, team=billing, by=bob)

    assert limit_mailbox(mailbox, by=bob) == 1

    assert holders(ticket) == (None, None)
    assert history(ticket)[2:] == ["released", "released"]
    assert {(one.assignee, one.team) for one in ticket.events.filter(verb="released")} == {
        (alice, None),
        (None, billing),
    }


def test_who_is_named_keeps_it_and_so_does_an_admin(ticket, acme, mailbox, contact, alice, bob):
    other = make_ticket(acme, mailbox=mailbox, contact=contact)
    assign_ticket(ticket, to=alice, by=bob)
    assign_ticket(other, to=bob, by=bob)

    assert limit_mailbox(mailbox, members=[alice], by=bob) == 0
    assert (holders(ticket)[0], holders(other)[0]) == (alice, bob)


def test_leaving_the_only_team_that_sees_it_gives_it_back(ticket, mailbox, alice, bob, billing):
    add_team_member(billing, member=alice, by=bob)
    limit_mailbox(mailbox, teams=[billing], by=bob)
    assign_ticket(ticket, to=alice, by=bob)
    assign_to_team(ticket, team=billing, by=bob)

    assert remove_team_member(billing, member=alice, by=bob) == 1
    assert holders(ticket) == (None, billing)


def test_a_team_that_ends_leaves_its_tickets_and_a_mailbox_for_admins(
    ticket, acme, mailbox, contact, alice, bob, billing
):
    add_team_member(billing, member=alice, by=bob)
    limit_mailbox(mailbox, teams=[billing], by=bob)
    assign_to_team(ticket, team=billing, by=bob)
    done = make_ticket(acme, mailbox=mailbox, contact=contact, state=Ticket.State.CLOSED, team=billing)

    assert delete_team(billing, by=bob) == 1

    assert (holders(ticket), holders(done)) == ((None, None), (None, None))
    assert history(ticket) == ["assigned", "released"]
    assert done.events.count() == 0
    mailbox.refresh_from_db()
    assert mailbox.is_limited
    assert not MailboxAccess.objects.exists()


@pytest.mark.parametrize("how", ["shut out", "only reads"])
def test_who_answers_no_more_has_no_tickets(how, ticket, acme, alice, bob, contact):
    assign_ticket(ticket, to=alice, by=bob)
    waiting = make_ticket(acme, contact=contact, state=Ticket.State.PENDING, assignee=alice)

    count = deactivate_member(alice, by=bob) if how == "shut out" else change_role(alice, role="viewer", by=bob)

    assert count == 2
    assert (holders(ticket)[0], holders(waiting)[0]) == (None, None)


def test_a_closed_ticket_keeps_its_name_until_it_opens_again(ticket, mailbox, alice, bob):
    assign_ticket(ticket, to=alice, by=bob)
    close_ticket(ticket, by=alice)

    assert limit_mailbox(mailbox, by=bob) == 0
    assert holders(ticket)[0] == alice

    reopen_ticket(ticket, by=bob)
    assert ticket.assignee is None
    assert holders(ticket)[0] is None


def test_what_is_rehearsed_is_counted_and_not_done(ticket, mailbox, alice, bob):
    assign_ticket(ticket, to=alice, by=bob)

    assert rehearse(lambda: limit_mailbox(mailbox, by=bob)) == 1

    assert holders(ticket)[0] == alice
    assert ticket.events.filter(verb=Event.Verb.RELEASED).count() == 0
    assert not type(mailbox).objects.get(pk=mailbox.pk).is_limited


def test_other_mailboxes_keep_theirs(ticket, acme, mailbox, contact, alice, bob):
    elsewhere = make_ticket(acme, mailbox=make_mailbox(acme), contact=contact, assignee=alice)

    limit_mailbox(mailbox, by=bob)

    assert holders(elsewhere)[0] == alice
