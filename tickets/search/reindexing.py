"""Reindexing: rows that the index lacks, or that older rules or keys wrote, batch by batch.

Nothing remembers how far it came: a row says by itself that it is up to date. So a run can be killed, run twice or run
beside arriving mail; what it reads it holds until its batch is committed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models

from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind, keys
from accounts.tenancy import organization_scope
from tickets.models import Message, Note, Ticket
from tickets.search.keeping import keep_messages, keep_notes, keep_tickets
from tickets.search.words import VERSION

BATCH = 200
_Keep = Callable[[Sequence[Any]], None]
_SORTS: tuple[tuple[type[models.Model], _Keep], ...] = (
    (Ticket, keep_tickets),
    (Message, keep_messages),
    (Note, keep_notes),
)


@dataclass
class Progress:
    """How far a run has come."""

    total: int = 0
    seen: int = 0
    written: int = 0
    unreadable: int = 0  # their key was destroyed, or they were altered


def reindex(organization_id: UUID, *, everything: bool = False) -> Iterator[Progress]:
    """Write what is missing or old, and yield the progress after each batch; `everything` writes the rest anew too."""
    with organization_scope(organization_id):
        progress = Progress(sum(model._base_manager.count() for model, _keep in _SORTS))
    for model, keep in _SORTS:
        last: UUID | None = None
        while True:
            with organization_scope(organization_id):
                page = model._base_manager.order_by("pk").select_for_update(of=("self",))
                batch: list[Any] = list((page.filter(pk__gt=last) if last else page)[:BATCH])
                keys.warm(Kind.MAILBOX, {row.mailbox_id for row in batch})
                stale = batch if everything else _stale(batch)
                written = _kept(stale, keep)
            if not batch:
                break
            last = batch[-1].pk
            progress.seen += len(batch)
            progress.written += written
            progress.unreadable += len(stale) - written
            yield progress


def _stale(batch: Sequence[Any]) -> list[Any]:
    """Return what has no row, or one under another mailbox, key or rules."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, mailbox_id, key_version, rules FROM deskhero_search_states(%s::uuid[])",
            [[row.pk for row in batch]],
        )
        states = {row[0]: row[1:] for row in cursor.fetchall()}
    return [row for row in batch if states.get(row.pk) != (row.mailbox_id, _version(row.mailbox_id), VERSION)]


def _version(mailbox_id: UUID) -> int:
    try:
        return keys.current(Kind.MAILBOX, mailbox_id).version
    except SealingError:
        return -1


def _kept(rows: Sequence[Any], keep: _Keep) -> int:
    """Keep them together, or, where one cannot be opened, those that can."""
    try:
        keep(rows)
    except SealingError:
        return sum(_kept([row], keep) for row in rows) if len(rows) > 1 else 0
    return len(rows)
