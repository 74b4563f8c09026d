"""Live news for open pages: server-sent events, relayed from Redis without a transaction (DESIGN 2b, Streams)."""

import json
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import redis.asyncio as redis
from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase

from accounts.access_log import contentless
from accounts.live import channel
from accounts.requests import DeskRequest
from tickets.together.reader import Reader
from tickets.together.where import is_id, place_in

BEAT = 20  # seconds between signs of life, so that proxies keep the line open
LIFE = 15 * 60  # then the browser connects anew
LINES = 12  # one member's, in one process; a page beyond that looks by itself now and then
ACCESS = "access"  # somebody may see less or more now: told to everybody, because it names nothing
_open: Counter[UUID] = Counter()


@contentless("ids of what changed; the page that asks for it again is written down")
async def events(request: DeskRequest) -> HttpResponseBase:
    """Relay what changed in mailboxes the reader may see, by id, for as long as the reader is a member.

    It goes on after `since`, or after the last event that this browser has. `at` is the ticket that the page shows:
    its other readers see who is there.
    """
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    if _open[request.membership.pk] >= LINES:
        return HttpResponse(status=204)  # a browser takes this for an end and does not ask again
    reader = Reader(request.user, request.organization.slug, request.membership.pk, request.GET.get("at", ""))
    since = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    response = StreamingHttpResponse(
        _relay(reader, request.organization.pk, since if is_id(since) else ""), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["Content-Encoding"] = "identity"  # compressed, news would wait until enough has gathered
    response["X-Accel-Buffering"] = "no"
    return response


async def _relay(reader: Reader, organization_id: UUID, since: str) -> AsyncIterator[bytes]:
    connection = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, decode_responses=True)
    line, key = secrets.token_hex(4), channel(organization_id)
    _open[reader.member_id] += 1
    try:
        cursor, has_missed = await place_in(connection, key, since)
        await sync_to_async(reader.look)()  # after the place is known, so that no change of rights is missed
        yield b"retry: 4000\n\n"
        if has_missed:
            yield _event(cursor, {"what": "again"})
        started = time.monotonic()
        while reader.is_member and time.monotonic() - started < LIFE:
            await sync_to_async(reader.stay)(line)
            told = False
            for entry_id, news in await _after(connection, key, cursor):
                cursor = entry_id
                if news.get("what") == ACCESS:
                    await sync_to_async(reader.look)()
                if _may_hear(news, reader):
                    told = True
                    yield _event(cursor, news)
            if not told:  # what was not for this reader needs no second look
                yield f"id: {cursor}\n: beat\n\n".encode()
    except (redis.RedisError, OSError):
        yield b"retry: 15000\n\n"  # the page still shows everything when it is loaded
    finally:
        _open[reader.member_id] -= 1
        await sync_to_async(reader.leave)(line)
        await connection.aclose()


async def _after(connection: Any, key: str, cursor: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the news after that id, or nothing when none came for a while."""
    found = await connection.xread({key: cursor}, count=200, block=BEAT * 1000)
    return [(entry_id, json.loads(fields["news"])) for _key, entries in found or () for entry_id, fields in entries]


def _may_hear(news: dict[str, Any], reader: Reader) -> bool:
    """Return whether the news may reach this reader; news that names no mailbox reaches nobody."""
    if not reader.is_member:
        return False
    if news.get("what") == ACCESS:
        return True
    if news.get("member", str(reader.member_id)) != str(reader.member_id):
        return False
    return news.get("mailbox") in reader.mailbox_ids


def _event(entry_id: str, news: dict[str, Any]) -> bytes:
    return f"id: {entry_id}\ndata: {json.dumps(news)}\n\n".encode()
