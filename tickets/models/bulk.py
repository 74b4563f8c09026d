"""BulkChange: something done to tickets at once, with what was before, so that it can be taken back."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from tickets.models.ticket import Ticket

UNDO_FOR = timedelta(minutes=10)


class BulkChangeQuerySet(models.QuerySet["BulkChange"]):
    """Lists of changes."""

    def unfinished(self) -> Self:
        """Those with work left, forward or back."""
        return self.filter(Q(finished_at=None) | Q(undone_at__isnull=False, taken_back_at=None))


class BulkChange(Owned):
    """One thing done to some tickets by one member, its progress, and whether it was taken back."""

    class Verb(models.TextChoices):
        ASSIGN = "assign", "Assign"
        TEAM = "team", "Give to a team"
        TAG = "tag", "Tag"
        PRIORITY = "priority", "Set the priority"
        SNOOZE = "snooze", "Snooze"
        CLOSE = "close", "Close"
        REOPEN = "reopen", "Open again"
        SPAM = "spam", "Spam"
        NOT_SPAM = "not_spam", "Not spam"

    by = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    verb = models.CharField(max_length=8, choices=Verb)
    details = models.JSONField(default=dict)  # whom, which, until when
    query = models.JSONField(null=True)  # of "all that match": the list, until its tickets are written down
    is_too_much = models.BooleanField(default=False)  # the list held more than one change may touch
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # looked at
    changed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    taken_back = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)  # the last step; one that has not moved has no worker
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)  # when that was asked for
    taken_back_at = models.DateTimeField(null=True)  # when all of it was

    objects = BulkChangeQuerySet.as_manager()

    personal_data = PersonalData(
        About.MEMBERS,
        {"details": "ids, numbers and times", "query": "ids and words of ours, as of a saved view"},
        origin=Origin.USAGE,
    )

    class Meta:
        indexes = [
            models.Index(fields=["moved_at"], condition=Q(finished_at=None), name="bulk_change_under_way"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"

    @property
    def is_running(self) -> bool:
        """Return whether there is work left, forward or back."""
        return self.finished_at is None or (self.undone_at is not None and self.taken_back_at is None)

    @property
    def can_be_undone(self) -> bool:
        """Return whether it is early enough to take it back."""
        recent = self.finished_at is None or timezone.now() - self.finished_at < UNDO_FOR
        return self.undone_at is None and recent


class BulkTicket(Owned):
    """A ticket of a change, and what it was like before and after."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CHANGED = "changed", "Changed"
        SAME = "same", "As it was"
        REFUSED = "refused", "Refused"
        TAKEN_BACK = "back", "Taken back"
        KEPT = "kept", "Changed by somebody since"

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="tickets", db_index=False)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    personal_data = PersonalData(
        About.MEMBERS, {"before": "ids, states, numbers and times", "after": "ids, states, numbers and times"}
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "ticket"], name="ticket_once_in_a_bulk_change")]
        indexes = [models.Index(fields=["change", "state", "id"], name="bulk_tickets_left")]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"
