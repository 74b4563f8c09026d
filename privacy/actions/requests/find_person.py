"""Looking through everything for one person: begun by whoever answers the request, carried on by workers."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from privacy.actions.requests.identity import refuse_closed
from privacy.models import DataSubjectRequest, RequestFinding
from privacy.rights.finding.stages import STAGES, fingerprint, following
from privacy.rights.history import NOBODY, Actor, Verb, record
from privacy.rights.plan import settle_plan

Decision = RequestFinding.Decision


@transaction.atomic
def look_for_person(request: DataSubjectRequest, *, by: Actor = NOBODY) -> None:
    """Begin to look; what was decided about places that are found again stays. While it is at work nothing begins."""
    from privacy.request_tasks import look_for_person as ring

    request.lock()
    refuse_closed(request)
    if not request.is_of_organization:
        raise ActionRefused(_("People who sign in are found by their account."))
    if request.looking_since is not None:
        raise ActionRefused(_("It is being looked through already."))
    if request.approved_at is not None:
        raise ActionRefused(_("The plan is approved already."))
    request.stage, request.bookmark = next(iter(STAGES)), None
    request.looking_since, request.found_at = timezone.now(), None
    request.save(update_fields=["stage", "bookmark", "looking_since", "found_at"])
    ring.delay_on_commit(str(request.organization_id), str(request.pk))


@transaction.atomic
def find_some(request_id: UUID) -> bool:
    """Do one batch; return whether more is left. A case that was closed or changed meanwhile is left alone."""
    held = DataSubjectRequest.objects.select_for_update(of=("self",), skip_locked=True)
    request = held.filter(pk=request_id, closed_at=None, looking_since__isnull=False).first()
    if request is None:
        return False
    if not STAGES[request.stage](request):
        request.stage, request.bookmark = following(request.stage), None
    request.looking_since = timezone.now()
    if not request.stage:
        settle_plan(request)
        request.looking_since, request.found_at, request.inventory = None, timezone.now(), fingerprint()
        record(request, Verb.LOOKED, details=str(request.requestfindings.count()))
    request.save(update_fields=["stage", "bookmark", "looking_since", "found_at", "inventory"])
    return bool(request.stage)


@transaction.atomic
def decide_finding(finding: RequestFinding, *, decision: str, reason: str = "", by: Actor) -> None:
    """Say what becomes of one place. To keep or leave out something needs a reason, which the person may be told."""
    request = finding.request.lock()
    refuse_closed(request)
    if request.approved_at is not None:
        raise ActionRefused(_("The plan is approved already."))
    if decision in {Decision.KEEP, Decision.EXCLUDE} and not reason.strip():
        raise ActionRefused(_("Say why."))
    finding.lock()
    finding.decision, finding.reason = decision, reason.strip()
    finding.decided_by, finding.decided_at = by.member, timezone.now()
    finding.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    record(request, Verb.DECIDED, by=by, details=f"{finding.get_role_display()}: {finding.get_decision_display()}")


def refuse_unfinished(request: DataSubjectRequest) -> None:
    """Decline what needs everything found and decided, by the inventory as it is today."""
    if request.looking_since is not None or request.found_at is None:
        raise ActionRefused(_("First everything has to be looked through."))
    if request.inventory != fingerprint():
        raise ActionRefused(_("Deskhero keeps something new since everything was looked through. Look again."))
    left = request.requestfindings.filter(decision=Decision.OPEN).count()
    if left:
        raise ActionRefused(_("%(count)d places are still to be decided.") % {"count": left})
