"""Organization: the customer company."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.personal_data import About, Origin, PersonalData
from accounts.tenancy.policy import TenantPolicy

# First words of addresses that are ours; an organization of that name would hide a page.
_OURS = """
    account accounts admin api app assets blog control dpo favicon healthz help home i18n invitation legal login logout
    mail mailbox metrics oauth pictures privacy readyz security service settings signin signup static status
    support trust www
"""
RESERVED_SLUGS = frozenset(_OURS.split())


class Organization(models.Model):
    """A customer company: whose mailboxes, tickets and contacts these are."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(
        max_length=50, unique=True, validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Use a-z, 0-9 and hyphens."))]
    )
    language = models.CharField(max_length=7, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    requires_mfa = models.BooleanField(default=False)  # of agents too; owners and admins always need it
    reopen_days = models.PositiveSmallIntegerField(default=30)  # a later answer opens a new, linked ticket
    first_steps_ended_at = models.DateTimeField(null=True, blank=True)  # put away by an admin: tickets.first_steps
    approves_grants = models.BooleanField(default=False)  # the operator's staff looks in only after an admin agreed
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    personal_data = PersonalData(
        About.NOBODY,
        {
            "name": "the company's name, shown where no key is open yet: in the list of desks, to staff",
            "slug": "the company's address here, made from its name",
        },
        origin=Origin.ACCOUNT,
    )

    class Meta:
        ordering = ["name"]
        constraints = [TenantPolicy(name="tenant_accounts_organization", column="id", grant="SELECT, UPDATE")]

    def __str__(self) -> str:
        return self.name
