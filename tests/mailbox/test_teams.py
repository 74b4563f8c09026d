"""The pages about teams: making one, who is in it, and its end."""

import pytest
from django.urls import reverse

from accounts.actions.create_team import create_team
from accounts.actions.join_team import add_team_member
from accounts.models import Team, TeamMember
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
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
def every(acme):
    return reverse("mailbox:teams", args=[acme.slug])


@pytest.fixture
def page(acme, billing):
    return reverse("mailbox:team", args=[acme.slug, billing.pk])


@pytest.fixture
def ending(acme, billing):
    return reverse("mailbox:delete_team", args=[acme.slug, billing.pk])


def names(organization):
    with organization_scope(organization):
        return sorted(one.name for one in Team.objects.all())


def inside(team):
    """Return the ids of who is in the team, as the database knows it."""
    with organization_scope(team.organization_id):
        return set(TeamMember.objects.filter(team=team).values_list("member_id", flat=True))


def holders(ticket):
    with organization_scope(ticket.organization_id):
        fresh = Ticket.objects.select_related("assignee", "team").get(pk=ticket.pk)
        return fresh.assignee, fresh.team


def test_an_admin_makes_a_team_and_comes_to_its_page(as_bob, every, acme):
    made = as_bob.post(every, {"name": "  Billing "}, follow=True)

    assert names(acme) == ["Billing"]
    assert made.context["team"].name == "Billing"


@pytest.mark.parametrize("name", ["", "   ", "billing", "x" * 61])
def test_a_name_that_does_not_do_is_said_beside_the_field(name, as_bob, every, acme, billing):
    answered = as_bob.post(every, {"name": name})

    assert answered.status_code == 422
    assert answered.context["form"].errors["name"]
    assert names(acme) == ["Billing"]


def test_the_list_names_members_who_can_sign_in_and_limited_mailboxes(
    as_bob, every, acme, bob, viewer, mailbox, billing
):
    with organization_scope(acme):
        limit_mailbox(mailbox, teams=[billing], by=bob)
        add_team_member(billing, member=viewer, by=bob)
        viewer.is_active = False
        viewer.save(update_fields=["is_active"])

    [row] = as_bob.get(every).context["teams"]

    assert row.name == "Billing"
    assert [one.display_name for one in row.people] == ["Alice Agent"]
    assert row.mailboxes == [mailbox]


def test_saving_the_page_gives_the_team_its_name_and_members(as_bob, page, acme, alice, bob, viewer, billing):
    saved = as_bob.post(page, {"name": "Invoices", "members": [str(bob.pk), str(viewer.pk)]})

    assert saved.status_code == 302
    assert names(acme) == ["Invoices"]
    assert inside(billing) == {bob.pk, viewer.pk}


def test_a_name_that_is_taken_changes_neither_name_nor_members(as_bob, page, acme, alice, bob, viewer, billing):
    with organization_scope(acme):
        create_team(acme, name="Workshop", by=bob)

    answered = as_bob.post(page, {"name": "workshop", "members": [str(viewer.pk)]})

    assert answered.status_code == 422
    assert names(acme) == ["Billing", "Workshop"]
    assert inside(billing) == {alice.pk}


def test_nobody_of_another_desk_comes_into_a_team(as_bob, page, mallory, alice, billing):
    assert as_bob.post(page, {"name": "Billing", "members": [str(mallory.pk)]}).status_code == 422
    assert inside(billing) == {alice.pk}


def test_leaving_that_costs_tickets_is_said_before_it_is_done(as_bob, page, acme, alice, bob, mailbox, ticket, billing):
    with organization_scope(acme):
        limit_mailbox(mailbox, teams=[billing], by=bob)
        assign_ticket(ticket, to=alice, by=bob)

    asked = as_bob.post(page, {"name": "Invoices"})
    assert asked.status_code == 422
    assert "1 ticket goes back to nobody" in asked.content.decode()
    assert (names(acme), inside(billing), holders(ticket)[0]) == (["Billing"], {alice.pk}, alice)

    assert as_bob.post(page, {"name": "Invoices", "agreed": "1"}).status_code == 302
    assert (names(acme), inside(billing), holders(ticket)[0]) == (["Invoices"], set(), None)


def test_the_question_before_the_end_says_what_it_costs_and_changes_nothing(
    as_bob, ending, acme, alice, bob, mailbox, ticket, billing
):
    with organization_scope(acme):
        limit_mailbox(mailbox, teams=[billing], by=bob)
        assign_ticket(ticket, to=alice, by=bob)
        assign_to_team(ticket, team=billing, by=bob)

    shown = as_bob.get(ending)

    assert shown.context["losing"] == 1
    assert f"{mailbox.address} will be seen by admins only" in shown.content.decode()
    assert (names(acme), inside(billing), holders(ticket)) == (["Billing"], {alice.pk}, (alice, billing))


def test_a_mailbox_kept_to_others_too_is_not_said_to_be_left_to_admins(
    as_bob, ending, acme, bob, viewer, mailbox, billing
):
    with organization_scope(acme):
        limit_mailbox(mailbox, teams=[billing], members=[viewer], by=bob)

    shown = as_bob.get(ending).content.decode()

    assert "admins only" not in shown
    assert f"{mailbox.address} will be seen by admins and the others" in shown


def test_a_team_ends_on_its_page(as_bob, ending, every, page, acme):
    ended = as_bob.post(ending)

    assert (ended.status_code, ended["Location"]) == (302, every)
    assert names(acme) == []
    assert as_bob.get(page).status_code == 404


def test_agents_have_no_business_with_these_pages(as_alice, every, page, ending, acme, alice, billing):
    for address in (every, page, ending):
        assert as_alice.get(address).status_code == 403
        assert as_alice.post(address, {"name": "Mine"}).status_code == 403

    assert (names(acme), inside(billing)) == (["Billing"], {alice.pk})
