"""Event: one line of a ticket's history."""

from django.db import models
from django.utils import timezone

from accounts.models import Membership, Owned, Team
from accounts.personal_data import About, PersonalData
from mailbox.models import Mailbox
from tickets.models.custom_field import CustomField
from tickets.models.ticket import Ticket


class Event(Owned):
    """What was done, when, by whom; ids, states and counts only, so it is plain."""

    class Verb(models.TextChoices):
        OPENED = "opened", "Opened"
        REOPENED = "reopened", "Reopened"
        ANSWERED = "answered", "Answered"
        ASSIGNED = "assigned", "Assigned"
        UNASSIGNED = "unassigned", "Given back"
        RELEASED = "released", "Taken from who may no longer see it"
        CLOSED = "closed", "Closed"
        SEND_FAILED = "send_failed", "Not sent"
        BOUNCED = "bounced", "Could not be delivered"
        ALSO_CAME = "also_came", "Came through another mailbox too"
        MERGED = "merged", "Merged into another ticket"
        ABSORBED = "absorbed", "Took in another ticket"
        UNMERGED = "unmerged", "Taken out of another ticket again"
        GAVE_BACK = "gave_back", "Gave another ticket its mails back"
        SPLIT = "split", "Split"
        SPLIT_OFF = "split_off", "Split off from another ticket"
        REFILED = "refiled", "Read after another try"
        LINKED = "linked", "Linked with another ticket"
        DUPLICATES = "duplicates", "Marked as a duplicate of another ticket"
        DUPLICATED_BY = "duplicated_by", "Has a duplicate"
        UNLINKED = "unlinked", "No longer linked with another ticket"
        MOVED = "moved", "Moved from another mailbox"
        FIELD_CHANGED = "field_changed", "A field was changed"
        STATE_RESTORED = "state_restored", "Put back as it was"
        PRIORITIZED = "prioritized", "Given a priority"
        SNOOZED = "snoozed", "Snoozed"
        WOKEN = "woken", "Woken"
        SPAM = "spam", "Called spam"
        NOT_SPAM = "not_spam", "Called no spam"
        UNDONE = "undone", "Taken back"
        SCHEDULED = "scheduled", "An answer waits for its time"
        HELD = "held", "An answer was held back"
        TAKEN_BACK = "taken_back", "An answer was taken back"
        FORWARDED = "forwarded", "Passed on"
        WRITTEN = "written", "Opened by a mail of ours"
        FILES_REMOVED = "files_removed", "Attachments removed by a retention rule"
        FILE_RELEASED = "file_released", "An infected file may be opened"
        ANONYMISED = "anonymised", "Words and people removed by a retention rule"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=16, choices=Verb)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    assignee = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")  # of assigned, released
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")  # of assigned, released
    other = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")  # of merging, splitting, linking
    mailbox = models.ForeignKey(Mailbox, models.SET_NULL, null=True, related_name="+")  # of also_came, moved
    field = models.ForeignKey(CustomField, models.SET_NULL, null=True, related_name="+")  # of field_changed
    priority = models.PositiveSmallIntegerField(null=True)  # of prioritized
    until = models.DateTimeField(null=True)  # of snoozed
    at = models.DateTimeField(default=timezone.now)  # of imported mail: when it was written

    personal_data = PersonalData(About.MEMBERS)

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="event_in_ticket")]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"
