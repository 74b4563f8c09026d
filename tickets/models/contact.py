"""Contact: the person outside who writes."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Owned
from accounts.personal_data import DERIVED, KEYED, About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.places import ORGANIZATION
from tickets.models.company import Company

CONTACTS_END = "until 30 days after the last mailbox they wrote to was disconnected"


class Contact(Owned):
    """A person who writes to this organization; the same person elsewhere is another contact."""

    name = SealedTextField(key=ORGANIZATION, blank=True, default="")
    is_name_chosen = models.BooleanField(default=False)  # by a colleague: later mail leaves it as it is
    company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="contacts")
    is_company_chosen = models.BooleanField(default=False)  # likewise: no domain decides it any more
    fields = SealedJSONField(key=ORGANIZATION, null=True)  # values of custom fields (tickets.custom_fields)
    restricted_at = models.DateTimeField(null=True)  # only stored from then on (Art. 18); nobody works with it
    withheld_count = models.PositiveIntegerField(default=0)  # mails since, stored and not opened
    blocked_at = models.DateTimeField(null=True)  # all addresses, those to come included
    # What it was has gone over to that one; the row stays for undoing. tickets/contacts/access.py leaves it out.
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="merged_contacts")
    created_at = models.DateTimeField(default=timezone.now)  # known since; of imported mail: when it was written
    # Stands for whoever wrote the tickets that a retention rule made anonymous; one for all of them, and no person.
    is_nobody = models.BooleanField(default=False)

    personal_data = PersonalData(About.CONTACTS, origin=Origin.MAILBOX, mailbox="tickets__mailbox", kept=CONTACTS_END)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_nobody=True), name="one_nobody_in_an_organization"
            )
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class ContactAddress(Owned):
    """An address of a contact, found by its digest."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    address = SealedTextField(key=ORGANIZATION)
    digest = models.BinaryField(max_length=16)
    domain_digest = models.BinaryField(max_length=16, null=True)  # of what stands after the @
    is_primary = models.BooleanField(default=False)  # chosen by a colleague; else the oldest comes first
    bounced_at = models.DateTimeField(null=True)  # mail of ours was refused for good, and nothing came since
    blocked_at = models.DateTimeField(null=True)  # what comes from it is kept as spam
    created_at = models.DateTimeField(auto_now_add=True)

    personal_data = PersonalData(
        About.CONTACTS,
        {"digest": KEYED, "domain_digest": KEYED},
        origin=Origin.MAILBOX,
        mailbox="contact__tickets__mailbox",
        digests=("digest",),
        kept=CONTACTS_END,
    )

    class Meta:
        verbose_name_plural = "contact addresses"
        constraints = [
            models.UniqueConstraint(fields=["organization", "digest"], name="address_of_one_contact"),
            models.UniqueConstraint(fields=["contact"], condition=Q(is_primary=True), name="one_primary_address"),
        ]
        indexes = [
            # Few of many; the composer asks for them with every ticket.
            models.Index(
                fields=["organization", "digest"],
                condition=models.Q(bounced_at__isnull=False),
                name="address_that_bounced",
            ),
            models.Index(fields=["organization", "domain_digest"], name="address_by_domain"),
        ]

    def __str__(self) -> str:
        return f"address {self.pk}"


class ContactCode(Owned):
    """A keyed code by which a contact is found: of the first letters of a word in its name or its addresses."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="codes")
    code = models.BinaryField(max_length=8)

    personal_data = PersonalData(
        About.CONTACTS,
        {"code": KEYED},
        origin=Origin.MAILBOX,
        mailbox="contact__tickets__mailbox",
        kept=CONTACTS_END,
        unexported=DERIVED,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "code", "contact"], name="contact_code_once")]

    def __str__(self) -> str:
        return f"code {self.pk}"
