"""RequestLetter: a letter of a case to the person, in the person's language."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import CASE
from privacy.models.data_subject_request import CASES_KEPT, OF_A_CASE
from privacy.models.request_record import OfRequest


class RequestLetter(OfRequest):
    """What the person is told. An organization's leaves through its mailbox's outbox, the operator's as service mail.

    It is a row first: a letter that finds no mailbox waits and is shown, and a second try never sends a second copy.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        QUESTION = "question", _("Question")
        EXTENSION = "extension", _("Two months more")
        REFUSAL = "refusal", _("Refusal")
        PACKAGE = "package", _("The package")
        NOTHING = "nothing", _("Nothing found")
        RECTIFICATION = "rectification", _("Corrected")
        ERASURE = "erasure", _("Erased")
        RESTRICTION = "restriction", _("Restricted")
        LIFTING = "lifting", _("Before a restriction ends")
        OBJECTION = "objection", _("Objection")
        WITHDRAWAL = "withdrawal", _("Withdrawal")
        REFERRAL = "referral", _("Whom to ask instead")
        TAKEN_BACK = "taken_back", _("Taken back")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to leave")
        SENT = "sent", _("Left")
        FAILED = "failed", _("Did not leave")

    kind = models.CharField(max_length=13, choices=Kind)
    language = models.CharField(max_length=7, choices=settings.LANGUAGES)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    subject = SealedTextField(key=CASE)
    text = SealedTextField(key=CASE, compress=True)
    address = SealedTextField(key=CASE)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    outbound_id = models.UUIDField(null=True)  # the OutboundEmail; no reference, its mailbox may be deleted
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        About.BOTH,
        origin=Origin.ACCOUNT,
        subject=OF_A_CASE,
        loose={"outbound_id": "the mail in the outbox, which may go before the letter"},
        kept=CASES_KEPT,
    )

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["organization", "created_at"], condition=Q(state="waiting"), name="letter_waiting"),
            models.Index(fields=["outbound_id"], name="letter_of_outbound"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} letter {self.pk}"
