"""The history of a request: every line names who did it, a member or the operator's staff; no line is ever changed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Membership, User
from privacy.models import DataSubjectRequest, RequestEvent

Verb = RequestEvent.Verb


@dataclass(frozen=True)
class Actor:
    """Who does something: a member in an organization's queue, staff in the operator's, or nobody but the program."""

    member: Membership | None = None
    staff: User | None = None


NOBODY = Actor()


def record(
    request: DataSubjectRequest, verb: str, *, by: Actor = NOBODY, details: str = "", day: int | None = None,
    at: datetime | None = None,
) -> RequestEvent:  # fmt: skip
    """Write one line of the history of a case, of now or of when it really was."""
    return RequestEvent.objects.create(
        organization_id=request.organization_id,
        request=request,
        verb=verb,
        by=by.member,
        staff=by.staff,
        details=details,
        day=day,
        at=at or timezone.now(),
    )
