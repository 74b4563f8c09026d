"""Findings as the finder notes them: each place once in each role, with what is proposed for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from privacy.models import DataSubjectRequest, RequestFinding

Role, Decision, Right = RequestFinding.Role, RequestFinding.Decision, DataSubjectRequest.Right

GIVING = {
    Role.OWN: Decision.INCLUDE,
    Role.RECORD: Decision.INCLUDE,
    Role.FILE: Decision.INCLUDE,
    Role.NAMED: Decision.INCLUDE,  # a mail to the person, or one the person got a copy of; others are masked in it
    Role.QUOTED: Decision.INCLUDE,
    Role.LOG: Decision.INCLUDE,
    Role.FILE_NAME: Decision.EXCLUDE,
}
# What the person brought along; not what others wrote or concluded (Art. 20(1), (4)).
TAKING = {Role.OWN: Decision.INCLUDE, Role.FILE: Decision.INCLUDE, Role.RECORD: Decision.INCLUDE}
ERASING = {
    Role.OWN: Decision.DELETE,
    Role.FILE: Decision.DELETE,
    Role.RECORD: Decision.DELETE,
    Role.NAMED: Decision.REDACT,
    Role.QUOTED: Decision.REDACT,
    Role.MENTIONED: Decision.REDACT,
    Role.FILE_NAME: Decision.REDACT,
    Role.LOG: Decision.KEEP,
}


@dataclass(frozen=True)
class Note:
    """One place on its way into the list."""

    model: str
    row_id: UUID
    role: str
    ticket_id: UUID | None = None
    excerpt: str = ""


def proposed(right: str, role: str) -> str:
    """Return what is proposed for a place of that role; what nobody can know beforehand stays open."""
    if right == Right.ERASURE:
        return ERASING.get(Role(role), Decision.OPEN)
    if right == Right.PORTABILITY:
        return TAKING.get(Role(role), Decision.EXCLUDE)
    return GIVING.get(Role(role), Decision.OPEN)


def keep(request: DataSubjectRequest, notes: Iterable[Note]) -> int:
    """Write findings that are not there yet; what was decided about known ones stays. Return how many were given."""
    rows = [
        RequestFinding(
            organization_id=request.organization_id,
            request=request,
            model=note.model,
            row_id=note.row_id,
            role=note.role,
            ticket_id=note.ticket_id,
            decision=proposed(request.right, note.role),
            excerpt=note.excerpt,
        )
        for note in notes
    ]
    RequestFinding.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)
