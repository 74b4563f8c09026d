"""Teams, and who may see which mailbox."""

import pytest

from accounts.actions.create_team import create_team, rename_team
from accounts.actions.delete_team import delete_team
from accounts.actions.join_team import add_team_member, remove_team_member
from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from mailbox.access import mailboxes_for, may_see, members_who_see
from mailbox.actions.limit_mailbox import limit_mailbox, open_mailbox
from tickets.actions.assign import assign_ticket, assign_to_team
from tickets.models import Event, Ticket


@pytest.fixture(autouse=True)
def inside(alice, bob, viewer, ticket, acme):
    """The scope of Acme, entered once everybody is there."""
    with organization_scope(acme):
        yield


@pytest.fixture
def billing(acme, bob):
    return create_team(acme, name="Billing", by=bob)


def test_a_name_is_used_once_whatever_its_case(acme, billing, bob):
    with pytest.raises(ActionRefused):
        create_team(acme, name=" bILLing ", by=bob)

    assert acme.teams.get() == billing


def test_a_team_can_be_called_something_else_and_by_its_own_name_again(acme, billing, bob):
    rename_team(billing, name="Invoices", by=bob)
    rename_team(billing, name="invoices", by=bob)

    assert acme.teams.get().name == "invoices"


def test_agents_make_no_teams_and_limit_no_mailboxes(acme, alice, mailbox):
    with pytest.raises(ActionRefused):
        create_team(acme, name="Mine", by=alice)
    with pytest.raises(ActionRefused):
        limit_mailbox(mailbox, members=[alice], by=alice)

    assert acme.teams.count() == 0
    assert may_see(alice, mailbox.pk)


def test_a_mailbox_is_open_until_it_is_limited_and_open_again_after(alice, bob, mailbox):
    assert list(mailboxes_for(alice)) == [mailbox]
    limit_mailbox(mailbox, by=bob)
    assert list(mailboxes_for(alice)) == []
    assert list(mailboxes_for(bob)) == [mailbox]
    open_mailbox(mailbox, by=bob)
    assert list(mailboxes_for(alice)) == [mailbox]


def test_who_is_named_or_in_a_named_team_sees_a_limited_mailbox(alice, viewer, bob, billing, mailbox):
    add_team_member(billing, member=alice, by=bob)

    limit_mailbox(mailbox, teams=[billing], by=bob)
    assert [may_see(one, mailbox.pk) for one in (alice, viewer, bob)] == [True, False, True]
    assert viewer not in set(members_who_see(mailbox))

    limit_mailbox(mailbox, members=[viewer], by=bob)
    assert [may_see(one, mailbox.pk) for one in (alice, viewer, bob)] == [False, True, True]
    assert viewer in set(members_who_see(mailbox))


def test_who_loses_sight_loses_the_ticket_and_the_history_says_so(acme, alice, bob, mailbox, ticket):
    assign_ticket(ticket, to=alice, by=bob)

    assert limit_mailbox(mailbox, by=bob) == 1

    ticket.refresh_from_db()
    assert ticket.assignee is None
    assert ticket.events.order_by("pk").last().verb == Event.Verb.RELEASED


def test_leaving_a_team_takes_what_was_seen_through_it_alone(alice, bob, billing, mailbox, ticket):
    add_team_member(billing, member=alice, by=bob)
    limit_mailbox(mailbox, teams=[billing], by=bob)
    assign_ticket(ticket, to=alice, by=bob)

    assert remove_team_member(billing, member=alice, by=bob) == 1
    assert not may_see(alice, mailbox.pk)


def test_a_limited_mailbox_whose_team_ends_never_becomes_open_by_itself(alice, bob, billing, mailbox, ticket):
    add_team_member(billing, member=alice, by=bob)
    limit_mailbox(mailbox, teams=[billing], by=bob)
    assign_to_team(ticket, team=billing, by=bob)

    delete_team(billing, by=bob)

    assert not may_see(alice, mailbox.pk)
    assert Ticket.objects.get().team is None


def test_only_a_team_that_sees_the_mailbox_is_given_a_ticket(acme, alice, bob, billing, mailbox, ticket):
    other = create_team(acme, name="Workshop", by=bob)
    limit_mailbox(mailbox, teams=[billing], by=bob)

    with pytest.raises(ActionRefused):
        assign_to_team(ticket, team=other, by=bob)
    with pytest.raises(ActionRefused):
        assign_ticket(ticket, to=alice, by=bob)
    assign_to_team(ticket, team=billing, by=bob)

    assert Ticket.objects.get().team == billing
