"""From one ticket to the next of the list it was opened from, and back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_mailbox, make_ticket
from tests.tickets.acting import at, numbers, text_of
from tickets.newest import ORDERS


@pytest.fixture
def made(acme, mailbox):
    now, other = timezone.now(), make_mailbox(acme)
    return [
        make_ticket(
            acme,
            mailbox=(mailbox, other)[n % 2],
            priority=1 + n % 3,
            waiting_since=now - timedelta(minutes=n // 2),
            last_activity_at=now - timedelta(minutes=n // 2),
        )
        for n in range(7)
    ]


def listed(client, address):
    return numbers(client.get(address))


def walked(client, ticket, step, query):
    """Return the numbers one comes past, and the address at which the list ends."""
    found, here = [], at(ticket, f"{step}/{query}")
    while "/tickets/" in here:
        response = client.get(here)
        assert response.status_code == 302
        here = response["Location"]
        if "/tickets/" in here:
            path, _, asked = here.partition("?")
            assert f"?{asked}" == query
            found.append(int(path.split("/")[3]))
            here = f"{path}{step}/{query}"
    return found, here


@pytest.mark.parametrize("order", ORDERS)
def test_one_comes_past_every_ticket_in_the_order_of_the_list_and_back(as_alice, made, order):
    found = listed(as_alice, f"/acme/?sort={order}")
    by_number = {one.number: one for one in made}
    query = f"?from=open&sort={order}"

    down, ended = walked(as_alice, by_number[found[0]], "next", query)
    up, began = walked(as_alice, by_number[found[-1]], "previous", query)

    assert [found[0], *down] == found
    assert [found[-1], *up] == found[::-1]
    assert ended == began
    assert ended.startswith("/acme/?")


def test_a_narrowed_list_stays_narrow(as_alice, made, mailbox):
    query = f"?from=open&mailbox={mailbox.pk}"
    found = listed(as_alice, f"/acme/?mailbox={mailbox.pk}")
    first = next(one for one in made if one.number == found[0])

    assert walked(as_alice, first, "next", query)[0] == found[1:]


def test_what_has_left_the_list_still_leads_on_from_where_it_stood(as_alice, made):
    found = listed(as_alice, "/acme/")
    third = next(one for one in made if one.number == found[2])
    as_alice.post(at(third, "close/"))

    assert walked(as_alice, third, "next", "?from=open")[0] == found[3:]


def test_at_the_end_the_list_says_so(as_alice, made):
    found = listed(as_alice, "/acme/")
    by_number = {one.number: one for one in made}

    last = as_alice.get(at(by_number[found[-1]], "next/?from=open"), follow=True)
    assert "That was the last ticket of this list." in text_of(last)
    first = as_alice.get(at(by_number[found[0]], "previous/?from=open"), follow=True)
    assert "That was the first ticket of this list." in text_of(first)


def test_a_ticket_one_may_not_see_leads_nowhere(as_alice, made, globex):
    hidden = make_ticket(globex)
    assert as_alice.get(f"/globex/tickets/{hidden.number}/next/").status_code == 404
    assert as_alice.get("/acme/tickets/4711/next/").status_code == 404


def test_a_list_that_would_be_slow_is_not_walked(as_alice, made):
    response = as_alice.get(at(made[0], "next/?from=closed&priority=urgent"))
    assert "view=closed" not in response["Location"]
