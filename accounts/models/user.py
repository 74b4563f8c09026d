"""User: a person who signs in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import PROFILE
from accounts.tenancy.policy import OWN_ORGANIZATION, TenantPolicy

_COLLEAGUES = f"id IN (SELECT user_id FROM accounts_membership WHERE organization_id = {OWN_ORGANIZATION})"  # noqa: S608 - constants of ours


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the sign-in."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save a new user; without a password nobody can sign in until one is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save a member of the operator's staff with every right in Django admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of that address, whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: a member of organizations, or staff of the operator (never both)."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)  # plain, as the sign-in library keeps it (DESIGN 2b)
    name = SealedTextField(key=PROFILE, blank=True, default="")
    language = models.CharField(max_length=7, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    time_zone = models.CharField(max_length=64, default=settings.TIME_ZONE)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    uses_keys = models.BooleanField(default=True)  # single letters do something (WCAG 2.1.4)
    has_second_step = models.BooleanField(default=False)  # follows the sign-in library's table: accounts.receivers
    founding = SealedTextField(key=PROFILE, blank=True, default="")  # an organization, once verified
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]

    personal_data = PersonalData(
        About.MEMBERS,
        {
            "email": "sign-in address: the sign-in library looks it up as text; volume encryption covers it",
            "password": "Argon2id hash",
            "time_zone": "the name of a zone",
        },
        origin=Origin.ACCOUNT,
        kept="while the person has a place in an organization, or works for the operator",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            TenantPolicy(name="tenant_accounts_user", using=_COLLEAGUES, grant="SELECT"),
        ]

    def __str__(self) -> str:
        return str(self.pk)  # never a name or an address: this text reaches logs

    @property
    def profile_id(self) -> Any:
        """Return whose key seals the profile: the person's own."""
        return self.pk

    @property
    def display_name(self) -> str:
        """Return the name, or the part of the address before the @."""
        return self.name or self.email.partition("@")[0]

    @property
    def initials(self) -> str:
        """Return one or two letters for the avatar."""
        words = [word for word in self.display_name.replace(".", " ").split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"
