"""Everywhere one can go, as one page."""

from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from mailbox.models import Mailbox
from tests import factories
from tickets.models import Ticket


def test_the_page_leads_everywhere_an_admin_may_go(as_bob: Client, acme: Organization, mailbox: Mailbox) -> None:
    page = as_bob.get(reverse("tickets:go", args=[acme.slug])).content.decode()

    for address in (
        f"{reverse('tickets:queue', args=[acme.slug])}?view=mine",
        f"{reverse('tickets:queue', args=[acme.slug])}?mailbox={mailbox.pk}",
        reverse("accounts:hours", args=[acme.slug]),
        reverse("profile"),
    ):
        assert f'href="{address}"' in page


def test_an_agent_is_led_to_no_page_for_admins(as_alice: Client, acme: Organization) -> None:
    page = as_alice.get(reverse("tickets:go", args=[acme.slug])).content.decode()

    assert reverse("accounts:people", args=[acme.slug]) not in page
    assert reverse("profile") in page


def test_a_number_leads_to_its_ticket(as_alice: Client, acme: Organization, ticket: Ticket) -> None:
    answer = as_alice.get(reverse("tickets:go", args=[acme.slug]), {"number": f"#{ticket.number}"})

    assert answer["Location"] == reverse("tickets:ticket", args=[acme.slug, ticket.number])


def test_a_number_of_a_ticket_that_is_not_ones_own_leads_nowhere(
    as_alice: Client, acme: Organization, globex: Organization
) -> None:
    theirs = factories.make_ticket(globex)
    theirs = factories.make_ticket(globex)

    assert as_alice.get(reverse("tickets:go", args=[acme.slug]), {"number": str(theirs.number)}).status_code == 404


def test_a_mailbox_that_is_kept_from_the_reader_is_not_on_the_page(
    as_alice: Client, acme: Organization, mailbox: Mailbox
) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(is_limited=True)

    assert mailbox.address not in as_alice.get(reverse("tickets:go", args=[acme.slug])).content.decode()


def test_who_has_several_desks_finds_each_of_them_from_the_own_account(as_alice: Client, alice: object) -> None:
    other = factories.make_organization("Second")
    factories.make_membership(other, alice.user)  # type: ignore[attr-defined]

    page = as_alice.get(reverse("go")).content.decode()
    assert reverse("tickets:queue", args=[other.slug]) in page
    assert ">Acme</a>" in page
