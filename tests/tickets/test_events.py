"""Live news: who hears it, and what."""

import asyncio
import json
from contextlib import suppress

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import AsyncClient
from django.urls import reverse

from accounts.live import newest_id, say
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.cast import sign_in
from tests.factories import make_mailbox
from tickets.together.presence import seen_at
from tickets.together.reader import Reader
from tickets.views import events


def stream_of(slug):
    return reverse("tickets:events", args=[slug])


def told(chunk):
    """Return what an event says, or nothing for a sign of life."""
    lines = [line for line in chunk.decode().splitlines() if line.startswith("data: ")]
    return json.loads(lines[0].removeprefix("data: ")) if lines else None


def heard(client, acme, *news, since=""):
    """Open the stream, say these things, and return the first that comes."""

    async def listen():
        response = await client.get(stream_of(acme.slug) + since)
        assert response["Content-Type"] == "text/event-stream"
        stream = aiter(response.streaming_content)
        assert (await anext(stream)).startswith(b"retry")
        for one in news:
            say(acme.pk, one)
        while (said := told(await anext(stream))) is None:
            continue
        await stream.aclose()
        return said

    return async_to_sync(listen)()


@pytest.fixture
def pages(transactional_db):
    """The stream asks the database from threads of its own, so what it asks for must be committed."""


def news_of(mailbox, number):
    return {"what": "ticket", "number": str(number), "mailbox": str(mailbox.pk)}


def test_a_member_hears_what_changed_by_its_number(pages, acme, mailbox, alice):
    client = sign_in(AsyncClient(), alice)

    said = heard(client, acme, news_of(mailbox, 7))

    assert said == news_of(mailbox, 7)


def test_nobody_hears_of_a_mailbox_that_is_not_theirs_to_see(pages, acme, mailbox, alice, bob):
    secret = make_mailbox(acme)
    with organization_scope(acme):
        limit_mailbox(secret, by=bob)

    for who, hears in ((alice, 2), (bob, 1)):
        client = sign_in(AsyncClient(), who)
        said = heard(client, acme, news_of(secret, 1), news_of(mailbox, 2))
        assert said["number"] == str(hears)


def test_news_that_names_no_mailbox_reaches_nobody(pages, acme, mailbox, alice):
    client = sign_in(AsyncClient(), alice)

    said = heard(client, acme, {"what": "ticket", "number": "1"}, news_of(mailbox, 2))

    assert said["number"] == "2"


def test_a_mailbox_that_is_limited_now_falls_silent_on_a_page_that_is_open(pages, acme, mailbox, alice, bob):
    client = sign_in(AsyncClient(), alice)
    other = make_mailbox(acme)

    def limit():
        with organization_scope(acme):
            limit_mailbox(mailbox, by=bob)

    async def listen():
        stream = aiter((await client.get(stream_of(acme.slug))).streaming_content)
        await anext(stream)
        say(acme.pk, news_of(mailbox, 1))
        heard = [told(await anext(stream))]
        await sync_to_async(limit)()
        for one in (news_of(mailbox, 2), news_of(other, 3)):
            say(acme.pk, one)
        while not heard[-1] or heard[-1].get("number") != "3":
            heard.append(told(await anext(stream)))
        await stream.aclose()
        return [one for one in heard if one]

    assert [one.get("number", one["what"]) for one in async_to_sync(listen)()] == ["1", "access", "3"]


def test_an_outsider_hears_nothing(acme, mallory):
    client = sign_in(AsyncClient(), mallory)

    assert async_to_sync(client.get)(stream_of(acme.slug)).status_code == 404


def test_without_redis_the_page_is_told_to_come_back(acme, alice, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    client = sign_in(AsyncClient(), alice)

    async def listen():
        response = await client.get(stream_of(acme.slug))
        return [chunk async for chunk in response.streaming_content]

    assert async_to_sync(listen)() == [b"retry: 15000\n\n"]


def test_what_was_told_before_the_line_was_open_is_told_again(pages, acme, mailbox, alice):
    client = sign_in(AsyncClient(), alice)
    say(acme.pk, news_of(mailbox, 1))
    since = newest_id(acme.pk)
    say(acme.pk, news_of(mailbox, 2))

    assert heard(client, acme, since=f"?since={since}")["number"] == "2"


def test_who_was_away_for_too_long_is_told_to_look_at_everything(pages, acme, mailbox, alice):
    client = sign_in(AsyncClient(), alice)
    say(acme.pk, news_of(mailbox, 1))

    assert heard(client, acme, since="?since=1-1") == {"what": "again"}
    assert heard(client, acme, news_of(mailbox, 2), since="?since=nonsense")["number"] == "2"


def test_a_notice_reaches_only_whom_it_is_for(pages, acme, mailbox, alice, bob):
    notice = {"what": "notice", "member": str(bob.pk), "number": "1", "mailbox": str(mailbox.pk)}

    assert heard(sign_in(AsyncClient(), alice), acme, notice, news_of(mailbox, 2))["number"] == "2"
    assert heard(sign_in(AsyncClient(), bob), acme, notice, news_of(mailbox, 2))["number"] == "1"


def test_one_member_has_a_dozen_lines_and_no_more(pages, acme, alice, monkeypatch):
    monkeypatch.setattr(events, "LINES", 2)
    client = sign_in(AsyncClient(), alice)

    async def leave(stream):
        """Go away as a browser does: whatever the stream waits for is cancelled."""
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.2)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting

    async def crowd():
        streams = [aiter((await client.get(stream_of(acme.slug))).streaming_content) for _ in range(2)]
        for stream in streams:
            await anext(stream)
        refused = (await client.get(stream_of(acme.slug))).status_code
        for stream in streams:
            await leave(stream)
        return refused, (await client.get(stream_of(acme.slug))).status_code

    assert async_to_sync(crowd)() == (204, 200)


def test_a_page_that_shows_a_ticket_is_seen_there_until_it_closes(pages, acme, ticket, alice):
    client = sign_in(AsyncClient(), alice)

    def seen():
        return [one.here for one in seen_at(acme.pk, [ticket.pk]).values()]

    async def listen():
        stream = aiter((await client.get(f"{stream_of(acme.slug)}?at={ticket.number}")).streaming_content)
        await anext(stream)
        first = await anext(stream)
        during = await sync_to_async(seen)()
        await stream.aclose()
        return told(first), during

    said, during = async_to_sync(listen)()
    assert said == {"what": "here", "number": str(ticket.number), "mailbox": str(ticket.mailbox_id)}
    assert during == [{alice.pk}]
    assert seen() == []


def test_nobody_is_seen_at_a_ticket_they_may_not_see(pages, acme, ticket, alice, bob):
    with organization_scope(acme):
        limit_mailbox(ticket.mailbox, by=bob)
    reader = Reader(alice.user, acme.slug, alice.pk, str(ticket.number))

    reader.look()
    reader.stay("line")

    assert seen_at(acme.pk, [ticket.pk]) == {}
