"""Correcting what a case is about: the right that is meant, and the addresses that are one person's."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from privacy.actions.requests.identity import refuse_closed
from privacy.models import DataSubjectRequest
from privacy.rights.history import Actor, Verb, record


@transaction.atomic
def change_request(request: DataSubjectRequest, *, right: str, more: Sequence[str], by: Actor) -> None:
    """Say what is really asked, and which addresses are the person's too; then everything is looked through anew.

    The clock goes on: it counts from the day the request came, whatever it was taken for.
    """
    request.lock()
    refuse_closed(request)
    if request.approved_at is not None:
        raise ActionRefused(_("The plan is approved and carried out: open another case for what is asked besides."))
    if right == request.right and list(more) == list(request.person.get("more", [])):
        return
    request.right = right
    request.person = {**request.person, "more": list(more)}
    request.found_at = request.looking_since = None
    request.save(update_fields=["right", "person", "found_at", "looking_since"])
    request.requestfindings.all().delete()
    record(request, Verb.CHANGED, by=by, details=right)


@transaction.atomic
def decide_right(request: DataSubjectRequest, right: str, *, by: Actor) -> None:
    """Say which right a case of the operator's is about, the guessed one or another; the line in its history stays."""
    request.lock()
    refuse_closed(request)
    if right not in DataSubjectRequest.Right.values:
        raise ActionRefused(_("One of: %(rights)s.") % {"rights": ", ".join(DataSubjectRequest.Right.values)})
    request.right = right
    request.save(update_fields=["right"])
    record(request, Verb.CHANGED, by=by, details=right)


def refuse_guessed(request: DataSubjectRequest) -> None:
    """Refuse to act by a right that was only guessed from a mail to the operator."""
    is_guess = not request.is_of_organization and request.source == DataSubjectRequest.Source.MAIL
    if is_guess and not request.requestevents.filter(verb=Verb.CHANGED).exists():
        raise ActionRefused(_("Which right is meant was only guessed from the mail: decide it first."))
