"""The path from an empty desk to the first answer, and its end."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Membership, Organization
from accounts.tenancy import organization_scope
from tests import factories
from tickets.actions.end_first_steps import end_first_steps
from tickets.models import Event


@pytest.fixture
def fresh(db: None) -> Organization:
    """An organization of this minute: an owner and nothing else."""
    return factories.make_organization("Fresh")


@pytest.fixture
def founder(fresh: Organization) -> Membership:
    """Its owner."""
    return Membership.objects.select_related("organization", "user").get(organization=fresh)


@pytest.fixture
def as_founder(founder: Membership) -> Client:
    """A browser in which the owner is signed in."""
    from tests.cast import sign_in

    return sign_in(Client(), founder)


def done(client: Client, organization: Organization) -> list[str]:
    """Return which steps the list's page shows as done."""
    steps = client.get(reverse("tickets:queue", args=[organization.slug])).context["first_steps"]
    return [step.key for step in steps.steps if step.is_done]


def test_each_step_is_done_when_it_happened(as_founder: Client, fresh: Organization, founder: Membership) -> None:
    assert done(as_founder, fresh) == []

    mailbox = factories.make_mailbox(fresh)
    assert done(as_founder, fresh) == ["mailbox"]

    ticket = factories.make_ticket(fresh, mailbox=mailbox)
    assert done(as_founder, fresh) == ["mailbox", "mail"]

    with organization_scope(fresh):
        Invitation.objects.create(
            organization=fresh, email="carl@fresh.example", email_digest=b"x" * 16, role="agent", token_hash=b"y" * 32,
            invited_by=founder, expires_at="2099-01-01T00:00Z",
        )  # fmt: skip
    assert done(as_founder, fresh) == ["mailbox", "mail", "colleague"]

    with organization_scope(fresh):
        Event.objects.create(organization=fresh, ticket=ticket, verb=Event.Verb.ANSWERED, by=founder)
    assert done(as_founder, fresh) == ["mailbox", "mail", "colleague", "answer"]


def test_an_empty_list_says_what_to_do_first(as_founder: Client, fresh: Organization) -> None:
    page = as_founder.get(reverse("tickets:queue", args=[fresh.slug])).content.decode()

    assert "0 of 4 done" in page
    assert f'<a class="button primary" href="{reverse("mailbox:connect", args=[fresh.slug])}">' in page


def test_the_steps_go_away_by_themselves_when_all_are_done(as_founder: Client, fresh: Organization) -> None:
    ticket = factories.make_ticket(fresh)
    factories.make_membership(fresh)
    with organization_scope(fresh):
        Event.objects.create(organization=fresh, ticket=ticket, verb=Event.Verb.ANSWERED)

    page = as_founder.get(reverse("tickets:queue", args=[fresh.slug])).content.decode()
    assert reverse("tickets:first_steps", args=[fresh.slug]) not in page
    assert "The desk is running" in as_founder.get(reverse("tickets:first_steps", args=[fresh.slug])).content.decode()


def test_an_admin_puts_them_away_for_everybody_and_for_good(as_founder: Client, fresh: Organization) -> None:
    queue = reverse("tickets:queue", args=[fresh.slug])

    answer = as_founder.post(reverse("tickets:end_first_steps", args=[fresh.slug]))
    assert answer["Location"] == queue
    assert as_founder.get(queue).context["first_steps"] is None
    assert as_founder.get(reverse("tickets:first_steps", args=[fresh.slug]))["Location"] == queue


def test_putting_them_away_twice_keeps_the_first_moment(fresh: Organization, founder: Membership) -> None:
    with organization_scope(fresh):
        end_first_steps(by=founder)
        fresh.refresh_from_db()
        first = fresh.first_steps_ended_at
        end_first_steps(by=founder)
        fresh.refresh_from_db()

    assert first is not None
    assert fresh.first_steps_ended_at == first


def test_an_agent_is_not_bothered_with_them(as_alice: Client, acme: Organization) -> None:
    assert as_alice.get(reverse("tickets:queue", args=[acme.slug])).context["first_steps"] is None
