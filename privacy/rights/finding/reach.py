"""Which tickets are within reach: where the person takes part, and where the index knows an address or a whole name."""

from uuid import UUID

from mailbox.models import Mailbox
from privacy.models import DataSubjectRequest
from privacy.rights.subject import Subject
from tickets.search.asking import Index
from tickets.search.plan import Plan
from tickets.search.wording import phrase_expression

PAGE = 1_000


def tickets_within_reach(request: DataSubjectRequest, subject: Subject) -> list[UUID]:
    """Return the tickets whose texts have to be read, in a steady order."""
    noted = request.requestfindings.filter(ticket_id__isnull=False).values_list("ticket_id", flat=True)
    return sorted({*(pk for pk in noted if pk), *_spoken_of(subject)})


def _spoken_of(subject: Subject) -> set[UUID]:
    """Return the tickets in which the index finds all words of an address or of a whole name."""
    whole = [*subject.addresses, *(name for name in subject.names if len(name.split()) > 1)]
    expressions = [one for text in whole if (one := phrase_expression(text)) is not None]
    found: set[UUID] = set()
    for expression in expressions:
        plan = Plan(me=None, wanted=[expression], mailboxes=list(Mailbox.objects.order_by("pk")))  # type: ignore[arg-type]
        index, before = Index(plan), None
        while True:
            page, stopped = index.tickets(before, PAGE)
            found |= {one.id for one in page}
            last = stopped or (page[-1] if len(page) >= PAGE else None)
            if last is None:
                break
            before = (last.at, last.id)
    return found
