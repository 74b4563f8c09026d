"""The form by which the operator's officer places a hold: all by number and id, as the officer's desk has no names."""

from typing import Any

from django import forms

from accounts.errors import ActionRefused
from accounts.models import Organization
from mailbox.models import Mailbox
from privacy.hold_forms import day_field
from privacy.models import LegalHold
from tickets.models import Contact, Ticket

Scope = LegalHold.Scope


class OfficerHoldForm(forms.Form):
    """Whose, what, on which basis, why and until when."""

    organization = forms.ModelChoiceField(
        Organization.objects.all(), to_field_name="slug", widget=forms.TextInput, help_text="Its address: acme"
    )
    scope = forms.ChoiceField(choices=Scope.choices)
    target = forms.CharField(
        required=False, help_text="The number of a ticket, or the id of a contact or mailbox; empty: the organization"
    )
    basis = forms.ChoiceField(choices=LegalHold.Basis.choices)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    review_on = day_field(help_text="Within 180 days")

    def found(self) -> Ticket | Contact | Mailbox | Organization:
        """Return what is to be kept; inside the organization's scope."""
        organization, asked = self.cleaned_data["organization"], self.cleaned_data["target"].strip()
        scope = self.cleaned_data["scope"]
        if scope == Scope.ORGANIZATION:
            return organization
        model: Any = {Scope.TICKET: Ticket, Scope.CONTACT: Contact, Scope.MAILBOX: Mailbox}[Scope(scope)]
        which: dict[str, Any] = {"number": asked} if scope == Scope.TICKET else {"pk": asked}
        try:
            found = model.objects.filter(organization=organization, **which).first()
        except (ValueError, forms.ValidationError):
            found = None
        if found is None:
            raise ActionRefused("There is no such ticket, contact or mailbox in this organization.")
        return found
