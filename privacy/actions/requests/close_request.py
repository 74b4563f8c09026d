"""The end of a case: done, refused with a reason, or taken back; always with a letter, and the clock stops."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from privacy.actions.requests.identity import refuse_closed, refuse_unproven, resume
from privacy.actions.requests.letters import write_letter
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.clock import day_of
from privacy.rights.history import NOBODY, Actor, Verb, record

CASES_KEPT = timedelta(days=3 * 365)  # after its closing, as proof that it was answered
Outcome, Kind = DataSubjectRequest.Outcome, RequestLetter.Kind


@transaction.atomic
def close_request(
    request: DataSubjectRequest, *, outcome: str, letter: str, by: Actor = NOBODY, **context: Any
) -> None:
    """Close a case with its letter; closing a closed one changes nothing."""
    request.lock()
    if request.is_closed:
        return
    resume(request)
    now = timezone.now()
    if now > request.due_at:
        record(request, Verb.LATE)  # answered, and late: the closing report says so
    request.closed_at, request.outcome = now, outcome
    request.save(update_fields=["closed_at", "outcome", "paused_at", "paused", "due_at"])
    write_letter(request, letter, by=by, **context)
    record(request, Verb.REFUSED if outcome == Outcome.REFUSED else Verb.CLOSED, by=by, details=outcome)


@transaction.atomic
def refuse_request(request: DataSubjectRequest, *, reason: str, by: Actor) -> None:
    """Refuse what is asked, with the reason and the way to complain (Art. 12(4)); without a reason it is not done."""
    request.lock()
    refuse_closed(request)
    if not reason.strip():
        raise ActionRefused(_("A refusal needs a reason. The person reads it, with the way to complain."))
    request.reason = reason.strip()
    request.save(update_fields=["reason"])
    close_request(request, outcome=Outcome.REFUSED, letter=Kind.REFUSAL, by=by, reason=reason.strip())


@transaction.atomic
def take_back(request: DataSubjectRequest, *, by: Actor = NOBODY) -> None:
    """Close what the person no longer asks for."""
    request.lock()
    refuse_closed(request)
    close_request(request, outcome=Outcome.TAKEN_BACK, letter=Kind.TAKEN_BACK, by=by)


@transaction.atomic
def refer_elsewhere(request: DataSubjectRequest, *, by: Actor) -> None:
    """Answer who asked the operator about mail to a company: ask that company. Nothing is confirmed or denied."""
    request.lock()
    refuse_closed(request)
    if request.is_of_organization:
        raise ActionRefused(_("This case is the organization's own."))
    close_request(request, outcome=Outcome.DONE, letter=Kind.REFERRAL, by=by)


@transaction.atomic
def answer_nothing_found(request: DataSubjectRequest, *, by: Actor) -> None:
    """Tell the person that nothing was found, after everything was looked through and nothing is there."""
    request.lock()
    refuse_unproven(request)
    if request.found_at is None:
        raise ActionRefused(_("First everything has to be looked through."))
    if request.requestfindings.exists():
        raise ActionRefused(_("Something was found. Look at it first."))
    kept_until = day_of(timezone.now()) + CASES_KEPT
    close_request(request, outcome=Outcome.NOTHING, letter=Kind.NOTHING, by=by, kept_until=kept_until)
