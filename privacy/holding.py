"""The question every deletion asks: is this under a legal hold?

A deletion that leaves keys alone (a rule, a contact) leaves rows under a hold where they are: `exclude_held`. One that
destroys keys (a mailbox, an organization) has its step `holds` put a copy aside under the key of the hold; then the row
is free to go, and `exclude_held` lets it. Placing a hold and passing the point of no return take turns:

    with organization_scope(job.organization_id):         # in a transaction, the job's row locked first
        take_turn(job.organization_id)
        if is_secured(job):                               # else the step `holds` runs again
            job.key_destroyed_at = now; job.save(...)     # committed before the vault destroys anything
"""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.tenancy import current_organization_id
from privacy.holds.covered import PLACE_OF, PLACES, Place, Reach, above, reaches
from privacy.holds.jobs import in_job
from privacy.models import DeletionJob, HeldItem, LegalHold

_Row = TypeVar("_Row", bound=models.Model)
_TURN = 0x686F6C64  # "hold": the first half of the advisory lock; the second is the organization


def take_turn(organization_id: UUID) -> None:
    """Wait for whoever places a hold or deletes in this organization, and hold the turn until the transaction ends.

    Whoever also locks the rows of jobs locks those first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_TURN, str(organization_id)])


def exclude_held(queryset: QuerySet[_Row]) -> QuerySet[_Row]:
    """Leave out the rows that an active hold keeps and that were not put aside for it; asked anew for every batch."""
    held = _held(queryset.model, reaches(_active(current_organization_id())))
    # Asked row by row: of NOT IN, Postgres would read everything that is held before the first row.
    return queryset if held is None else queryset.filter(~Exists(held.filter(pk=OuterRef("pk"))))


def is_held(row: models.Model) -> bool:
    """Return whether an active hold keeps this row where it is."""
    return not exclude_held(type(row)._base_manager.filter(pk=row.pk)).exists()


def holds_on(row: models.Model) -> list[LegalHold]:
    """Return the active holds that cover this row, put aside or not: for pages that say so."""
    place = PLACE_OF.get(type(row))
    if place is None:
        return []
    own = type(row)._base_manager.filter(pk=row.pk)
    found = []
    for reach in reaches(_active(current_organization_id())):
        condition = reach.covers(place)
        if condition is not None and own.filter(condition).exists():
            found.append(reach.hold)
    return found


def holds_inside(job: DeletionJob) -> list[LegalHold]:
    """Return the holds that keep something the job would delete, and those for which it has put something aside."""
    aside = HeldItem.objects.filter(job_id=job.pk).values("hold")
    secured = list(LegalHold.objects.filter(organization_id=job.organization_id, pk__in=aside).order_by("placed_at"))
    known = {hold.pk for hold in secured}
    touched = {hold.pk: hold for hold, _place, rows in kept_inside(job) if hold.pk not in known and rows.exists()}
    more = list(touched.values())
    return sorted([*secured, *more], key=lambda hold: (hold.placed_at, hold.pk))


def is_secured(job: DeletionJob) -> bool:
    """Return whether everything under a hold that would become unreadable with the job's keys was put aside."""
    if HeldItem.objects.filter(job_id=job.pk, file_state=HeldItem.FileState.DUE).exists():
        return False
    return not any(rows.exists() for _hold, _place, rows in unsecured(job))


def unsecured(job: DeletionJob) -> Iterator[tuple[LegalHold, Place, QuerySet]]:
    """Yield, hold by hold and table by table, the rows inside the job that are still to be put aside."""
    for hold, place, rows in kept_inside(job):
        yield hold, place, rows.filter(~is_aside(hold))


def kept_inside(job: DeletionJob) -> Iterator[tuple[LegalHold, Place, QuerySet]]:
    """Yield, hold by hold and table by table, the rows inside the job that the hold covers, put aside or not."""
    for reach in reaches(_active(job.organization_id)):
        for place in PLACES:
            inside, covered = in_job(place, job), reach.covers(place)
            if inside is not None and covered is not None:
                yield reach.hold, place, place.model._base_manager.filter(inside & covered)


def held_counts(job: DeletionJob) -> dict[str, int]:
    """Return how many rows of each table were put aside for the job, each counted once however many holds keep it."""
    rows = HeldItem.objects.filter(job_id=job.pk).values("place").order_by("place")
    return {row["place"]: row["rows"] for row in rows.annotate(rows=models.Count("row_id", distinct=True))}


def _active(organization_id: UUID | None) -> list[LegalHold]:
    holds = LegalHold.objects.active().order_by("placed_at", "pk")
    return list(holds.filter(organization_id=organization_id) if organization_id else holds)


def _held(model: type[models.Model], known: list[Reach]) -> QuerySet | None:
    """Return the rows of a table that are held where they are; None where there can be none."""
    if not known:
        return None
    if (place := PLACE_OF.get(model)) is not None:
        conditions = [covered & ~Q(is_aside(r.hold)) for r in known if (covered := r.covers(place)) is not None]
    else:  # what hangs on a row that is held stays with it
        parents = [(name, held) for name, parent in above(model) if (held := _held(parent, known)) is not None]
        conditions = [Q(Exists(held.filter(pk=OuterRef(name)))) for name, held in parents]
    return model._base_manager.filter(reduce(or_, conditions)) if conditions else None


def is_aside(hold: LegalHold) -> Exists:
    """Return the condition that a row was put aside for this hold."""
    return Exists(HeldItem.objects.filter(row_id=OuterRef("pk"), hold=hold))
