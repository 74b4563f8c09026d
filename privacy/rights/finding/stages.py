"""The stages of the finder, each in batches: what was noted stays, and a run that was cut short goes on from there."""

from collections.abc import Callable
from hashlib import sha256
from itertools import islice

from mailbox.models import InboundEmail
from privacy.inventory import inventory
from privacy.models import DataSubjectRequest
from privacy.rights.finding.log import in_log
from privacy.rights.finding.notes import keep
from privacy.rights.finding.reach import tickets_within_reach
from privacy.rights.finding.references import by_reference
from privacy.rights.finding.words import elsewhere, in_tickets, in_unfiled
from privacy.rights.subject import subject_of

TICKETS, EMAILS = 100, 200  # of one batch


def references(request: DataSubjectRequest) -> bool:
    """Note what references and digests say; return whether more of this stage is left."""
    keep(request, by_reference(subject_of(request)))
    return False


def tickets(request: DataSubjectRequest) -> bool:
    """Read the tickets within reach."""
    subject = subject_of(request)
    left = [pk for pk in tickets_within_reach(request, subject) if request.bookmark is None or pk > request.bookmark]
    some = left[:TICKETS]
    if some:
        keep(request, in_tickets(some, subject, subject.traces_with_lines()))
        request.bookmark = some[-1]
    return len(left) > len(some)


def unfiled(request: DataSubjectRequest) -> bool:
    """Look at stored mails that became no message."""
    waiting = InboundEmail.objects.filter(message=None).order_by("pk")
    if request.bookmark is not None:
        waiting = waiting.filter(pk__gt=request.bookmark)
    some = list(islice(waiting[:EMAILS], EMAILS))
    keep(request, in_unfiled(some, subject_of(request).traces()))
    if some:
        request.bookmark = some[-1].pk
    return len(some) == EMAILS


def rest(request: DataSubjectRequest) -> bool:
    """Look through whatever else the inventory knows."""
    keep(request, elsewhere(subject_of(request).traces()))
    return False


def log(request: DataSubjectRequest) -> bool:
    """Look up in the access log what was found to be the person's own."""
    keep(request, in_log(request))
    return False


STAGES: dict[str, Callable[[DataSubjectRequest], bool]] = {
    "references": references,
    "tickets": tickets,
    "unfiled": unfiled,
    "rest": rest,
    "log": log,
}


def following(stage: str) -> str:
    """Return the stage after this one; nothing after the last."""
    names = list(STAGES)
    return next(iter(names[names.index(stage) + 1 :]), "")


def fingerprint() -> str:
    """Return what stands for all the places there are: another one as soon as the program keeps something new."""
    return sha256("\n".join(column.place for column in inventory()).encode()).hexdigest()[:16]
