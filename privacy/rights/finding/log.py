"""What the access log says about the person: which of the person's things were looked at, a line of the list each."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.db.models import Count
from django.utils.translation import ngettext

from accounts.models import AccessEvent
from privacy.models import DataSubjectRequest, RequestFinding
from privacy.rights.finding.notes import Note, Role

LABEL = AccessEvent._meta.label
BATCH = 500
_OWN = (Role.OWN, Role.RECORD, Role.FILE)


def in_log(request: DataSubjectRequest) -> Iterator[Note]:
    """Yield each thing of the person's that the log tells of, and how often.

    One place for each thing, not for each line: the lines are read from the log when they are given. They are found
    by the index over what was opened, however many millions there are.
    """
    if request.organization_id is None:  # the operator's queue has no contacts
        return
    things = things_of(request)
    order = sorted(things)
    for start in range(0, len(order), BATCH):
        some = order[start : start + BATCH]
        told = AccessEvent.objects.filter(organization_id=request.organization_id, object_id__in=some)
        for thing, count in told.values_list("object_id").annotate(lines=Count("pk")).order_by("object_id"):
            said = ngettext("%(count)d line of the log", "%(count)d lines of the log", count) % {"count": count}
            yield Note(LABEL, thing, Role.LOG, things[thing], said)


def things_of(request: DataSubjectRequest) -> Mapping[UUID, UUID | None]:
    """Return what was noted as the person's own, and the tickets it lies in; each with its ticket, if it has one."""
    own = request.requestfindings.filter(role__in=_OWN).exclude(model=LABEL)
    found: dict[UUID, UUID | None] = dict(own.values_list("row_id", "ticket_id").iterator(chunk_size=2000))
    written = own.filter(role=RequestFinding.Role.OWN, ticket_id__isnull=False)
    return found | {pk: pk for pk in written.values_list("ticket_id", flat=True).distinct() if pk}
