"""A team's queue: who finds it, what it holds, and how a ticket comes into it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.actions.create_team import create_team
from accounts.actions.delete_team import delete_team
from accounts.actions.join_team import add_team_member
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox, make_ticket
from tests.sql import counted_sql
from tickets.actions.tag import tag_ticket
from tickets.models import Event, Ticket


@pytest.fixture
def billing(acme, alice, bob):
    """A team of Acme's that Alice is in."""
    with organization_scope(acme):
        team = create_team(acme, name="Billing", by=bob)
        add_team_member(team, member=alice, by=bob)
    return team


@pytest.fixture
def address(acme, billing):
    return reverse("tickets:queue", args=[acme.slug]) + f"?team={billing.pk}"


@pytest.fixture
def giving(acme, ticket):
    return reverse("tickets:assign_team", args=[acme.slug, ticket.number])


def numbers(response):
    return {int(row["number"]) for band in response.context["bands"] for row in band["rows"]}


def teams_beside(response):
    """Return the teams of the side bar, each with its count."""
    return {one["name"]: one["count_display"] for one in response.context["navigation"]["teams"]}


def team_of(ticket):
    """Return the team that has the ticket, as the database knows it."""
    with organization_scope(ticket.organization_id):
        return Ticket.objects.select_related("team").get(pk=ticket.pk).team


def test_it_holds_the_tickets_of_the_team_whoever_of_it_answers(as_alice, address, acme, mailbox, alice, billing):
    nobodys = make_ticket(acme, mailbox=mailbox, team=billing)
    hers = make_ticket(acme, mailbox=mailbox, team=billing, assignee=alice)
    make_ticket(acme, mailbox=mailbox, assignee=alice)

    page = as_alice.get(address)

    assert numbers(page) == {nobodys.number, hers.number}
    assert page.context["total"] == "2"
    assert [one["name"] for one in page.context["chips"]] == ["Billing"]


def test_every_view_can_be_looked_at_for_one_team(as_alice, address, acme, mailbox, alice, billing):
    waiting = make_ticket(acme, mailbox=mailbox, team=billing, state=Ticket.State.PENDING)
    done = make_ticket(acme, mailbox=mailbox, team=billing, state=Ticket.State.CLOSED)
    hers = make_ticket(acme, mailbox=mailbox, team=billing, assignee=alice)
    make_ticket(acme, mailbox=mailbox, state=Ticket.State.CLOSED)

    shown = {one: numbers(as_alice.get(f"{address}&view={one}")) for one in ("pending", "closed", "mine", "unassigned")}

    assert shown == {"pending": {waiting.number}, "closed": {done.number}, "mine": {hers.number}, "unassigned": set()}


def test_a_team_and_a_mailbox_narrow_together(as_alice, address, acme, mailbox, billing):
    here = make_ticket(acme, mailbox=mailbox, team=billing)
    make_ticket(acme, mailbox=make_mailbox(acme), team=billing)

    page = as_alice.get(f"{address}&mailbox={mailbox.pk}")

    assert numbers(page) == {here.number}
    assert page.context["total"] == "1"


def test_members_find_their_teams_beside_the_list_and_admins_find_all(
    as_alice, as_bob, as_viewer, address, acme, mailbox, bob, billing
):
    with organization_scope(acme):
        create_team(acme, name="Workshop", by=bob)
    make_ticket(acme, mailbox=mailbox, team=billing)
    make_ticket(acme, mailbox=mailbox, team=billing, state=Ticket.State.CLOSED)

    assert teams_beside(as_alice.get(address)) == {"Billing": "1"}
    assert teams_beside(as_bob.get(address)) == {"Billing": "1", "Workshop": ""}
    assert teams_beside(as_viewer.get(address)) == {}


def test_what_a_reader_may_not_see_is_neither_listed_nor_counted(as_alice, address, acme, mailbox, bob, billing):
    seen = make_ticket(acme, mailbox=mailbox, team=billing)
    hidden = make_mailbox(acme)
    with organization_scope(acme):
        limit_mailbox(hidden, by=bob)
    make_ticket(acme, mailbox=hidden, team=billing)

    page = as_alice.get(address)

    assert numbers(page) == {seen.number}
    assert page.context["total"] == "1"
    assert teams_beside(page) == {"Billing": "1"}


def test_a_team_that_is_not_there_has_no_queue(as_alice, acme, globex, bob, billing):
    queue = reverse("tickets:queue", args=[acme.slug])
    with organization_scope(globex):
        theirs = create_team(globex, name="Billing", by=globex.memberships.get())
    with organization_scope(acme):
        ended = create_team(acme, name="Ended", by=bob)
        gone = ended.pk
        delete_team(ended, by=bob)

    for team in (theirs.pk, gone, uuid4(), "x"):
        assert as_alice.get(queue, {"team": str(team)}).status_code == 404
    assert as_alice.get(queue, {"team": str(billing.pk)}).status_code == 200


def test_an_agent_gives_a_ticket_to_a_team_and_takes_it_back(as_alice, giving, address, ticket, alice, billing):
    as_alice.post(giving, {"team": str(billing.pk)})
    assert team_of(ticket) == billing
    assert numbers(as_alice.get(address)) == {ticket.number}

    as_alice.post(giving, {"team": ""})
    assert team_of(ticket) is None
    assert numbers(as_alice.get(address)) == set()
    with organization_scope(ticket.organization_id):
        told = list(ticket.events.order_by("at").values_list("verb", "team", "by"))
    assert told == [
        (Event.Verb.ASSIGNED, billing.pk, alice.pk),
        (Event.Verb.UNASSIGNED, billing.pk, alice.pk),
    ]


def test_only_teams_that_see_the_mailbox_are_offered_and_taken(as_bob, giving, acme, mailbox, ticket, bob, billing):
    with organization_scope(acme):
        workshop = create_team(acme, name="Workshop", by=bob)
        limit_mailbox(mailbox, teams=[billing], by=bob)

    offered = as_bob.get(reverse("tickets:ticket", args=[acme.slug, ticket.number])).context["team_form"].teams
    as_bob.post(giving, {"team": str(workshop.pk)})

    assert list(offered) == [str(billing.pk)]
    assert team_of(ticket) is None


def test_a_viewer_gives_nothing_to_a_team(as_viewer, giving, ticket, billing):
    assert as_viewer.post(giving, {"team": str(billing.pk)}).status_code == 403
    assert team_of(ticket) is None


def test_teams_and_tags_cost_the_pages_no_further_question(
    as_alice, address, acme, mailbox, ticket, alice, bob, billing
):
    for n in range(12):
        one = make_ticket(acme, mailbox=mailbox, team=billing, assignee=alice)
        with organization_scope(acme):
            tag_ticket(one, name=f"word {n % 4}", by=alice)
            tag_ticket(one, name="every", by=alice)
            create_team(acme, name=f"Team {n}", by=bob)
    page = reverse("tickets:ticket", args=[acme.slug, one.number])
    as_alice.get(address)  # keys are held for a minute
    as_alice.get(page)

    with counted_sql() as of_queue:
        assert len(numbers(as_alice.get(address))) == 12
    with counted_sql() as of_ticket:
        assert as_alice.get(page).status_code == 200

    assert len(of_queue) <= 8, "\n".join(of_queue)
    assert len(of_ticket) <= 10, "\n".join(of_ticket)
