"""CustomField: what an organization wants to know of its tickets or contacts beside what mail tells."""

from typing import Any, Self

from django.db import models

from accounts.models import Owned
from accounts.personal_data import FREE_TEXT, KEYED, About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.places import ORGANIZATION


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    """Fields in the order in which they are asked."""

    def of_tickets(self) -> Self:
        """Those of tickets."""
        return self.filter(subject=CustomField.Subject.TICKET).order_by("position", "pk")

    def of_contacts(self) -> Self:
        """Those of contacts."""
        return self.filter(subject=CustomField.Subject.CONTACT).order_by("position", "pk")

    def in_use(self) -> Self:
        """Those that are still asked for."""
        return self.filter(retired_at=None)


class CustomField(Owned):
    """One field, of tickets or of contacts; its values are sealed on the rows that have them (tickets.fields)."""

    class Subject(models.TextChoices):
        TICKET = "ticket", "Tickets"
        CONTACT = "contact", "Contacts"

    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        CHOICE = "choice", "One of several"
        DATE = "date", "Date"

    subject = models.CharField(max_length=7, choices=Subject, default=Subject.TICKET)
    kind = models.CharField(max_length=6, choices=Kind)
    name = SealedTextField(key=ORGANIZATION)
    name_digest = models.BinaryField(max_length=16)
    choices = SealedJSONField(key=ORGANIZATION, null=True)  # of kind choice: the words, in their order
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)  # no longer asked for; values that were given stay
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomFieldQuerySet.as_manager()

    personal_data = PersonalData(About.BOTH, {"name_digest": KEYED}, origin=Origin.ACCOUNT, subject=FREE_TEXT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "subject", "name_digest"], name="custom_field_name_once")
        ]

    def __str__(self) -> str:
        return f"field {self.pk}"

    @property
    def is_retired(self) -> bool:
        """Return whether it is no longer asked for."""
        return self.retired_at is not None

    @property
    def words(self) -> list[str]:
        """Return what can be chosen."""
        listed: Any = self.choices or []
        return [str(word) for word in listed]
