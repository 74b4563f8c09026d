"""What people type about promises."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization


class CloseForm(forms.Form):
    """Closing an account: the company's name, typed by hand, so that nobody closes it in passing."""

    name = forms.CharField(max_length=200, label=_("Type the company's name"), widget=forms.TextInput)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """Take whose name is expected."""
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.fields["name"].help_text = organization.name
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}

    def clean_name(self) -> str:
        """Compare it, without caring about case and spaces."""
        typed = str(self.cleaned_data["name"])
        if _plain(typed) != _plain(self.organization.name):
            raise forms.ValidationError(_("This is not the name of the company."))
        return typed


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
