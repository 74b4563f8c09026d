"""LegalHold: what must not be erased yet, and why; HeldItem: what was put aside for it; HoldEvent: its history."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.personal_data import FREE_TEXT, About, Erased, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.files import SealedFile
from accounts.sealing.places import HOLD
from accounts.tenancy.owned import Kept
from privacy.holds.files import HeldFile

REVIEW_WITHIN = timedelta(days=180)  # promised: no hold goes on for longer without somebody looking at it
GONE_WITHIN = timedelta(hours=72)  # promised: after the release, what was due goes within this


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    """Lists of holds."""

    def active(self) -> Self:
        """Those that hold."""
        return self.filter(released_at=None)

    def released(self) -> Self:
        """Those that hold no more."""
        return self.filter(released_at__isnull=False)

    def to_purge(self) -> Self:
        """Released ones whose copies are still there."""
        return self.released().filter(purged_at=None)

    def due_for_review(self, now: datetime) -> Self:
        """Active ones that somebody has to look at."""
        return self.active().filter(review_at__lte=now)


class LegalHold(Kept):
    """Keeps a ticket, a contact, a mailbox or a whole organization from being erased, for a reason and until a review.

    It outlives what it keeps and its organization; its words are sealed under a key of its own.
    """

    class Scope(models.TextChoices):
        TICKET = "ticket", _("A ticket")
        CONTACT = "contact", _("A contact")
        MAILBOX = "mailbox", _("A mailbox")
        ORGANIZATION = "organization", _("The whole organization")

    class Basis(models.TextChoices):
        CLAIM = "claim", _("Legal claims: to bring them, or to answer them")
        ORDER = "order", _("Order of a court or an authority")
        DUTY = "duty", _("A law that asks to keep it")
        INQUIRY = "inquiry", _("An inquiry that is under way")

    scope = models.CharField(max_length=12, choices=Scope)
    target_id = models.UUIDField()  # the ticket, contact, mailbox or organization
    number = models.PositiveIntegerField(null=True)  # of a ticket, to speak of it when it is gone
    title = SealedTextField(key=HOLD, default="")  # what it was called when the hold was placed
    basis = models.CharField(max_length=8, choices=Basis)
    reason = SealedTextField(key=HOLD)
    is_operators = models.BooleanField(default=False)  # placed by the operator's data protection officer
    placed_at = models.DateTimeField()
    placed_by_id = models.UUIDField()  # the user
    reviewer_id = models.UUIDField()  # the user who has to look at it
    reviewed_at = models.DateTimeField()  # last looked at; first when it was placed
    review_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)  # when its reviewer was last written to about that
    released_at = models.DateTimeField(null=True)
    released_by_id = models.UUIDField(null=True)
    release_reason = SealedTextField(key=HOLD, default="")
    items_key_id = models.UUIDField(default=uuid7)  # names the key of its copies, which ends before that of its words
    purged_at = models.DateTimeField(null=True)  # after the release: its copies and their key are gone
    words_ended_at = models.DateTimeField(null=True)  # and the key of its words

    objects = LegalHoldQuerySet.as_manager()

    personal_data = PersonalData(
        About.BOTH,
        subject=FREE_TEXT,
        loose={
            "target_id": "what it keeps, and may outlive",
            "placed_by_id": "the user, whom it outlives",
            "reviewer_id": "likewise",
            "released_by_id": "likewise",
            "items_key_id": "the key of its copies, in the vault",
        },
        kept="its dates for good; its words until their key is destroyed after the release",
        erased=Erased.KEPT,
        unexported="the organization reads its holds in the console; who is held may not be told by an export",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(review_at__lte=F("reviewed_at") + REVIEW_WITHIN), name="hold_reviewed_within_180_days"
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by_id=None, purged_at=None)
                | Q(released_at__isnull=False, released_by_id__isnull=False),
                name="hold_released_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id"], condition=Q(released_at=None), name="hold_active"),
            models.Index(fields=["review_at"], condition=Q(released_at=None), name="hold_to_review"),
            models.Index(fields=["-released_at", "review_at", "-id"], name="hold_in_order"),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"

    @property
    def hold_key_id(self) -> UUID:
        """Return whose key seals its words: its own."""
        return self.pk

    @property
    def is_active(self) -> bool:
        """Return whether it holds."""
        return self.released_at is None

    @property
    def gone_by(self) -> datetime | None:
        """Return when what was due is gone at the latest, once it is released."""
        return self.released_at + GONE_WITHIN if self.released_at else None


class HeldItem(Kept):
    """A row that went with its mailbox or organization, put aside before under the key of the hold."""

    class FileState(models.TextChoices):
        NONE = "none", "No file"
        DUE = "due", "To be copied"
        KEPT = "kept", "Copied"
        LOST = "lost", "There was none any more"

    hold = models.ForeignKey(LegalHold, models.CASCADE, related_name="items")
    place = models.CharField(max_length=80)  # app.Model
    row_id = models.UUIDField()
    ticket_id = models.UUIDField(null=True, db_index=True)
    mailbox_id = models.UUIDField(null=True)
    job_id = models.UUIDField(db_index=True)  # the DeletionJob for which it was put aside
    hold_key_id = models.UUIDField()
    at = models.DateTimeField(auto_now_add=True)
    content = SealedJSONField(key=HOLD, compress=True)  # column -> value
    is_readable = models.BooleanField(default=True)  # False: the row could not be opened, and nothing was saved
    file_state = models.CharField(max_length=4, choices=FileState, default=FileState.NONE)

    personal_data = PersonalData(
        About.BOTH,
        {"place": "the name of a table of the program"},
        files={"file": HOLD},
        subject=FREE_TEXT,
        loose={
            "row_id": "the row that was put aside, and is gone",
            "ticket_id": "the ticket of that row",
            "mailbox_id": "the mailbox of that row",
            "job_id": "the deletion for which it was put aside",
            "hold_key_id": "the key of the hold's copies, in the vault",
        },
        kept="as long as the hold, and up to 72 hours after its release",
        unexported="what is put aside is opened to the hold role only",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row_id", "hold"], name="held_once_for_a_hold")]
        indexes = [models.Index(fields=["job_id"], condition=Q(file_state="due"), name="held_file_due")]

    def __str__(self) -> str:
        return f"held {self.pk}"

    @property
    def file(self) -> SealedFile:
        """Return where the copy of its file lives."""
        return HeldFile(self.organization_id, HOLD, self.hold_key_id, self.pk)


class HoldEvent(Kept):
    """One line of the history of a hold: what was done or read, when, by whom."""

    class Verb(models.TextChoices):
        PLACED = "placed", _("Placed")
        REVIEWED = "reviewed", _("Reviewed: goes on")
        SECURED = "secured", _("Put aside before a deletion")
        READ = "read", _("Read")
        RELEASED = "released", _("Released")
        PURGED = "purged", _("What was put aside is deleted")

    hold = models.ForeignKey(LegalHold, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=8, choices=Verb)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)  # the user; None: by itself
    is_operators = models.BooleanField(default=False)  # done by the operator's staff
    item_id = models.UUIDField(null=True)  # what was read
    count = models.PositiveIntegerField(null=True)  # how many were put aside or deleted
    review_at = models.DateTimeField(null=True)  # of placed and reviewed: the next review

    personal_data = PersonalData(
        About.MEMBERS,
        subject="by_id",
        loose={"by_id": "the user who did it, whom it outlives", "item_id": "what was opened"},
        kept="for good: the proof of what was kept, and who looked",
        erased=Erased.KEPT,
    )

    class Meta:
        indexes = [models.Index(fields=["hold", "at"], name="event_of_hold")]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"
