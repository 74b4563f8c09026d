"""AccessEvent: one line of the access log, written before what it tells of leaves the house."""

from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.personal_data import About, Erased, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import ORGANIZATION
from accounts.tenancy.append_only import AppendOnly
from accounts.tenancy.owned import Kept
from accounts.tenancy.policy import TenantPolicy

BY_ID = "the id of a user only; the name is looked up when it is shown"
KEPT = "ACCESS_LOG_DAYS, 400 unless it is set: then behind a signed checkpoint"

REVIEW = "privacy:review_access_log"  # the page whose line is the statement of a review


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    """Lists of events."""

    def reviews(self) -> Self:
        """Those that state that somebody reviewed the log: links of its own chain, like every line."""
        return self.filter(page=REVIEW, verb=AccessEvent.Verb.CHANGE)

    def about(self, thing_id: UUID) -> Self:
        """Those in which this thing was opened, or stood in a list."""
        return self.filter(models.Q(object_id=thing_id) | models.Q(object_ids__contains=[thing_id]))


class AccessEvent(Kept):
    """Who saw or changed what, when, from where, for which purpose. Ids only: names are looked up when it is shown.

    It outlives its organization and its people; erasing a person breaks no chain, because nobody is named.
    """

    class Verb(models.TextChoices):
        READ = "read", _("Opened")
        LIST = "list", _("Listed")
        SEARCH = "search", _("Searched")
        DOWNLOAD = "download", _("Downloaded")
        PRINT = "print", _("Printed")
        EXPORT = "export", _("Exported")
        CHANGE = "change", _("Changed")

    class Purpose(models.TextChoices):
        WORK = "work", _("Work at the desk")
        REQUEST = "request", _("A person's request")
        SUPPORT = "support", _("Support")
        SECURITY = "security", _("Security")
        LAW = "law", _("Law")
        OPERATE = "operate", _("The operator's desk")

    organization_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now(), editable=False)  # the clock of the database
    user_id = models.UUIDField(null=True)  # None: a task
    verb = models.CharField(max_length=8, choices=Verb)
    page = models.CharField(max_length=60)  # the name of the address, as in urls.py
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.WORK)
    grant_id = models.UUIDField(null=True)  # staff reads under one
    object_id = models.UUIDField(null=True)  # what was opened: a ticket, a contact, an original
    object_ids = ArrayField(models.UUIDField(), default=list)  # what else stood there: rows of a list, files
    amount = models.PositiveIntegerField(default=0)  # how many things; an export names no single one
    ip = SealedTextField(key=ORGANIZATION, null=True)

    objects = AccessEventQuerySet.as_manager()

    personal_data = PersonalData(
        About.MEMBERS,
        {"page": "the name of an address of the program", "object_ids": "ids, in a type that holds no words"},
        origin=Origin.USAGE,
        subject=BY_ID,
        loose={
            "user_id": "who it was, whom it outlives",
            "grant_id": "the grant under which staff looked in",
            "object_id": "what was opened, which it outlives",
        },
        kept=KEPT,
        erased=Erased.KEPT,
        unexported="names nobody; a person is told what the log says of them (privacy, access)",
    )

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "-at", "-id"], name="access_of_organization"),
            models.Index(fields=["organization_id", "user_id", "-at"], name="access_of_person"),
            models.Index(fields=["organization_id", "object_id", "-at"], name="access_to_thing"),
            models.Index(fields=["-at", "-id"], name="access_newest"),
            models.Index(fields=["organization_id", "-at"], condition=models.Q(verb="export"), name="access_exports"),
            models.Index(fields=["organization_id", "-at"], condition=models.Q(page=REVIEW), name="access_reviews"),
            models.Index(fields=["grant_id"], condition=~models.Q(grant_id=None), name="access_under_grant"),
        ]
        constraints = [
            TenantPolicy(name="tenant_accounts_accessevent", grant="SELECT, INSERT"),
            AppendOnly(name="append_only_accessevent"),
        ]

    def __str__(self) -> str:
        return f"access {self.pk}"
