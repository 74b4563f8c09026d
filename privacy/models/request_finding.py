"""RequestFinding: one place where something of the person stands, and what is to become of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import CASE
from privacy.models.data_subject_request import CASES_KEPT, OF_A_CASE
from privacy.models.request_record import OfRequest


class RequestFinding(OfRequest):
    """A row of the inventory that is about the person: which, in which role, and what was decided about it."""

    class Role(models.TextChoices):
        OWN = "own", _("Written by the person")
        RECORD = "record", _("Kept about the person")
        NAMED = "named", _("Address or name in the headers of somebody else's mail")
        QUOTED = "quoted", _("Quoted in somebody else's mail")
        MENTIONED = "mentioned", _("Address or name in somebody else's words")
        PERHAPS = "perhaps", _("Free text that may name the person")
        FILE = "file", _("A file of the person's")
        FILE_NAME = "file_name", _("Name in the name of somebody else's file")
        LOG = "log", _("In a log")

    class Decision(models.TextChoices):
        OPEN = "open", _("To be decided")
        INCLUDE = "include", _("Give")
        EXCLUDE = "exclude", _("Leave out")
        DELETE = "delete", _("Delete")
        REDACT = "redact", _("Black out")
        KEEP = "keep", _("Keep")
        RESTRICT = "restrict", _("Restrict, under a legal hold")

    model = models.CharField(max_length=60)
    row_id = models.UUIDField()
    ticket_id = models.UUIDField(null=True)
    role = models.CharField(max_length=9, choices=Role)
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.OPEN)
    reason = SealedTextField(key=CASE, blank=True, default="")
    excerpt = SealedTextField(key=CASE, blank=True, default="")  # of free text: the words around
    decided_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)  # carried out

    personal_data = PersonalData(
        About.CONTACTS,
        {"model": "the name of one of our tables"},
        origin=Origin.ACCOUNT,
        subject=OF_A_CASE,
        loose={
            "row_id": "the row that was found, or what a log tells of; it may be erased",
            "ticket_id": "its ticket, likewise",
        },
        kept=CASES_KEPT,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "model", "row_id", "role"], name="finding_once")]
        indexes = [models.Index(fields=["request", "role", "decision"], name="finding_of_request")]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"
