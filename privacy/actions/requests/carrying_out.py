"""What carrying out a right has in common, whoever's it is: its beginning, its end, and how a restriction ends."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from privacy.actions.requests.change_request import refuse_guessed
from privacy.actions.requests.close_request import close_request
from privacy.actions.requests.identity import refuse_unproven
from privacy.actions.requests.letters import write_letter
from privacy.models import DataSubjectRequest, RequestEvent, RequestLetter
from privacy.rights.clock import day_of
from privacy.rights.history import Actor, Verb, record

NOTICE = timedelta(days=7)  # between the letter and the end of a restriction


def begin(request: DataSubjectRequest, right: str) -> None:
    """Hold a case, inside a transaction; refused where who asks is not proven, or another right is meant."""
    request.lock()
    refuse_unproven(request)
    refuse_guessed(request)
    if request.right != right:
        raise ActionRefused(_("This case asks for something else."))


def done(request: DataSubjectRequest, verb: str, letter: str, *, by: Actor, details: str = "", **context: Any) -> None:
    """Write down what was done, and close the case with the letter that says so."""
    record(request, verb, by=by, details=details)
    close_request(request, outcome=DataSubjectRequest.Outcome.DONE, letter=letter, by=by, **context)


def announce(request: DataSubjectRequest, *, reason: str, by: Actor) -> None:
    """Tell the person, a week before, that the restriction ends and why (Art. 18(3)); once."""
    if not reason.strip():
        raise ActionRefused(_("Say why the restriction ends. The person reads it."))
    if announced_at(request) is not None:
        raise ActionRefused(_("The person was told already."))
    ends_on = day_of(timezone.now() + NOTICE)
    write_letter(request, RequestLetter.Kind.LIFTING, by=by, reason=reason.strip(), ends_on=ends_on)
    record(request, Verb.ANNOUNCED, by=by, details=reason.strip())


def refuse_untold(request: DataSubjectRequest) -> None:
    """Refuse to end a restriction before the person was told, and had a week to answer."""
    told = announced_at(request)
    if told is None:
        raise ActionRefused(_("First the person has to be told."))
    if timezone.now() < told.at + NOTICE:
        raise ActionRefused(_("The person was told that it ends later. Wait until then."))


def announced_at(request: DataSubjectRequest) -> RequestEvent | None:
    """Return when the end of the restriction was announced, if it was and it has not ended since."""
    return unended(request, Verb.ANNOUNCED)


def unended(request: DataSubjectRequest, verb: str) -> RequestEvent | None:
    """Return the newest line of that kind, unless the restriction ended after it."""
    last = request.requestevents.filter(verb__in=[verb, Verb.LIFTED]).order_by("-at", "-pk").first()
    return last if last is not None and last.verb == verb else None
