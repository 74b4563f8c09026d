"""Who may see a mailbox: the rule from both its ends, limiting a mailbox, and the page where an admin does it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions.create_team import create_team
from accounts.actions.deactivate import deactivate_member
from accounts.actions.delete_team import delete_team
from accounts.actions.join_team import add_team_member
from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.tenancy import organization_scope
from mailbox.access import mailbox_ids_for, mailboxes_for, may_see, members_who_see, teams_that_see
from mailbox.actions.limit_mailbox import limit_mailbox, open_mailbox
from mailbox.models import Mailbox, MailboxAccess
from tests.factories import make_mailbox, make_ticket
from tickets.actions.assign import assign_ticket, assign_to_team
from tickets.models import Ticket


@pytest.fixture
def billing(acme, alice, bob):
    """A team of Acme's that Alice is in."""
    with organization_scope(acme):
        team = create_team(acme, name="Billing", by=bob)
        add_team_member(team, member=alice, by=bob)
    return team


@pytest.fixture
def workshop(acme, bob):
    """A team of Acme's with nobody in it."""
    with organization_scope(acme):
        return create_team(acme, name="Workshop", by=bob)


@pytest.fixture
def page(acme, mailbox):
    return reverse("mailbox:access", args=[acme.slug, mailbox.pk])


def named(mailbox):
    """Return who is let in by name: the ids of teams, and those of members."""
    rows = MailboxAccess.objects.filter(mailbox=mailbox)
    return {one.team_id for one in rows if one.team_id}, {one.member_id for one in rows if one.member_id}


def holders(ticket):
    """Return who has the ticket, as the database knows it."""
    with organization_scope(ticket.organization_id):
        fresh = Ticket.objects.select_related("assignee", "team").get(pk=ticket.pk)
        return fresh.assignee, fresh.team


def limited(mailbox):
    """Return whether the database knows the mailbox as limited."""
    with organization_scope(mailbox.organization_id):
        return Mailbox.objects.get(pk=mailbox.pk).is_limited


# --- The rule ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kept_to", ["everybody", "admins", "a team", "a member", "a team and a member"])
def test_members_and_mailboxes_agree_on_who_sees_what(
    kept_to, acme, owner, alice, bob, viewer, mailbox, billing, workshop, scope
):
    teams = [billing, workshop] if "team" in kept_to else []
    members = [viewer] if "member" in kept_to else []
    if kept_to != "everybody":
        limit_mailbox(mailbox, teams=teams, members=members, by=bob)
    expected = {owner, bob} | ({alice} if teams else set()) | ({viewer} if members else set())
    if kept_to == "everybody":
        expected = {owner, alice, bob, viewer}

    assert set(members_who_see(mailbox)) == expected
    for one in Membership.objects.all():
        assert may_see(one, mailbox.pk) == (one in expected)
        assert (mailbox.pk in mailbox_ids_for(one)) == (one in expected)


def test_who_is_named_twice_is_counted_once(alice, bob, mailbox, billing, scope):
    limit_mailbox(mailbox, teams=[billing], members=[alice], by=bob)

    assert list(mailboxes_for(alice)) == [mailbox]
    assert list(members_who_see(mailbox)).count(alice) == 1


def test_who_was_shut_out_sees_nothing_not_even_what_is_open_or_kept_to_them(owner, alice, bob, acme, mailbox, scope):
    limit_mailbox(mailbox, members=[alice], by=owner)
    make_mailbox(acme)
    for one in (alice, bob):
        deactivate_member(one, by=owner)
        one.refresh_from_db()

        assert mailbox_ids_for(one) == frozenset()
        assert not Ticket.objects.visible_to(one).exists()
    assert set(members_who_see(mailbox)) == {owner}


def test_tickets_are_seen_with_their_mailbox(alice, bob, acme, mailbox, ticket, scope):
    other = make_ticket(acme)

    limit_mailbox(mailbox, by=bob)

    assert set(Ticket.objects.visible_to(alice)) == {other}
    assert set(Ticket.objects.visible_to(bob)) == {ticket, other}


def test_every_team_is_given_tickets_of_an_open_mailbox_and_only_named_ones_of_a_limited(
    bob, mailbox, billing, workshop, scope
):
    assert set(teams_that_see(mailbox)) == {billing, workshop}

    limit_mailbox(mailbox, teams=[billing], by=bob)

    assert set(teams_that_see(mailbox)) == {billing}


# --- Limiting ---------------------------------------------------------------------------------------------------------
def test_naming_anew_replaces_who_was_named_before(alice, bob, viewer, mailbox, billing, workshop, scope):
    limit_mailbox(mailbox, teams=[billing], members=[viewer], by=bob)
    limit_mailbox(mailbox, teams=[workshop], members=[alice], by=bob)

    assert named(mailbox) == ({workshop.pk}, {alice.pk})


def test_opening_forgets_who_was_named(alice, bob, viewer, mailbox, billing, scope):
    limit_mailbox(mailbox, teams=[billing], members=[viewer], by=bob)
    open_mailbox(mailbox, by=bob)
    assert may_see(viewer, mailbox.pk)

    limit_mailbox(mailbox, by=bob)

    assert named(mailbox) == (set(), set())
    assert not may_see(viewer, mailbox.pk)


