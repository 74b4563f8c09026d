"""The answer to a request to be erased earlier."""

from django.db import transaction

from accounts.errors import ActionRefused
from accounts.models import User
from accounts.tenancy import organization_scope
from privacy.actions.approve import ask_approval
from privacy.holding import holds_inside
from privacy.models import Approval, DeletionJob, EarlyDecision
from privacy.tasks import mail_decision


@transaction.atomic
def decide_early(job: DeletionJob, *, outcome: str, basis: str, reason: str, by: User) -> EarlyDecision:
    """Record the decision with its reason and queue the notice to the owners.

    To erase now needs a second person, so it asks for one; a refusal changes nothing about the promised date. What is
    kept of a part is what legal holds cover when the job runs; without any there is no part to keep.
    """
    job = DeletionJob.objects.select_for_update().get(pk=job.pk)
    if not job.can_be_undone:
        raise ActionRefused("The grace of this job is over; it runs or is done.")
    reason = reason.strip()
    if not reason:
        raise ActionRefused("A decision needs a reason.")
    if outcome == EarlyDecision.Outcome.REFUSE and basis == EarlyDecision.Basis.ASKED:
        raise ActionRefused("A refusal needs a ground: the law, a hold, security, or a doubt about who asked.")
    if outcome == EarlyDecision.Outcome.PART:
        with organization_scope(job.organization_id):
            if not holds_inside(job):
                raise ActionRefused("No legal hold keeps anything of this: place one over the part that stays first.")
    decision = EarlyDecision.objects.create(
        organization_id=job.organization_id, job=job, outcome=outcome, basis=basis, reason=reason, decided_by_id=by.pk
    )
    if outcome != EarlyDecision.Outcome.REFUSE:
        ask_approval(job, act=Approval.Act.RUN_NOW, by=by)
    mail_decision.delay_on_commit(str(job.organization_id), str(decision.pk))
    return decision
