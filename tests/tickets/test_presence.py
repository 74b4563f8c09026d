"""Who is at a ticket, and who answers it: shown to others, gone by itself."""

import pytest
import redis
from django.urls import reverse

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_ticket
from tests.sql import counted_sql
from tickets.actions.reply import send_reply
from tickets.together import presence
from tickets.together.presence import look_away, look_in, seen_at


@pytest.fixture(autouse=True)
def store(settings):
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()


def seen(ticket):
    return seen_at(ticket.organization_id, [ticket.pk]).get(ticket.pk, presence.NOBODY)


def url(name, ticket):
    return reverse(f"tickets:{name}", args=["acme", ticket.number])


def news(store, acme):
    return [fields[b"news"].decode() for _id, fields in store.xrange(f"desk:{acme.pk}:news")]


def test_a_page_is_seen_until_it_closes_and_another_of_the_same_person_stays(ticket, alice):
    look_in(ticket, alice, "one")
    look_in(ticket, alice, "two")
    look_away(ticket, alice, "one")
    assert seen(ticket).here == {alice.pk}

    look_away(ticket, alice, "two")
    assert seen(ticket) == presence.NOBODY


def test_a_page_that_is_silent_for_long_is_not_seen(ticket, alice, monkeypatch):
    monkeypatch.setattr(presence, "HERE_FOR", 1)
    look_in(ticket, alice, "one")
    now = presence.time.time()
    monkeypatch.setattr(presence.time, "time", lambda: now + 2)

    assert seen(ticket) == presence.NOBODY


def test_every_key_holds_ids_only_and_goes_by_itself(ticket, alice, store):
    look_in(ticket, alice, "one")
    presence.claim(ticket, by=alice)

    keys = [key.decode() for key in store.scan_iter("desk:*")]
    assert len(keys) == 4  # who looks, who answers, that somebody does, and the news of it
    assert all(0 < store.ttl(key) <= 3600 for key in keys)
    assert not any("Alice" in str(store.dump(key)) or "acme.example" in str(store.dump(key)) for key in keys)


def test_coming_and_going_is_told_once_and_staying_is_not(ticket, alice, acme, store):
    for _ in range(3):
        look_in(ticket, alice, "one")
    assert len(news(store, acme)) == 1

    look_away(ticket, alice, "one")
    assert len(news(store, acme)) == 2


def test_the_first_who_types_has_the_claim_and_keeps_its_beginning(ticket, alice, bob):
    first = presence.claim(ticket, by=alice)

    assert presence.claim(ticket, by=bob) == first
    assert presence.claim(ticket, by=alice) == first
    assert first.member_id == alice.pk


def test_a_claim_is_taken_over_and_says_from_whom(ticket, alice, bob):
    presence.claim(ticket, by=alice)

    taken = presence.take_over(ticket, by=bob)

    assert (taken.member_id, taken.before_id) == (bob.pk, alice.pk)
    assert seen(ticket).claim == taken
    assert presence.take_over(ticket, by=bob) == taken


def test_only_ones_own_claim_is_given_back(ticket, alice, bob):
    presence.claim(ticket, by=alice)
    presence.let_go(ticket, by=bob)
    assert seen(ticket).claim

    presence.let_go(ticket, by=alice)
    assert seen(ticket).claim is None


@pytest.mark.django_db(transaction=True)
def test_who_has_answered_is_not_answering_any_more(ticket, alice, acme):
    presence.claim(ticket, by=alice)

    with organization_scope(acme):
        send_reply(ticket, text="Friday.", to=[("", "carol@customer.example")], by=alice)

    assert seen(ticket).claim is None


