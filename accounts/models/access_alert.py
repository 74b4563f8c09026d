"""AccessAlert: a rule over the access log that fired."""

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.access_event import BY_ID, KEPT
from accounts.personal_data import About, Origin, PersonalData
from accounts.tenancy.owned import Kept
from accounts.tenancy.policy import TenantPolicy


class AccessAlertQuerySet(models.QuerySet["AccessAlert"]):
    """Lists of alerts."""

    def unseen(self) -> Self:
        """Those nobody has looked at."""
        return self.filter(looked_at=None)


class AccessAlert(Kept):
    """Something in the log that a person should look at; once for each rule, person and window of time."""

    class Rule(models.TextChoices):
        MANY = "many", _("Very many tickets within an hour")
        ODD_HOURS = "hours", _("At an unusual hour")
        EXPORT = "export", _("An export")
        GRANT = "grant", _("The operator's staff came in")
        NO_GRANT = "no_grant", _("The operator's staff was turned away")
        BROKEN = "broken", _("The log itself does not verify")

    organization_id = models.UUIDField()
    rule = models.CharField(max_length=8, choices=Rule)
    user_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now(), editable=False)
    window = models.DateTimeField()  # the hour or night it is about: told once
    amount = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    looked_by_id = models.UUIDField(null=True)  # the user who did

    objects = AccessAlertQuerySet.as_manager()

    personal_data = PersonalData(
        About.MEMBERS,
        origin=Origin.USAGE,
        subject=BY_ID,
        loose={"user_id": "whom the rule noticed", "looked_by_id": "who looked at it"},
        kept=KEPT,
        unexported="names nobody; a person is told what the log says of them (privacy, access)",
    )

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "-at"], name="access_alert_newest"),
            models.Index(fields=["-at", "-id"], name="access_alert_all"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "rule", "user_id", "window"],
                nulls_distinct=False,
                name="access_alert_once",
            ),
            TenantPolicy(name="tenant_accounts_accessalert", grant="SELECT, INSERT, UPDATE"),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"
