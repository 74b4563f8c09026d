"""Replaying the ledger in a system that was brought back: what was erased since its backup is erased again.

By ids of rows and by keys, never by name; doing it twice changes nothing. Afterwards everything is counted: nothing may
be left.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from accounts.ids import uuid7
from accounts.models import Organization
from accounts.sealing.keys import Kind, destroy_key
from accounts.suppression import keep
from accounts.vault.models import VaultKey
from privacy.deletion.steps.contacts import without_mail
from privacy.holding import exclude_held
from privacy.holds.securing import put_everything_aside
from privacy.ledger.erasing import column_of, delete_files, empty_column, erase_rows, erase_whole
from privacy.ledger.lines import Entry
from privacy.models import DeletionJob
from tickets.models import Contact

PLACES = {
    "mailbox": "mailbox.Mailbox",
    "organization": "accounts.Organization",
    "contact": "tickets.Contact",
    "message": "tickets.Message",
}
WHOLE = {"mailbox", "organization"}
PEOPLE = "accounts.User"


@dataclass
class Replayed:
    """What a replay did, and what it could not."""

    lines: int = 0
    rows: int = 0
    left: list[str] = field(default_factory=list)  # sentences: place and count


def replay(entries: Iterable[Entry], say: Callable[[str], None] = lambda _: None) -> Replayed:
    """Erase again, in the ledger's order, then count what should be gone."""
    done = Replayed()
    told = list(entries)
    for entry in told:
        with transaction.atomic():
            done.rows += _erase(entry)
        done.lines += 1
        if done.lines % 100 == 0:
            say(f"{done.lines} of {len(told)} erasures done again")
    done.left = [sentence for entry in told if (sentence := _left(entry))]
    return done


def end_keys(entries: Iterable[Entry]) -> None:
    """Destroy the keys of everything that ever ended: the vault's backup may be older than that of the data.

    What is under a legal hold in the data that came back is put aside first, as it was before the erasure.
    """
    for entry in entries:
        if entry.kind in {"mailbox", "organization", "contact", "hold"}:
            ended = _keys(entry)
            if ended and entry.kind in {"mailbox", "organization"}:
                _put_aside(entry)
            for kind, scope in ended:
                destroy_key(kind, scope)


def _put_aside(entry: Entry) -> None:
    for target in entry.uuids:
        organization = UUID(entry.organization) if entry.organization else target
        job_id = UUID(entry.job) if entry.job else uuid7()
        put_everything_aside(DeletionJob(pk=job_id, organization_id=organization, scope=entry.kind, target_id=target))


def _erase(entry: Entry) -> int:
    if entry.kind == "suppression":
        return _suppress(entry)
    for kind, scope in _keys(entry):
        destroy_key(kind, scope)
    if entry.kind == "hold":  # its ids are keys; the rows under them have a line of their own
        return 0
    model, column = _place(entry)
    if entry.kind == "field":
        return empty_column(model, column, entry.uuids)
    if entry.kind == "file":
        return delete_files(model, column, entry.uuids)
    return erase_whole(model, entry.uuids) if entry.kind in WHOLE else erase_rows(model, entry.uuids)


def _suppress(entry: Entry) -> int:
    organization = UUID(entry.organization)
    if not Organization.objects.filter(pk=organization).exists():
        return 0
    job = UUID(entry.job) if entry.job else None
    keep(organization, entry.place, [one.bytes for one in entry.uuids], job_id=job, before=entry.moment)
    return len(entry.ids)


def _keys(entry: Entry) -> set[tuple[str, UUID]]:
    """Return the keys that ended with it: they came back where the vault was brought back too."""
    alive = VaultKey.objects.filter(destroyed_at=None)
    if entry.kind == "organization":
        alive = alive.filter(models.Q(organization__in=entry.uuids) | models.Q(scope__in=entry.uuids))
    elif entry.kind == "mailbox":
        alive = alive.filter(kind=Kind.MAILBOX, scope__in=entry.uuids)
    elif entry.kind == "hold":
        alive = alive.filter(kind=Kind.HOLD, scope__in=entry.uuids)
    elif entry.place == PEOPLE:
        alive = alive.filter(kind=Kind.PROFILE, scope__in=entry.uuids)
    else:
        return set()
    outlive = {Kind.BACKUP} if entry.kind == "hold" else {Kind.BACKUP, Kind.HOLD}  # a hold outlives what it keeps
    return set(alive.exclude(kind__in=outlive).values_list("kind", "scope"))


def _left(entry: Entry) -> str:
    if entry.kind == "suppression":
        return ""
    if entry.kind == "hold":
        return f"{left} keys of line {entry.seq}" if (left := len(_keys(entry))) else ""
    model, column = _place(entry)
    rows = model._base_manager.filter(pk__in=entry.uuids)
    if entry.kind == "field":
        empty = column_of(model, column).get_default()
        left = sum(getattr(row, column) not in (empty, None) for row in rows)
    elif entry.kind == "file":
        left = sum(getattr(row, column).exists() for row in rows)
    else:
        left = (rows if entry.kind in WHOLE else _unheld(rows)).count() + len(_keys(entry))
    return f"{left} of line {entry.seq} in {entry.place or PLACES[entry.kind]}" if left else ""


def _unheld(rows: models.QuerySet) -> models.QuerySet:
    """Leave out what a hold keeps: it is the hold's to end, and its release asks again."""
    return exclude_held(without_mail(rows) if rows.model is Contact else rows)


def _place(entry: Entry) -> tuple[type[models.Model], str]:
    app, model, *column = (entry.place or PLACES[entry.kind]).split(".")
    return apps.get_model(app, model), ".".join(column)
