"""Looking after an erasure: by the same inventory that found the person, nothing may be left but what is kept."""

from privacy.models import DataSubjectRequest, RequestFinding
from privacy.rights.finding.notes import Decision, keep
from privacy.rights.finding.references import by_reference
from privacy.rights.finding.words import in_message, in_tickets
from privacy.rights.plan import settle_plan
from privacy.rights.subject import subject_of
from tickets.models import Contact, Message


def left_over(request: DataSubjectRequest) -> list[str]:
    """Return which tables still name the person, beyond what the plan keeps; names of tables, never of people."""
    subject = subject_of(request)
    keeping = [Decision.KEEP, Decision.RESTRICT]
    kept = set(request.requestfindings.filter(decision__in=keeping).values_list("model", "row_id"))
    is_kept_in_part = Contact.objects.filter(pk__in=subject.contact_ids, restricted_at__isnull=False).exists()
    found = set()
    for note in by_reference(subject):
        if (note.model, note.row_id) not in kept and not is_kept_in_part:
            found.add(note.model)
    redacted = request.requestfindings.filter(model=Message._meta.label, decision=Decision.REDACT)
    traces = subject.traces()
    for message in Message.objects.filter(pk__in=redacted.values("row_id")).iterator(chunk_size=200):
        if any(note.role != RequestFinding.Role.PERHAPS for note in in_message(message, traces)):
            found.add(message._meta.label)
    return sorted(found)


def look_once_more(request: DataSubjectRequest) -> None:
    """Note what came in since the plan was made, so that it is erased as well, by the same rules."""
    subject = subject_of(request)
    keep(request, by_reference(subject))
    noted = request.requestfindings.filter(ticket_id__isnull=False).values_list("ticket_id", flat=True)
    within = {pk for pk in noted if pk}
    keep(request, in_tickets(within, subject, subject.traces_with_lines()))
    settle_plan(request)
