"""AccessGrant: break glass. The operator's staff sees an organization's content only under one, and not for long."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.access_event import BY_ID, KEPT
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import ORGANIZATION
from accounts.tenancy.owned import Kept
from accounts.tenancy.policy import TenantPolicy

LONGEST = timedelta(hours=8)


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    """Lists of grants."""

    def active(self, at: datetime | None = None) -> Self:
        """Those under which somebody may look in now."""
        now = at or timezone.now()
        return self.filter(begins_at__lte=now, ends_at__gt=now, revoked_at=None)


class AccessGrant(Kept):
    """A reason for a member of staff to look into one organization, with its clock and those who agreed."""

    class Purpose(models.TextChoices):
        SECURITY = "security", _("Security")
        SUPPORT = "support", _("Support")
        LAW = "law", _("Law")

    organization_id = models.UUIDField()
    staff_id = models.UUIDField()
    purpose = models.CharField(max_length=8, choices=Purpose)
    reason = SealedTextField(key=ORGANIZATION, null=True)  # emptied when the organization goes
    hours = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    needs_second = models.BooleanField(default=False)  # another member of staff agrees: for law
    second_id = models.UUIDField(null=True)
    needs_admin = models.BooleanField(default=False)  # the organization asked to agree first
    admin_id = models.UUIDField(null=True)  # the membership that agreed
    begins_at = models.DateTimeField(null=True)  # once everybody agreed; the clock runs from here
    ends_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)  # by an admin, by staff, or refused
    revoked_by_id = models.UUIDField(null=True)

    objects = AccessGrantQuerySet.as_manager()

    personal_data = PersonalData(
        About.MEMBERS,
        origin=Origin.USAGE,
        subject=BY_ID,
        loose={
            "staff_id": "the operator's member of staff",
            "second_id": "who of the staff agreed",
            "admin_id": "the member who agreed",
            "revoked_by_id": "who ended it",
        },
        kept=KEPT,
        unexported="about the operator's staff; the organization reads it on its page",
    )

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "-asked_at"], name="access_grant_newest"),
            models.Index(fields=["staff_id", "organization_id", "ends_at"], name="access_grant_of_staff"),
        ]
        constraints = [
            TenantPolicy(name="tenant_accounts_accessgrant", grant="SELECT, UPDATE"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=8), name="access_grant_hours"),
            models.CheckConstraint(
                condition=Q(begins_at=None, ends_at=None) | Q(ends_at__lte=F("begins_at") + LONGEST),
                name="access_grant_ends",
            ),
            models.CheckConstraint(condition=~Q(second_id=F("staff_id")), name="access_grant_second"),
            models.CheckConstraint(
                condition=Q(begins_at=None)
                | (
                    (Q(needs_second=False) | Q(second_id__isnull=False))
                    & (Q(needs_admin=False) | Q(admin_id__isnull=False))
                ),
                name="access_grant_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Return whether somebody has still to agree."""
        return self.begins_at is None and self.revoked_at is None

    @property
    def is_active(self) -> bool:
        """Return whether staff may look in now."""
        now = timezone.now()
        return bool(not self.revoked_at and self.begins_at and self.begins_at <= now < (self.ends_at or now))

    @property
    def waits_for(self) -> set[str]:
        """Return who has still to agree: "second", "admin"."""
        if not self.is_waiting:
            return set()
        waiting: dict[str, tuple[bool, UUID | None]] = {
            "second": (self.needs_second, self.second_id),
            "admin": (self.needs_admin, self.admin_id),
        }
        return {who for who, (needed, given) in waiting.items() if needed and given is None}
