"""What people write about contacts and companies."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import OneLine
from tickets.contacts.columns import KINDS, MAX_NAME, MAX_NOTE
from tickets.contacts.domains import domains_in

MAX_ADDRESS = 254


class AddressForm(forms.Form):
    """One more address of a contact."""

    address = OneLine(
        label=_("E-mail address"),
        max_length=MAX_ADDRESS,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
    )


class NewContactForm(AddressForm):
    """Somebody who never wrote."""

    name = OneLine(label=_("Name"), max_length=MAX_NAME, required=False)
    field_order = ["name", "address"]


class ContactForm(forms.Form):
    """What a contact is called, and where the person works."""

    name = OneLine(label=_("Name"), max_length=MAX_NAME, required=False)
    company = OneLine(
        label=_("Company"),
        max_length=MAX_NAME,
        required=False,
        help_text=_("A new name makes a new company. Empty means none, whatever the address says."),
        widget=forms.TextInput(attrs={"list": "companies", "autocomplete": "off"}),
    )
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)  # the last change that was shown


class ContactNoteForm(forms.Form):
    """A remark for colleagues."""

    text = forms.CharField(label=_("Note"), max_length=MAX_NOTE, strip=True, widget=forms.Textarea(attrs={"rows": 2}))


class CompanyForm(forms.Form):
    """A company: its name, and the domains its people write from."""

    name = OneLine(label=_("Name"), max_length=MAX_NAME)
    domains = forms.CharField(
        label=_("Mail domains"),
        max_length=8000,
        required=False,
        strip=True,
        help_text=_("One a line, such as northlight.example. Who writes from one of them becomes its contact."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def clean_domains(self) -> list[str]:
        """Return the domains; the first piece that is none is named."""
        good, bad = domains_in(self.cleaned_data["domains"])
        if bad:
            raise ValidationError(_("“%(text)s” is not a domain."), params={"text": bad[0][:80]})
        return good


class UploadForm(forms.Form):
    """A file of contacts."""

    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}))


class ColumnsForm(forms.Form):
    """What stands in each column of a sheet."""

    def __init__(self, *args: Any, head: Sequence[str], chosen: dict[str, str], **kwargs: Any) -> None:
        """Offer every kind for every column, as chosen or guessed before."""
        super().__init__(*args, **kwargs)
        for number, title in enumerate(head):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=title or _("Column %(number)d") % {"number": number + 1},
                choices=list(KINDS.items()),
                required=False,
                initial=chosen.get(str(number), ""),
            )

    def columns(self) -> dict[str, str]:
        """Return the kind of each column that is not left out, by its number."""
        return {name.partition("_")[2]: kind for name, kind in self.cleaned_data.items() if kind}