def test_nobody_of_another_desk_is_let_in(acme, globex, bob, mallory, mailbox):
    with organization_scope(globex):
        theirs = create_team(globex, name="Theirs", by=globex.memberships.exclude(pk=mallory.pk).get())
    with organization_scope(acme):
        for stranger in ({"teams": [theirs]}, {"members": [mallory]}):
            with pytest.raises(ActionRefused):
                limit_mailbox(mailbox, **stranger, by=bob)

        assert named(mailbox) == (set(), set())
    assert not limited(mailbox)


def test_agents_open_no_mailbox(alice, bob, mailbox, scope):
    limit_mailbox(mailbox, by=bob)
    with pytest.raises(ActionRefused):
        open_mailbox(mailbox, by=alice)

    assert not may_see(alice, mailbox.pk)


@pytest.mark.parametrize("both", [True, False])
def test_the_database_takes_a_team_or_a_member_and_nothing_else(both, acme, alice, mailbox, billing, scope):
    who = {"team": billing, "member": alice} if both else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        MailboxAccess.objects.create(organization=acme, mailbox=mailbox, **who)


# --- What it costs ----------------------------------------------------------------------------------------------------
def test_a_ticket_that_loses_its_holder_and_its_team_counts_once(alice, bob, mailbox, ticket, billing, scope):
    assign_ticket(ticket, to=alice, by=bob)
    assign_to_team(ticket, team=billing, by=bob)

    assert limit_mailbox(mailbox, by=bob) == 1
    assert holders(ticket) == (None, None)


def test_it_counts_once_also_when_both_go_with_the_team(alice, bob, mailbox, ticket, billing, scope):
    limit_mailbox(mailbox, teams=[billing], by=bob)
    assign_ticket(ticket, to=alice, by=bob)
    assign_to_team(ticket, team=billing, by=bob)

    assert delete_team(billing, by=bob) == 1
    assert holders(ticket) == (None, None)


def test_opening_a_mailbox_costs_nobody_a_ticket(alice, bob, mailbox, ticket, billing, scope):
    limit_mailbox(mailbox, teams=[billing], by=bob)
    assign_ticket(ticket, to=alice, by=bob)

    assert open_mailbox(mailbox, by=bob) == 0
    assert holders(ticket)[0] == alice


# --- The page ---------------------------------------------------------------------------------------------------------
def test_an_admin_keeps_a_mailbox_to_a_team_and_a_member_and_finds_it_so(
    as_bob, page, acme, alice, viewer, mailbox, billing
):
    who = {"who": "some", "teams": [str(billing.pk)], "members": [str(viewer.pk)]}

    assert as_bob.post(page, who).status_code == 302

    with organization_scope(acme):
        assert named(mailbox) == ({billing.pk}, {viewer.pk})
    assert limited(mailbox)
    assert as_bob.get(page).context["form"].initial == who


def test_an_admin_opens_it_again(as_bob, page, alice, bob, acme, mailbox):
    with organization_scope(acme):
        limit_mailbox(mailbox, by=bob)

    assert as_bob.post(page, {"who": "everybody"}).status_code == 302
    assert not limited(mailbox)


def test_what_costs_tickets_is_said_before_it_is_done(as_bob, page, acme, alice, bob, mailbox, ticket):
    with organization_scope(acme):
        assign_ticket(ticket, to=alice, by=bob)

    asked = as_bob.post(page, {"who": "some"})
    assert asked.status_code == 422
    assert "1 ticket goes back to nobody" in asked.content.decode()
    assert (limited(mailbox), holders(ticket)[0]) == (False, alice)

    assert as_bob.post(page, {"who": "some", "agreed": "1"}).status_code == 302
    assert (limited(mailbox), holders(ticket)[0]) == (True, None)


def test_a_yes_to_fewer_tickets_than_it_costs_now_is_asked_for_again(
    as_bob, page, acme, alice, bob, mailbox, ticket, contact
):
    second = make_ticket(acme, mailbox=mailbox, contact=contact)
    with organization_scope(acme):
        assign_ticket(ticket, to=alice, by=bob)
        assign_ticket(second, to=alice, by=bob)

    asked = as_bob.post(page, {"who": "some", "agreed": "1"})

    assert asked.status_code == 422
    assert "2 tickets go back to nobody" in asked.content.decode()
    assert not limited(mailbox)


def test_a_team_nobody_offered_is_not_taken(as_bob, page, globex, mailbox, mallory):
    with organization_scope(globex):
        theirs = create_team(globex, name="Theirs", by=globex.memberships.exclude(pk=mallory.pk).get())

    for posted in ({"teams": [str(theirs.pk)]}, {"members": [str(mallory.pk)]}, {"who": "nobody"}):
        assert as_bob.post(page, {"who": "some"} | posted).status_code == 422
    assert not limited(mailbox)


def test_agents_do_not_change_who_sees_a_mailbox(as_alice, page, mailbox):
    assert as_alice.get(page).status_code == 403
    assert as_alice.post(page, {"who": "some"}).status_code == 403
    assert not limited(mailbox)
