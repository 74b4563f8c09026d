"""The keys of what a job deletes in Redis, found by the kinds that privacy.caches declares."""

from collections.abc import Iterator
from uuid import UUID

import redis
from django.conf import settings

from accounts.live import channel
from accounts.tenancy import organization_scope
from privacy.caches import CACHES
from privacy.deletion.step import StepWaits
from privacy.models import DeletionJob
from tickets.models import Ticket

BATCH = 500
SILENT = "Redis does not answer, so its keys cannot be counted and deleted."
Scope = DeletionJob.Scope


def redis_keys(job: DeletionJob) -> list[str]:
    """Return the keys that go with the job: the organization's, or those of tickets that go or are gone."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
            found = sorted({key for pattern in _patterns(job) for key in client.scan_iter(pattern, count=1000)})
    except redis.RedisError:
        raise StepWaits(SILENT) from None
    return found if job.scope == Scope.ORGANIZATION else list(_of_ended_tickets(job, found))


def delete_keys(job: DeletionJob) -> int:
    """Delete them, and the stream of news, which may still name what is gone; return how many."""
    keys = redis_keys(job)
    try:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            for start in range(0, len(keys), BATCH):
                client.delete(*keys[start : start + BATCH])
            client.delete(channel(job.organization_id))
    except redis.RedisError:
        raise StepWaits(SILENT) from None
    return len(keys)


def _patterns(job: DeletionJob) -> list[str]:
    """Return the declared patterns with the organization in them; all of them begin with what names it."""
    kinds = [one.pattern.replace("*", str(job.organization_id), 1) for one in CACHES]
    return kinds if job.scope == Scope.ORGANIZATION else [kind for kind in kinds if kind.endswith("*")]


def _of_ended_tickets(job: DeletionJob, keys: list[str]) -> Iterator[str]:
    named = {key: ticket_id for key in keys if (ticket_id := _ticket_in(key))}
    with organization_scope(job.organization_id):
        tickets = dict(Ticket.objects.filter(pk__in=set(named.values())).values_list("pk", "mailbox_id"))
    for key, ticket_id in named.items():
        if ticket_id not in tickets or tickets[ticket_id] == job.mailbox_id:
            yield key


def _ticket_in(key: str) -> UUID | None:
    try:
        return UUID(key.rpartition(":")[2])
    except ValueError:
        return None
