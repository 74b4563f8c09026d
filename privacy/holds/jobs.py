"""What a DeletionJob would delete of the tables that holds keep."""

from django.db.models import Q

from privacy.deletion.reach import known_only_through
from privacy.holds.covered import Place
from privacy.models import DeletionJob
from tickets.models import Message, Ticket

Scope = DeletionJob.Scope


def in_job(place: Place, job: DeletionJob) -> Q | None:
    """Return the condition on the rows of a table that go with the job; None where it leaves the table alone."""
    if job.scope == Scope.ORGANIZATION:
        return Q(organization_id=job.target_id)
    if job.scope == Scope.MAILBOX:
        if place.contact:
            merged = "merged_into" if place.contact == "pk" else f"{place.contact}__merged_into"
            known = known_only_through(job.target_id).values("pk")
            return Q(**{f"{place.contact}__in": known}) | Q(**{f"{merged}__in": known})
        return Q(**{place.mailbox: job.target_id})
    if job.scope == Scope.CONTACT:
        if place.contact:
            return Q(**{place.contact: job.target_id})
        wrote = Message.objects.filter(sender=job.target_id).values("ticket")
        of = Ticket.objects.filter(Q(contact=job.target_id) | Q(pk__in=wrote))
        return Q(**{f"{place.ticket}__in": of.values("pk")}) if place.ticket else None
    return None
