"""What was done with a request: its history, questions to the person, and what shows who asks."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization, Owned
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.files import SealedFile
from accounts.sealing.places import CASE
from privacy.models.data_subject_request import CASES_KEPT, OF_A_CASE, DataSubjectRequest


class OfRequest(Owned):
    """A row of a case: of its organization, or the operator's, and sealed under the case's key."""

    organization = models.ForeignKey(  # type: ignore[assignment]
        Organization, models.CASCADE, null=True, related_name="+"
    )
    request = models.ForeignKey(DataSubjectRequest, models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True

    @property
    def case_id(self) -> UUID:
        """Return whose key seals it."""
        return self.request_id


class RequestEvent(OfRequest):
    """One line of a case: what was done, when, by whom. Nothing changes or removes a line."""

    class Verb(models.TextChoices):
        RECEIVED = "received", _("The request came in")
        FORWARDED = "forwarded", _("Forwarded")
        CHANGED = "changed", _("What is asked for was changed")
        QUESTION = "question", _("A question was sent")
        ANSWER = "answer", _("The question was answered")
        PAUSED = "paused", _("The clock stopped")
        RESUMED = "resumed", _("The clock goes on")
        CONFIRMED = "confirmed", _("It is the person")
        DOUBTED = "doubted", _("It is not the person")
        EXTENDED = "extended", _("Two months more")
        REMINDED = "reminded", _("Reminded")
        LATE = "late", _("The time is over")
        LOOKED = "looked", _("Everything was looked through")
        DECIDED = "decided", _("A place was decided")
        PACKED = "packed", _("The package is ready")
        FETCHED = "fetched", _("The package was opened")
        EXPIRED = "expired", _("The package is gone")
        APPROVED = "approved", _("The plan was approved")
        STARTED = "started", _("Erasing began")
        ERASED = "erased", _("Erased")
        RECTIFIED = "rectified", _("Corrected")
        RESTRICTED = "restricted", _("Restricted")
        ANNOUNCED = "announced", _("The end of the restriction was announced")
        LIFTED = "lifted", _("The restriction ended")
        OBJECTED = "objected", _("Stopped for the purpose objected to")
        WITHDRAWN = "withdrawn", _("The consent was withdrawn")
        LETTER = "letter", _("A letter left")
        NOT_SENT = "not_sent", _("A letter could not leave")
        REFUSED = "refused", _("Refused")
        CLOSED = "closed", _("Closed")
        NOTED = "noted", _("Noted")

    verb = models.CharField(max_length=10, choices=Verb)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    day = models.SmallIntegerField(null=True)  # of reminded: which alarm
    details = SealedTextField(key=CASE, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    personal_data = PersonalData(About.BOTH, origin=Origin.ACCOUNT, subject=OF_A_CASE, kept=CASES_KEPT)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "day"], condition=Q(day__isnull=False), name="request_reminded_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


class RequestQuestion(OfRequest):
    """A question to the person. Only one about who asks stops the clock, and only while it is not answered."""

    is_about_identity = models.BooleanField(default=False)
    text = SealedTextField(key=CASE)
    answer = SealedTextField(key=CASE, blank=True, default="")
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    personal_data = PersonalData(About.BOTH, origin=Origin.ACCOUNT, subject=OF_A_CASE, kept=CASES_KEPT)

    class Meta:
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"question {self.pk}"


class IdentityEvidence(OfRequest):
    """What shows that it is the person who asks, or that it is not: in words, with a file where one was needed."""

    class Way(models.TextChoices):
        ADDRESS = "address", _("Opened the link in a mail to that address")
        MAIL = "mail", _("Wrote from an address we know, and the provider vouches for it")
        ACCOUNT = "account", _("Was signed in")
        DOCUMENT = "document", _("Showed a document")
        KNOWLEDGE = "knowledge", _("Knew what only the person knows")
        OTHER = "other", _("Otherwise")

    way = models.CharField(max_length=9, choices=Way)
    is_the_person = models.BooleanField()
    text = SealedTextField(key=CASE, blank=True, default="")
    details = SealedJSONField(key=CASE, null=True)  # of a file: name, content_type
    size = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    personal_data = PersonalData(
        About.BOTH, files={"file": CASE}, origin=Origin.ACCOUNT, subject=OF_A_CASE, kept=CASES_KEPT
    )

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"evidence {self.pk}"

    @property
    def file(self) -> SealedFile:
        """Return where the file lies, if there is one."""
        return SealedFile(self.organization_id or UUID(int=0), CASE, self.case_id, self.pk)

    @property
    def file_name(self) -> str:
        """Return what the file is called; nothing where there is none."""
        details: dict[str, Any] = self.details or {}
        return str(details.get("name", ""))
