"""Forms about people and organizations: they check shape, actions decide."""

import zoneinfo
from typing import Any

from allauth.account.forms import SignupForm as LibrarySignupForm
from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization, User


class OneLine(forms.CharField):
    """Text on one line: any run of blanks becomes one space, so that it can stand in the head of a mail."""

    def to_python(self, value: Any) -> str:
        """Return the text on one line."""
        return " ".join(str(super().to_python(value) or "").split())


class ZoneField(forms.CharField):
    """The zone a browser says it lives in (static/js/zone.js); what is no zone counts as nothing said."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        """Ask for nothing: without a script it stays empty."""
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the zone, or the house's own."""
        said = str(super().clean(value) or "")
        return said if said in dict(zones()) else settings.TIME_ZONE


class SignupForm(LibrarySignupForm):
    """Name, organization, e-mail, password. The organization is founded once the address is verified."""

    name = OneLine(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    organization = OneLine(
        label=_("Organization"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    time_zone = ZoneField()
    field_order = ["name", "organization", "email", "password1"]

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Take as long for an address that has an account as for a new one."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Remember what to found; the password was typed just now, so it is not asked for again at once."""
        user.founding = self.cleaned_data["organization"]
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["founding", "time_zone"])
        record_authentication(request, user, "password")


class JoinForm(forms.Form):
    """What an invited person without an account brings."""

    name = OneLine(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    time_zone = ZoneField()

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        """Take the address, so that the password is not a piece of it."""
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """Refuse what is short, common or close to name and address."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, User(email=self.email))
        return password


class InviteForm(forms.Form):
    """An address and a role this member may give."""

    email = forms.EmailField(label=_("Work e-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), initial=Membership.Role.AGENT)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        """Offer the roles this member may give."""
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(by)  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(choices=Membership.Role)


class ProfileForm(forms.ModelForm):
    """A person's own settings."""

    name = OneLine(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Appearance"), choices=User.Theme)
    uses_keys = forms.BooleanField(
        label=_("Single letters do something"),
        required=False,
        help_text=_("Turn this off if you speak to your computer, or press letters by accident. Ctrl+K works always."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme", "uses_keys"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the zones people live in."""
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zones()  # type: ignore[attr-defined]


class OrganizationForm(forms.ModelForm):
    """What holds for the whole desk."""

    name = OneLine(label=_("Name"), max_length=120)

    class Meta:
        model = Organization
        fields = ["name", "language", "requires_mfa", "reopen_days"]
        labels = {
            "language": _("Language of mails to your colleagues"),
            "requires_mfa": _("Everybody needs a second step"),
            "reopen_days": _("Days in which an answer reopens a closed ticket"),
        }
        help_texts = {
            "requires_mfa": _("Owners and admins always need one."),
            "reopen_days": _("A later answer opens a new ticket that is linked to the old one."),
        }


def role_choices(by: Membership) -> list[tuple[str, str]]:
    """Return the roles this member may give, as a choice."""
    return [(value, str(label)) for value, label in Membership.Role.choices if value in by.roles_to_give]


def zones() -> list[tuple[str, str]]:
    """Return the time zones of the world, by name."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    names = sorted(name for name in zoneinfo.available_timezones() if name.startswith(areas) or name == "UTC")
    return [(name, name.replace("_", " ")) for name in names]
