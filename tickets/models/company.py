"""Company: where contacts work, known by the domains of its mail."""

from django.db import models
from django.utils import timezone

from accounts.models import Owned
from accounts.personal_data import FREE_TEXT, KEYED, About, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import ORGANIZATION


class Company(Owned):
    """A company that contacts belong to; two may have the same name, and a domain belongs to one."""

    name = SealedTextField(key=ORGANIZATION)
    name_digest = models.BinaryField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)

    personal_data = PersonalData(About.CONTACTS, {"name_digest": KEYED}, origin=Origin.ACCOUNT, subject=FREE_TEXT)

    class Meta:
        verbose_name_plural = "companies"
        indexes = [models.Index(fields=["organization", "name_digest"], name="company_by_name")]

    def __str__(self) -> str:
        return f"company {self.pk}"


class CompanyDomain(Owned):
    """A mail domain of a company: who writes from it for the first time is taken for one of its people."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="domains")
    domain = SealedTextField(key=ORGANIZATION)
    digest = models.BinaryField(max_length=16)

    personal_data = PersonalData(About.CONTACTS, {"digest": KEYED}, origin=Origin.ACCOUNT, subject=FREE_TEXT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="domain_of_one_company")]

    def __str__(self) -> str:
        return f"domain {self.pk}"
