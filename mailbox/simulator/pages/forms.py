"""What people fill in on the customer's pages."""

import mimetypes
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from mailbox.simulator.mail.writing import File, read_addresses
from mailbox.simulator.models import Account

MOST_BYTES = 25 * 1024 * 1024


class FilesInput(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files, ready to attach; together at most 25 MB as real mail programs allow."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        """The files that were chosen."""
        chosen: list[UploadedFile] = [entry for entry in (data if isinstance(data, list) else [data]) if entry]
        if sum(entry.size or 0 for entry in chosen) > MOST_BYTES:
            raise forms.ValidationError("Together the files are larger than 25 MB.")
        return [File(entry.name or "file", entry.content_type or _guess(entry), entry.read()) for entry in chosen]


def _guess(entry: UploadedFile) -> str:
    return mimetypes.guess_type(entry.name or "")[0] or "application/octet-stream"


class AddressesField(forms.CharField):
    """One or more addresses, with or without names."""

    def clean(self, value: Any) -> list[tuple[str, str]]:
        """The addresses; refuses a field that holds none but should."""
        text = super().clean(value)
        found = read_addresses(text)
        if text.strip() and not found:
            raise forms.ValidationError("This is not an e-mail address.")
        return found


class WriteForm(forms.Form):
    """A mail."""

    to = AddressesField(label="To")
    cc = AddressesField(label="Cc", required=False)
    subject = forms.CharField(required=False, max_length=300)
    text = forms.CharField(label="Text", required=False, strip=False)
    kind = forms.ChoiceField(choices=[("plain", "Plain text"), ("html", "With HTML")], required=False)
    quote_like = forms.ChoiceField(choices=[("gmail",) * 2, ("outlook",) * 2, ("none",) * 2], required=False)
    attachments = FilesField(required=False)


class PersonForm(forms.Form):
    """A customer to play."""

    name = forms.CharField(max_length=200)
    address = forms.EmailField(max_length=320)
    note = forms.CharField(max_length=100, required=False)

    def clean_address(self) -> str:
        """An address that no company has."""
        address = str(self.cleaned_data["address"]).lower()
        if Account.objects.filter(address=address).exclude(provider=Account.Provider.CUSTOMER).exists():
            raise forms.ValidationError("This is a company's mailbox. Choose an address for the customer.")
        return address


class ReadyForm(forms.Form):
    """A ready mail and the company it goes to."""

    company = forms.ModelChoiceField(
        Account.objects.exclude(provider=Account.Provider.CUSTOMER), to_field_name="address"
    )
    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("question", "newsletter", "away", "files", "bounce", "broken")]
    )
