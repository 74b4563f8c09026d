"""What is kept about contacts and companies: remarks of colleagues, the history of changes, and merges."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.places import ORGANIZATION
from tickets.models.company import Company
from tickets.models.contact import CONTACTS_END, Contact


class ContactNote(Owned):
    """A remark about a contact, for colleagues who may see the contact."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="notes")
    author = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    text = SealedTextField(key=ORGANIZATION)
    at = models.DateTimeField(default=timezone.now)

    personal_data = PersonalData(
        About.BOTH, origin=Origin.MAILBOX, mailbox="contact__tickets__mailbox", kept=CONTACTS_END
    )

    class Meta:
        indexes = [models.Index(fields=["contact", "-at"], name="note_about_contact")]

    def __str__(self) -> str:
        return f"contact note {self.pk}"


class ContactEvent(Owned):
    """One line of the history of a contact or a company: what a colleague changed, when, and what it was before."""

    class Verb(models.TextChoices):
        MADE = "made", "Added"
        IMPORTED = "imported", "Came from a file"
        RENAMED = "renamed", "Name changed"
        COMPANY_CHANGED = "company", "Company changed"
        ADDRESS_ADDED = "address_added", "Address added"
        ADDRESS_REMOVED = "address_removed", "Address removed"
        PRIMARY_CHANGED = "primary", "Main address changed"
        DOMAINS_CHANGED = "domains", "Domains changed"
        FIELD_CHANGED = "field", "Field changed"
        BLOCKED = "blocked", "Blocked"
        UNBLOCKED = "unblocked", "Unblocked"
        MERGED = "merged", "Took in another contact"
        UNMERGED = "unmerged", "Gave another contact back"

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="events")
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="events")
    verb = models.CharField(max_length=16, choices=Verb)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    details = SealedJSONField(key=ORGANIZATION)  # before and after, as a person reads them
    at = models.DateTimeField(default=timezone.now)

    personal_data = PersonalData(
        About.BOTH, origin=Origin.MAILBOX, mailbox="contact__tickets__mailbox", kept=CONTACTS_END
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(contact=None, company__isnull=False) | Q(contact__isnull=False, company=None),
                name="contact_event_is_about_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


class ContactMerge(Owned):
    """Two contacts that became one: which rows moved and what the survivor was, so that it can be taken back."""

    survivor = models.ForeignKey(Contact, models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    moved = SealedJSONField(key=ORGANIZATION, compress=True)  # ids of the rows; the fields of the survivor before
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        About.BOTH, origin=Origin.MAILBOX, mailbox="survivor__tickets__mailbox", kept=CONTACTS_END
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="contact_merged_once")
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"
