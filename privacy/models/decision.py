"""What the operator's staff decides about a job: EarlyDecision, and Approval by a second person before it destroys."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.personal_data import FREE_TEXT, About, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import ORGANIZATION
from accounts.tenancy.owned import Kept
from privacy.models.deletion_job import PROOF, DeletionJob

_STAFF = "a member of the operator's staff"


class EarlyDecision(Kept):
    """The answer to a request to erase earlier than the grace ends: yes, in part, or no, and always why.

    The words are sealed under the organization's key, and are emptied when it goes; outcome and basis stay.
    """

    class Outcome(models.TextChoices):
        DO = "do", _("Erase now")
        PART = "part", _("Erase now, but for a part")
        REFUSE = "refuse", _("Refuse")

    class Basis(models.TextChoices):
        ASKED = "asked", _("An owner asked, and nothing stands against it")
        HOLD = "hold", _("A legal hold keeps a part")
        LAW = "law", _("A law asks to keep it")
        SECURITY = "security", _("An inquiry into security or abuse needs it")
        IDENTITY = "identity", _("Who asked could not be confirmed")

    job = models.ForeignKey(DeletionJob, models.CASCADE, related_name="early_decisions")
    outcome = models.CharField(max_length=6, choices=Outcome)
    basis = models.CharField(max_length=8, choices=Basis)
    reason = SealedTextField(key=ORGANIZATION, null=True)  # emptied when the organization goes
    decided_by_id = models.UUIDField()
    decided_at = models.DateTimeField(default=timezone.now)
    noticed_at = models.DateTimeField(null=True)  # the owners were told

    personal_data = PersonalData(About.MEMBERS, loose={"decided_by_id": _STAFF}, kept=PROOF, subject=FREE_TEXT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="refuse") | ~Q(basis="asked"), name="early_refusal_has_a_ground"
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome} on {self.job_id}"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Lists of approvals."""

    def waiting(self) -> Self:
        """Asked for, and not answered."""
        return self.filter(state=Approval.State.WAITING)


class Approval(Kept):
    """An act that destroys, asked for by one member of staff and allowed by another. The database keeps them apart."""

    class Act(models.TextChoices):
        RUN_NOW = "run_now", "Run now, before the grace ends"

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a second person"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    job = models.ForeignKey(DeletionJob, models.CASCADE, related_name="approvals")
    act = models.CharField(max_length=8, choices=Act)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_by_id = models.UUIDField()
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects = ApprovalQuerySet.as_manager()

    personal_data = PersonalData(About.NOBODY, loose={"asked_by_id": _STAFF, "decided_by_id": _STAFF}, kept=PROOF)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by_id=None) | ~Q(decided_by_id=F("asked_by_id")), name="approval_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by_id=None)
                | (~Q(state="waiting") & Q(decided_by_id__isnull=False)),
                name="approval_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["job", "act"], condition=Q(state="waiting"), name="approval_asked_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"
