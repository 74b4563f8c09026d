"""RetentionRule: how long an organization keeps things; its changes are instructions, each run leaves a report."""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization
from accounts.personal_data import About, Origin, PersonalData
from accounts.tenancy.owned import Owned

INSTRUCTION = "with the organization: what it told us to do, and what was done"


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    """Lists of rules."""

    def in_force(self) -> Self:
        """Those that run: switched on, and what they would delete was confirmed."""
        return self.filter(is_enabled=True, confirmed_at__isnull=False)


class RetentionRule(Owned):
    """What is deleted or made anonymous, and how long after what. One of each kind in an organization."""

    class Kind(models.TextChoices):
        FILES = "files", _("Attachments")
        SPAM = "spam", _("Spam")
        CLOSED = "closed", _("Closed tickets")
        CONTACTS = "contacts", _("Contacts without tickets")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        MONTHS = "months", _("months")

    class Does(models.TextChoices):
        DELETE = "delete", _("Delete")
        ANONYMISE = "anonymise", _("Make anonymous: keep numbers and times, no word and no person")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="retention_rules")
    kind = models.CharField(max_length=8, choices=Kind)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=6, choices=Unit, default=Unit.MONTHS)
    does = models.CharField(max_length=9, choices=Does, default=Does.DELETE)
    is_enabled = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)  # when an admin last agreed to what it would delete
    created_at = models.DateTimeField(default=timezone.now)

    objects = RetentionRuleQuerySet.as_manager()

    personal_data = PersonalData(About.NOBODY, origin=Origin.ACCOUNT, kept=INSTRUCTION)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind"], name="one_retention_rule_of_a_kind"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="retention_is_never_nothing"),
            models.CheckConstraint(
                condition=~Q(does="anonymise") | Q(kind="closed"), name="only_closed_tickets_become_anonymous"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def before(self, now: datetime) -> datetime:
        """Return the moment before which things are due at `now`: calendar months, the last day of a shorter one."""
        return back(now, self.amount, self.unit)


class RetentionChange(Owned):
    """An instruction: who changed which rule, when, from what to what, and how much was due at that moment."""

    rule = models.ForeignKey(RetentionRule, models.CASCADE, related_name="changes")
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField()
    before = models.JSONField(null=True)  # None: the rule is new
    after = models.JSONField()
    agreed_to = models.PositiveIntegerField(null=True)  # what the admin was told would be due; None: not asked

    personal_data = PersonalData(
        About.MEMBERS,
        {"before": "numbers and words of ours", "after": "numbers and words of ours"},
        origin=Origin.ACCOUNT,
        kept=INSTRUCTION,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "version"], name="retention_change_version")]

    def __str__(self) -> str:
        return f"version {self.version} of {self.rule_id}"


class RetentionRun(Owned):
    """The report of one run of one rule."""

    rule = models.ForeignKey(RetentionRule, models.CASCADE, related_name="runs")
    version = models.PositiveIntegerField()  # of the instruction it followed
    due_before = models.DateTimeField()
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # the last batch; one that has not moved was killed, and the next run goes on
    finished_at = models.DateTimeField(null=True)
    found = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)  # left out, under a legal hold
    failed = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # app.Model or "files" -> how many went
    errors = models.JSONField(default=list)  # [id, name of the error], the first of them
    files_due = models.JSONField(default=list)  # [ids of a file] of rows that are gone: removed next

    personal_data = PersonalData(
        About.NOBODY,
        {
            "counts": "names of tables and numbers",
            "errors": "ids and names of errors, never their text",
            "files_due": "ids",
        },
        origin=Origin.ACCOUNT,
        kept=INSTRUCTION,
    )

    class Meta:
        indexes = [models.Index(fields=["rule", "-started_at"], name="runs_of_a_rule")]

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def is_finished(self) -> bool:
        """Return whether it came to its end."""
        return self.finished_at is not None


def back(now: datetime, amount: int, unit: str) -> datetime:
    """Return the moment that many days or calendar months before, at the same time of day here."""
    local = timezone.localtime(now)
    if unit == RetentionRule.Unit.DAYS:
        return now - timedelta(days=amount)
    year, month = divmod(local.year * 12 + local.month - 1 - amount, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return timezone.make_aware(local.replace(year=year, month=month + 1, day=day, tzinfo=None), local.tzinfo)