def test_without_redis_nobody_is_seen_and_every_page_works(as_alice, ticket, alice, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/1"

    assert presence.claim(ticket, by=alice) is None
    assert as_alice.get(url("ticket", ticket)).status_code == 200
    assert as_alice.get(reverse("tickets:queue", args=["acme"])).status_code == 200
    assert as_alice.post(url("claim", ticket)).status_code == 200


def test_the_queue_shows_who_reads_and_who_answers_at_no_further_question(as_alice, acme, mailbox, ticket, bob, owner):
    other = make_ticket(acme, mailbox=mailbox)
    address = reverse("tickets:queue", args=["acme"])
    as_alice.get(address)
    look_in(ticket, bob, "one")
    presence.claim(other, by=owner)

    with counted_sql() as statements:
        page = as_alice.get(address).content.decode()

    assert "Bob Admin is reading this" in page
    assert "Olivia is answering" in page
    assert len(statements) <= 8, "\n".join(statements)


def test_nobody_is_shown_to_themselves(as_alice, ticket, alice):
    look_in(ticket, alice, "one")
    presence.claim(ticket, by=alice)

    page = as_alice.get(url("ticket", ticket)).content.decode()

    assert "Alice Agent is" not in page
    assert "Take over" not in page


def test_the_ticket_says_who_answers_since_when_and_offers_to_take_over(as_alice, as_bob, ticket):
    as_bob.post(url("claim", ticket))
    page = as_alice.get(url("ticket", ticket)).content.decode()
    assert "Bob Admin is answering" in page
    assert "Take over" in page

    assert as_alice.post(url("take_over", ticket)).status_code == 302
    assert "Take over" not in as_alice.get(url("ticket", ticket)).content.decode()
    page = as_bob.get(url("ticket", ticket)).content.decode()
    assert "Alice Agent has taken over" in page
    assert "Take it back" in page


def test_a_part_of_it_comes_alone(as_alice, ticket, bob):
    look_in(ticket, bob, "one")

    row = as_alice.get(reverse("tickets:here", args=["acme"]), {"n": [str(ticket.number), "99", "x"]})
    part = as_alice.get(url("here_at", ticket))

    assert f'id="here-{ticket.number}"' in row.content.decode()
    assert "Bob Admin is reading this" in row.content.decode()
    assert "Bob Admin is reading this" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_who_reads_without_a_script_is_seen_for_a_while(as_alice, as_bob, ticket, alice, monkeypatch):
    page = as_alice.get(url("ticket", ticket)).content.decode()
    picture = url("opened", ticket)
    assert f'<noscript><img class="visually-hidden" src="{picture}"' in page
    assert seen(ticket) == presence.NOBODY

    assert as_alice.get(picture)["Content-Type"] == "image/gif"
    assert seen(ticket).here == {alice.pk}
    assert "Alice Agent is reading this" in as_bob.get(url("ticket", ticket)).content.decode()

    later = presence.time.time() + presence.OPENED_FOR + 1
    monkeypatch.setattr(presence.time, "time", lambda: later)
    assert seen(ticket) == presence.NOBODY


def test_of_a_ticket_one_may_not_see_nobody_is_shown(as_alice, as_bob, acme, ticket, bob):
    as_bob.post(url("claim", ticket))
    with organization_scope(acme):
        limit_mailbox(ticket.mailbox, by=bob)

    row = as_alice.get(reverse("tickets:here", args=["acme"]), {"n": str(ticket.number)})

    assert row.content.decode().strip() == ""
    assert as_alice.get(url("here_at", ticket)).status_code == 404
    for name in ("claim", "take_over", "let_go"):
        assert as_alice.post(url(name, ticket)).status_code == 404


def test_a_member_who_was_shut_out_is_not_shown(as_bob, ticket, alice, acme):
    look_in(ticket, alice, "one")
    presence.claim(ticket, by=alice)
    with organization_scope(acme):
        type(alice).objects.filter(pk=alice.pk).update(is_active=False)

    assert "Alice Agent is" not in as_bob.get(url("ticket", ticket)).content.decode()
    assert "Alice" not in as_bob.get(reverse("tickets:here", args=["acme"]), {"n": str(ticket.number)}).content.decode()
