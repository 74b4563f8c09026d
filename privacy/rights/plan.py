"""The plan of a case: what was found, in lines a person can read, and what is to become of it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db.models import Count

from privacy.holding import exclude_held
from privacy.models import DataSubjectRequest, RequestFinding
from privacy.rights.finding.notes import Decision, Role
from privacy.rights.subject import Subject, subject_of
from tickets.models import Message, Ticket

Right = DataSubjectRequest.Right
TICKET = Ticket._meta.label


@dataclass(frozen=True)
class Line:
    """So many places of one sort in one kind of row, and what will happen to them."""

    role: str
    role_label: str
    model: str
    decision: str
    decision_label: str
    count: int


def plan_of(request: DataSubjectRequest) -> list[Line]:
    """Return the plan, what is to be decided first."""
    rows = request.requestfindings.values("role", "model", "decision").annotate(count=Count("pk"))
    lines = [
        Line(
            row["role"],
            str(Role(row["role"]).label),
            str(apps.get_model(row["model"])._meta.verbose_name_plural),
            row["decision"],
            str(Decision(row["decision"]).label),
            row["count"],
        )
        for row in rows
    ]
    order = {name: place for place, name in enumerate(Role.values)}
    return sorted(lines, key=lambda one: (one.decision != Decision.OPEN, order[one.role], one.model))


def settle_plan(request: DataSubjectRequest) -> None:
    """Adjust what is proposed once everything is found: what stays shared stays, what is held is not erased."""
    if request.right != Right.ERASURE:
        return
    subject = subject_of(request)
    shared = shared_tickets(request, subject)
    undecided = request.requestfindings.filter(decided_at=None, ticket_id__in=shared, role=Role.RECORD)
    undecided.filter(model=TICKET).update(decision=Decision.REDACT)
    undecided.exclude(model=TICKET).update(decision=Decision.KEEP)
    _restrict_held(request)


def shared_tickets(request: DataSubjectRequest, subject: Subject) -> set[UUID]:
    """Return the tickets in which somebody else wrote, our own people included: they stay, without the person."""
    within = request.requestfindings.filter(ticket_id__isnull=False).values("ticket_id")
    others = Message.objects.filter(ticket__in=within).exclude(sender__in=subject.contact_ids)
    return set(others.values_list("ticket_id", flat=True))


def _restrict_held(request: DataSubjectRequest) -> None:
    """Leave what is under a legal hold: it is restricted instead, and the person is told (Art. 17(3)(e))."""
    touched = request.requestfindings.filter(decision__in=[Decision.DELETE, Decision.REDACT])
    by_model: dict[str, list[UUID]] = defaultdict(list)
    for model, row_id in touched.values_list("model", "row_id"):
        by_model[model].append(row_id)
    for model, ids in by_model.items():
        held = held_among(model, ids)
        touched.filter(model=model, row_id__in=held).update(decision=Decision.RESTRICT)


def held_among(model: str, ids: Collection[UUID]) -> set[UUID]:
    """Return which of these rows are under a legal hold."""
    rows = apps.get_model(model)._base_manager.filter(pk__in=ids)
    return set(ids) - set(exclude_held(rows).values_list("pk", flat=True))


def is_erasing(finding: RequestFinding) -> bool:
    """Return whether carrying the plan out touches this place."""
    return finding.decision in {Decision.DELETE, Decision.REDACT}
