"""Who looks at a ticket now, and who is answering it: ids in Redis that are gone by themselves.

Nothing here decides anything: without Redis nobody is shown, and everything else goes on.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from accounts.live import say
from accounts.models import Membership
from accounts.quick import ask
from tickets.models import Ticket

HERE_FOR = 45  # seconds after the last sign of life of an open page; one comes every 20
OPENED_FOR = 120  # seconds after a page without a script was opened: it gives no further sign of life
ANSWERING_FOR = 180  # seconds after the last key
# Takes a claim away only from who has it.
_LET_GO = """
local held = redis.call('get', KEYS[1])
if held and string.sub(held, 1, 36) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


@dataclass(frozen=True)
class Claim:
    """Somebody answers, since when, and from whom they took it over."""

    member_id: UUID
    since: datetime
    before_id: UUID | None = None


@dataclass(frozen=True)
class Presence:
    """Who is at a ticket."""

    here: frozenset[UUID] = frozenset()
    claim: Claim | None = None

    @property
    def member_ids(self) -> frozenset[UUID]:
        """Return everybody who is named."""
        return self.here | ({self.claim.member_id} if self.claim else set())


NOBODY = Presence()


def look_in(ticket: Ticket, member: Membership, line: str, *, lasts: int = 0) -> None:
    """Note that a member's page shows this ticket; said again every few seconds. `line` tells one page from another."""
    key, now = _here(ticket.organization_id, ticket.pk), time.time()

    def note(client: Any) -> bool:
        pipe = client.pipeline(transaction=False)
        pipe.zremrangebyscore(key, "-inf", now)
        pipe.zadd(key, {f"{member.pk}/{line}": now + (lasts or HERE_FOR)})
        pipe.expire(key, OPENED_FOR)
        _mark(pipe, ticket, now + (lasts or HERE_FOR))
        gone, came, *_ = pipe.execute()
        return bool(gone or came)

    if ask(note, False):
        _tell(ticket)


def look_away(ticket: Ticket, member: Membership, line: str) -> None:
    """Note that this page is closed."""
    if ask(lambda client: client.zrem(_here(ticket.organization_id, ticket.pk), f"{member.pk}/{line}"), 0):
        _tell(ticket)


def claim(ticket: Ticket, *, by: Membership) -> Claim | None:
    """Note that a member writes an answer, unless somebody else does already; return whose claim it is."""
    key, mine = _claim(ticket.organization_id, ticket.pk), _written(by.pk)

    def take(client: Any) -> tuple[bool, str | None]:
        fresh = _hold(client, ticket, mine, unless_held=True)
        return fresh, mine if fresh else client.get(key)

    nothing: tuple[bool, str | None] = (False, None)
    fresh, held = ask(take, nothing)
    found = _read(held)
    if fresh:
        _tell(ticket)
    elif found and found.member_id == by.pk:
        ask(lambda client: client.expire(key, ANSWERING_FOR), None)  # as long as the mark that `take` made
    return found


def take_over(ticket: Ticket, *, by: Membership) -> Claim | None:
    """Answer instead of whoever has begun; their page says so. Taking over from oneself changes nothing."""
    key = _claim(ticket.organization_id, ticket.pk)
    held = _read(ask(lambda client: client.get(key), None))
    if held and held.member_id == by.pk:
        return held
    mine = _written(by.pk, held.member_id if held else None)
    ask(lambda client: _hold(client, ticket, mine), False)
    _tell(ticket)
    return _read(mine)


def let_go(ticket: Ticket, *, by: Membership) -> None:
    """Take back one's own claim: the answer was sent, or will not be; another's claim stays."""
    if ask(lambda client: client.eval(_LET_GO, 1, _claim(ticket.organization_id, ticket.pk), str(by.pk)), 0):
        _tell(ticket)


def seen_at(organization_id: UUID, ticket_ids: Iterable[UUID]) -> Mapping[UUID, Presence]:
    """Return who is at each of these tickets; those with nobody are left out. Two questions, however many tickets; one
    where nobody is at any of them.

    The caller has asked whether the reader may see the tickets.
    """
    wanted = list(ticket_ids)
    if not wanted:
        return {}

    def read(client: Any) -> dict[UUID, Presence]:
        now = time.time()
        busy = set(client.zrangebyscore(_busy(organization_id), now, "+inf"))
        ids = [pk for pk in wanted if str(pk) in busy] if busy else []
        if not ids:
            return {}
        pipe = client.pipeline(transaction=False)
        for pk in ids:
            pipe.zrangebyscore(_here(organization_id, pk), now, "+inf")
        pipe.mget([_claim(organization_id, pk) for pk in ids])
        *here, claims = pipe.execute()
        return {
            pk: Presence(frozenset(UUID(one.partition("/")[0]) for one in pages), _read(held))
            for pk, pages, held in zip(ids, here, claims, strict=True)
        }

    nobody: dict[UUID, Presence] = {}
    return {pk: one for pk, one in ask(read, nobody).items() if one != NOBODY}


def _hold(client: Any, ticket: Ticket, claim: str, *, unless_held: bool = False) -> bool:
    """Write a claim down, and that somebody is at the ticket; return whether it was written."""
    pipe = client.pipeline(transaction=False)
    pipe.set(_claim(ticket.organization_id, ticket.pk), claim, nx=unless_held, ex=ANSWERING_FOR)
    _mark(pipe, ticket, time.time() + ANSWERING_FOR)
    return bool(pipe.execute()[0])


def _mark(pipe: Any, ticket: Ticket, until: float) -> None:
    """Note that somebody may be at the ticket until then: a list of 25 asks only for those of which that is noted."""
    key = _busy(ticket.organization_id)
    pipe.zremrangebyscore(key, "-inf", time.time())
    pipe.zadd(key, {str(ticket.pk): until}, gt=True)
    pipe.expire(key, ANSWERING_FOR)


def _tell(ticket: Ticket) -> None:
    say(ticket.organization_id, {"what": "here", "number": str(ticket.number), "mailbox": str(ticket.mailbox_id)})


def _here(organization_id: UUID, ticket_id: UUID) -> str:
    return f"desk:{organization_id}:here:{ticket_id}"


def _busy(organization_id: UUID) -> str:
    return f"desk:{organization_id}:busy"


def _claim(organization_id: UUID, ticket_id: UUID) -> str:
    return f"desk:{organization_id}:claim:{ticket_id}"


def _written(member_id: UUID, before_id: UUID | None = None) -> str:
    return f"{member_id}/{int(time.time())}/{before_id or ''}"


def _read(text: Any) -> Claim | None:
    if not text:
        return None
    member, since, before = text.split("/")
    return Claim(UUID(member), datetime.fromtimestamp(int(since), UTC), UUID(before) if before else None)
