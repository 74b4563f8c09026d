"""DeletionJob: the tracked work of erasing, from the request to the certificate."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from accounts.personal_data import About, Erased, PersonalData
from accounts.tenancy.owned import Kept

PROOF = "always: the proof of a deletion, which names nobody"


class DeletionJobQuerySet(models.QuerySet["DeletionJob"]):
    """Lists of jobs."""

    def unfinished(self) -> Self:
        """Neither certified nor cancelled."""
        return self.exclude(state__in=[DeletionJob.State.CERTIFIED, DeletionJob.State.CANCELLED])


class DeletionJob(Kept):
    """The erasing of a mailbox, an organization, a contact, or of a set that a retention rule chose.

    It outlives what it erases, and so holds ids, times and counts only.
    """

    class Scope(models.TextChoices):
        MAILBOX = "mailbox", "A mailbox"
        ORGANIZATION = "organization", "An organization"
        CONTACT = "contact", "A contact"
        RULE = "rule", "What a retention rule chose"

    class State(models.TextChoices):
        GRACE = "grace", "Can be undone"
        RUNNING = "running", "Running"
        PLANNED = "planned", "Running by its plan"  # row by row, as a request decided; no step of the engine takes it
        VERIFIED = "verified", "Verified"  # nothing is left; the certificate follows
        CERTIFIED = "certified", "Certified"
        CANCELLED = "cancelled", "Cancelled"

    class Cause(models.TextChoices):
        DISCONNECTED = "disconnected", "An admin disconnected the mailbox"
        REVOKED = "revoked", "The permission was taken back at the provider"
        CLOSED = "closed", "The account was closed"
        REQUESTED = "requested", "A person asked"
        RULED = "ruled", "A retention rule"

    scope = models.CharField(max_length=12, choices=Scope)
    target_id = models.UUIDField()  # the mailbox, organization, contact or retention rule
    cause = models.CharField(max_length=12, choices=Cause)
    state = models.CharField(max_length=9, choices=State, default=State.GRACE)
    requested_by_id = models.UUIDField(null=True)  # the member; None: the provider, a rule or the operator
    requested_at = models.DateTimeField()  # the clock of 30 days counts from here
    run_after = models.DateTimeField()  # the end of the grace
    due_at = models.DateTimeField()  # promised: gone by then
    started_at = models.DateTimeField(null=True)
    key_destroyed_at = models.DateTimeField(null=True)  # the point of no return
    verified_at = models.DateTimeField(null=True)
    certified_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by_id = models.UUIDField(null=True)  # the member who undid it, or who said that nothing was withdrawn
    alarmed_at = models.DateTimeField(null=True)  # day 25, and not finished
    notices_sent = models.PositiveSmallIntegerField(default=0)  # of a permission taken back: how often admins were told
    waits_for = models.CharField(max_length=200, blank=True, default="")  # why it cannot go on now, in our words
    worked_at = models.DateTimeField(null=True)  # the last batch

    objects = DeletionJobQuerySet.as_manager()

    personal_data = PersonalData(
        About.NOBODY,
        {"waits_for": "one of our own sentences about a step, without a name in it"},
        loose={
            "target_id": "what it erases, and outlives",
            "requested_by_id": "the member, whom it outlives",
            "cancelled_by_id": "likewise",
        },
        kept=PROOF,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "target_id"],
                condition=~Q(state__in=["certified", "cancelled"]),
                name="deletion_job_unfinished_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["run_after"], condition=~Q(state__in=["certified", "cancelled"]), name="deletion_job_unfinished"
            ),
            models.Index(fields=["-due_at", "-id"], name="deletion_job_by_date"),
        ]

    def __str__(self) -> str:
        return f"deletion {self.pk}"

    @property
    def is_finished(self) -> bool:
        """Return whether nothing more happens."""
        return self.state in {self.State.CERTIFIED, self.State.CANCELLED}

    @property
    def can_be_undone(self) -> bool:
        """Return whether the keys still exist and nothing was erased."""
        return self.state == self.State.GRACE

    def step(self, name: str) -> "DeletionStep":
        """Return the step of that name, made when it is first asked for."""
        return DeletionStep.objects.get_or_create(
            job=self, name=name, defaults={"organization_id": self.organization_id}
        )[0]

    @property
    def mailbox_id(self) -> UUID | None:
        """Return the mailbox it erases, where it erases one."""
        return self.target_id if self.scope == self.Scope.MAILBOX else None


class DeletionStep(Kept):
    """One step of a job: waiting, running, done; how far it is."""

    job = models.ForeignKey(DeletionJob, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=20)
    done_count = models.PositiveBigIntegerField(default=0)
    total_count = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    personal_data = PersonalData(About.NOBODY, {"name": "one of the names in privacy/deletion/order.py"}, kept=PROOF)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="deletion_step_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.job_id}"


class DeletionCount(Kept):
    """What a job found and left in one place of the inventory: a table, the files, the index, Redis."""

    job = models.ForeignKey(DeletionJob, models.CASCADE, related_name="counts")
    place = models.CharField(max_length=80)  # app.Model, or files, redis
    before = models.PositiveBigIntegerField(default=0)
    deleted = models.PositiveBigIntegerField(default=0)
    held = models.PositiveBigIntegerField(default=0)  # left out, under a legal hold
    after = models.PositiveBigIntegerField(null=True)  # counted again at the end; None: not yet

    personal_data = PersonalData(About.NOBODY, {"place": "the name of a table or store of the program"}, kept=PROOF)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "place"], name="deletion_count_once")]

    def __str__(self) -> str:
        return f"{self.place} of {self.job_id}"


class DeletionTarget(Kept):
    """A person whom a job is to delete, noted while the rows that tell it are still there; gone when it is verified."""

    job = models.ForeignKey(DeletionJob, models.CASCADE, related_name="targets")
    place = models.CharField(max_length=80)  # tickets.Contact or accounts.User
    row_id = models.UUIDField()

    personal_data = PersonalData(
        About.NOBODY,
        {"place": "the name of a table of the program"},
        loose={"row_id": "the contact or user, who is deleted next"},
        kept="until its job is verified",
        erased=Erased.DELETED,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "place", "row_id"], name="deletion_target_once")]

    def __str__(self) -> str:
        return f"target of {self.job_id}"
