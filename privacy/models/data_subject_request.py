"""DataSubjectRequest: a person's request under data protection law, from the day it came to its closing letter."""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization, Owned
from accounts.personal_data import HASHED, KEYED, About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.places import CASE
from privacy.rights.clock import Clock

CASES_KEPT = "until three years after it was closed: the proof that it was answered"
OF_A_CASE = "the person of the case, by the address that is sealed in it"


class RequestQuerySet(models.QuerySet["DataSubjectRequest"]):
    """Lists of requests."""

    def unfinished(self) -> Self:
        """Neither answered nor refused nor taken back."""
        return self.filter(closed_at=None)

    def of_the_operator(self) -> Self:
        """Those about people who sign in, which the operator answers itself."""
        return self.filter(queue=DataSubjectRequest.Queue.OPERATOR)

    def soonest(self) -> Self:
        """In the order in which they are due; those that stand still come last."""
        stands = models.Case(models.When(paused_at=None, then=0), default=1, output_field=models.IntegerField())
        return self.order_by(stands, "due_at", "pk")


class DataSubjectRequest(Owned):
    """One right of one person. Contacts ask their organization; people who sign in ask the operator.

    What is written in a case is sealed under a key of its own: an organization's below its key, the operator's below
    the root. It ends with the case's own retention, whatever else of the person was erased before.
    """

    class Queue(models.TextChoices):
        OPERATOR = "operator", _("The operator")
        ORGANIZATION = "organization", _("The organization")

    class Right(models.TextChoices):
        ACCESS = "access", _("A copy of the data (Art. 15)")
        RECTIFICATION = "rectification", _("Correction (Art. 16)")
        ERASURE = "erasure", _("Erasure (Art. 17)")
        RESTRICTION = "restriction", _("Restriction (Art. 18)")
        PORTABILITY = "portability", _("Data to take along (Art. 20)")
        OBJECTION = "objection", _("Objection (Art. 21)")
        WITHDRAWAL = "withdrawal", _("Withdrawal of consent (Art. 7)")

    class Source(models.TextChoices):
        FORM = "form", _("The form")
        MAIL = "mail", _("A mail")
        HAND = "hand", _("Entered by hand")
        ACCOUNT = "account", _("The person's account")

    class Identity(models.TextChoices):
        OPEN = "open", _("Not checked yet")
        ASKED = "asked", _("Asked")
        CONFIRMED = "confirmed", _("Confirmed")
        FAILED = "failed", _("Not this person")

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        PARTLY = "partly", _("Done in part")
        NOTHING = "nothing", _("Nothing found")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken_back", _("Taken back by the person")

    # None: the operator's queue. Then no organization ever sees the row.
    organization = models.ForeignKey(  # type: ignore[assignment]
        Organization, models.CASCADE, null=True, blank=True, related_name="privacy_requests"
    )
    queue = models.CharField(max_length=12, choices=Queue)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()  # counted within queue and year
    right = models.CharField(max_length=13, choices=Right)
    source = models.CharField(max_length=7, choices=Source)
    language = models.CharField(max_length=7, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    # name, address, and every other address that is surely the same person's: {"name", "address", "more": []}
    person = SealedJSONField(key=CASE)
    said = SealedTextField(key=CASE, compress=True, blank=True, default="")  # in the person's own words
    asks = SealedJSONField(key=CASE, null=True)  # what the right needs: the correct name, the purpose objected to
    address_digest = models.BinaryField(max_length=16, null=True)
    contact_id = models.UUIDField(null=True)  # no reference: the contact may be erased
    ticket_id = models.UUIDField(null=True)  # of the mail it came with, likewise
    mailbox_id = models.UUIDField(null=True)  # through which letters leave, likewise
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="privacy_requests")

    token_hash = models.BinaryField(max_length=32, null=True)  # of the link in the receipt, which proves the address
    identity = models.CharField(max_length=9, choices=Identity, default=Identity.OPEN)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    extended_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)  # since when the clock stands still
    paused = models.DurationField(default=timedelta)  # how long it stood still before
    reason = SealedTextField(key=CASE, blank=True, default="")  # of the extension, or of the refusal
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    looking_since = models.DateTimeField(null=True)  # the finder is at work, and moved then
    stage = models.CharField(max_length=12, blank=True, default="")  # how far it is: privacy.rights.finding.stages
    bookmark = models.UUIDField(null=True)  # up to which row of that stage; no reference
    found_at = models.DateTimeField(null=True)  # it has looked everywhere
    inventory = models.CharField(max_length=16, blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    job_id = models.UUIDField(null=True)  # the DeletionJob

    objects = RequestQuerySet.as_manager()

    personal_data = PersonalData(
        About.BOTH,
        {
            "address_digest": KEYED,
            "token_hash": HASHED,
            "inventory": "a fingerprint of our own list of tables, as the finder knew it",
            "stage": "the name of a stage of the finder",
        },
        origin=Origin.ACCOUNT,
        subject=OF_A_CASE,
        digests=("address_digest",),
        loose={
            "contact_id": "the contact, who may be erased before the case is",
            "ticket_id": "the ticket it came with, likewise",
            "mailbox_id": "the mailbox its letters leave by, which may be disconnected",
            "bookmark": "up to which row the finder has come",
            "job_id": "the DeletionJob that carries an erasure out",
        },
        kept=CASES_KEPT,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year", "number"], nulls_distinct=False, name="request_number_in_its_queue"
            ),
            models.CheckConstraint(
                condition=Q(queue="operator", organization=None) | Q(queue="organization", organization__isnull=False),
                name="request_has_its_queue",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="request_closed_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "due_at"], condition=Q(closed_at=None), name="request_unfinished"),
            models.Index(fields=["organization", "address_digest"], name="request_by_address"),
            models.Index(fields=["token_hash"], name="request_by_token"),
            models.Index(fields=["-closed_at", "due_at", "-id"], name="request_in_order"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def case_id(self) -> UUID:
        """Return whose key seals it: its own."""
        return self.pk

    @property
    def case_number(self) -> str:
        """Return what people say: 2026-031."""
        return f"{self.year}-{self.number:03}"

    @property
    def clock(self) -> Clock:
        """Return its clock, as of what is settled: a pause that goes on counts once it has ended."""
        return Clock(self.received_at, self.extended_at is not None, self.paused)

    @property
    def is_of_organization(self) -> bool:
        """Return whether an organization answers it."""
        return self.queue == self.Queue.ORGANIZATION

    @property
    def is_closed(self) -> bool:
        """Return whether it was answered for good."""
        return self.closed_at is not None

    @property
    def is_paused(self) -> bool:
        """Return whether its clock stands still, until a question about who asks is answered."""
        return self.paused_at is not None

    @property
    def is_confirmed(self) -> bool:
        """Return whether we know that the person asks."""
        return self.identity == self.Identity.CONFIRMED

    @property
    def name(self) -> str:
        """Return what the person is called, or nothing."""
        return str(self.person.get("name", ""))

    @property
    def address(self) -> str:
        """Return where letters go."""
        return str(self.person.get("address", ""))

    @property
    def addresses(self) -> list[str]:
        """Return every address that is known to be the person's."""
        named: list[Any] = [self.address, *self.person.get("more", [])]
        return list(dict.fromkeys(str(one) for one in named if one))

    def is_late(self, now: datetime | None = None) -> bool:
        """Return whether its time is over and it is not answered."""
        return not self.is_closed and not self.is_paused and (now or timezone.now()) > self.due_at
