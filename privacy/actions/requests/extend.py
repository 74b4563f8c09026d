"""Two months more: with a reason, and told to the person inside the first month (Art. 12(3))."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from privacy.actions.requests.identity import refuse_closed
from privacy.actions.requests.letters import write_letter
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.history import Actor, Verb, record


@transaction.atomic
def extend_request(request: DataSubjectRequest, *, reason: str, by: Actor) -> None:
    """Take two months more, once, and tell the person why; after the first month it is too late for that."""
    request.lock()
    refuse_closed(request)
    if request.extended_at is not None:
        raise ActionRefused(_("The time was extended already. The law allows it once."))
    if not reason.strip():
        raise ActionRefused(_("An extension needs a reason. The person reads it."))
    now = timezone.now()
    if now > request.clock.first_due_at and not request.is_paused:
        raise ActionRefused(_("The first month is over: the person would have had to be told within it."))
    request.extended_at, request.reason = now, reason.strip()
    request.due_at = request.clock.due_at
    request.save(update_fields=["extended_at", "reason", "due_at"])
    record(request, Verb.EXTENDED, by=by, details=reason.strip())
    write_letter(request, RequestLetter.Kind.EXTENSION, by=by, reason=reason.strip())
